"""The server below a path of a host: every link is followed through a proxy, as a crawler does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from tests.live.proxying import Proxy, proxying
from tests.live.serving import TOKEN, Server, serving, writing

PATH = "/data/samsyn"
HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MOST = 60
"""Pages that are followed, one of each kind; their links are all looked at."""
FORWARDED = (("X-Forwarded-Proto", "http"), ("X-Forwarded-Prefix", PATH))


class Links(HTMLParser):
    """Gathers where a page leads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of an element."""
        named = [value for name, value in attrs if name in {"href", "src", "action"}]
        self.found += [value for value in named if value is not None]


class _Here(HTTPRedirectHandler):
    """Does not follow redirects, which are looked at like links."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


def fetch(url: str, accept: str = HTML) -> tuple[int, dict[str, str], str]:
    """Get a document: status, headers in lower case, text."""
    request = Request(url, headers={"Accept": accept})  # noqa: S310  our own address
    try:
        with build_opener(_Here).open(request, timeout=60) as response:
            status, headers, body = response.status, response.headers, response.read()
    except HTTPError as error:
        with error:
            status, headers, body = error.code, error.headers, error.read()
    return status, {k.lower(): v for k, v in headers.items()}, body.decode("utf-8", "replace")


@pytest.fixture(scope="module", params=["set-stripped", "set-passed-on", "told"])
def proxy(request: pytest.FixtureRequest) -> Iterator[Proxy]:
    """A server below a path, which it is reported by a setting or by the proxy."""
    with proxying(PATH, strips=request.param != "set-passed-on") as shown:
        if request.param == "told":
            host = ("X-Forwarded-Host", urlsplit(shown.address).netloc)
            shown.headers = (*FORWARDED, host)
            environment = {"SAMSYN_TRUSTED_PROXIES": "127.0.0.1"}
        else:
            environment = {"SAMSYN_PUBLIC_URL": f"{shown.public}/"}
        if not shown.strips:
            # What begins like an address of the server's own, only the proxy can strip.
            shown.path = "/samsyn"
            environment = {"SAMSYN_PUBLIC_URL": shown.public}
        with serving(environment=environment) as server:
            shown.target = server.address
            yield shown


def kind(url: str) -> str:
    """Return what sort of page an address is of."""
    parts = urlsplit(url)
    path = parts.path.removeprefix("/data/samsyn").removeprefix("/samsyn")
    names = sorted(set(re.findall(r"(\w+)=", parts.query)))
    return f"{re.sub(r'(?<=.)/[^/.]+$', '/*', path)}?{'&'.join(names)}"


def test_every_link_leads_somewhere_below_the_path(proxy: Proxy) -> None:
    """From the front page on, links, forms, assets and redirects stay below the path and work."""
    waiting, seen, kinds = [f"{proxy.public}/"], set[str](), set[str]()
    broken: list[str] = []
    while waiting:
        url = waiting.pop(0)
        if kind(url) in kinds or len(seen) == MOST:
            continue
        seen.add(url)
        kinds.add(kind(url))
        status, headers, text = fetch(url)
        if status not in {200, 303, 304}:
            broken.append(f"{status} {url}")
        links = [headers["location"]] if "location" in headers else []
        links += re.findall(r"<([^>]*)>", headers.get("link", ""))
        if headers.get("content-type", "").startswith("text/html"):
            page = Links()
            page.feed(text)
            links += page.found
        for link in links:
            target = urldefrag(urljoin(url, unescape(link)))[0]
            if not target.startswith(proxy.address):
                continue
            if not target.startswith(f"{proxy.public}/"):
                broken.append(f"{url} leads out to {link}")
            else:
                waiting.append(target)
    assert broken == []
    assert len(seen) > 30
    paths = {urlsplit(url).path.removeprefix(proxy.path) for url in seen}
    assert {"/", "/static/samsyn.css", "/static/logo.svg", "/queries", "/query", "/ns",
            "/dump.nq", "/openapi.json", "/graphs", "/browse", "/scenario"} <= paths  # fmt: skip


@pytest.mark.parametrize("accept", ["text/turtle", "text/html"])
def test_a_thing_leads_to_its_document(proxy: Proxy, accept: str) -> None:
    """303 leads below the path, and there is the document."""
    status, headers, _ = fetch(f"{proxy.public}/id/network/between-agencies", accept)
    assert status == 303
    status, headers, _ = fetch(urljoin(proxy.public, headers["location"]), accept)
    assert status == 200
    assert headers["content-type"].startswith(accept)


def test_descriptions_name_the_public_address(proxy: Proxy) -> None:
    """What programs read names the address that they can reach, and it answers there."""
    _, headers, text = fetch(f"{proxy.public}/sparql", "text/turtle")
    assert f"<{proxy.public}/sparql>" in text
    for target in re.findall(r"<([^>]*)>", headers["link"]):
        assert target.startswith(f"{proxy.public}/")
        assert fetch(target, "application/json, text/turtle")[0] == 200
    _, _, text = fetch(f"{proxy.public}/openapi.json")
    assert json.loads(text)["servers"] == [{"url": proxy.public}]
    _, _, text = fetch(
        f"{proxy.public}/sparql?query=SELECT%20(%3Cx%3E%20AS%20%3Fx)%20%7B%7D&format=csv"
    )
    assert text == f"x\r\n{proxy.public}/x\r\n"
    _, _, text = fetch(f"{proxy.public}/sparql?query=ASK", "application/json")
    assert fetch(urljoin(proxy.public, json.loads(text)["type"]))[0] == 200


@pytest.mark.threat("proxy")
def test_a_client_cannot_forge_the_address(server: Server) -> None:
    """Without a trusted proxy, what a client says of host and path is in no answer, kept or new."""
    for path in ("/", "/sparql", "/query?query=ASK%7B%7D"):
        request = Request(f"{server.address}{path}", headers={  # noqa: S310  our own address
            "X-Forwarded-Host": "forged.example", "X-Forwarded-Prefix": "/forged",
            "Forwarded": "host=forged.example", "Accept": HTML})  # fmt: skip
        with build_opener().open(request, timeout=60) as response:
            assert b"forged" not in response.read()
        assert "forged" not in fetch(f"{server.address}{path}")[2]


def test_a_graph_made_by_post_is_below_the_path(
    serve: Callable[..., Server], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Location names a graph below the path, which can be read there."""
    folder = tmp_path_factory.mktemp("store")
    with proxying("/samsyn", strips=True) as proxy:
        proxy.target = serve("--public-url", proxy.public, *writing(folder)).address
        headers = {"Content-Type": "text/turtle", "Authorization": f"Bearer {TOKEN}"}
        body = b"<urn:a> <urn:b> <urn:c> ."
        request = Request(f"{proxy.public}/gsp", body, headers, method="POST")  # noqa: S310
        with build_opener().open(request, timeout=60) as response:
            place = response.headers["Location"]
        assert place.startswith(f"{proxy.public}/gsp/")
        assert "<urn:a>" in fetch(place, "application/n-triples")[2]
