"""The public address: as set, as a trusted proxy says, or as asked; and never as anybody says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from samsyn import library
from samsyn.dataset.exact import Dataset
from samsyn.errors import UsageError
from samsyn.layout import Layout
from samsyn.server.public_address import OWN, Addresses, Told, inner
from samsyn.settings import Settings
from samsyn.site.app import Application, Source

PROXIES = "127.0.0.1, 10.0.0.0/8"
FORWARDED = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "data.example",
    "X-Forwarded-Prefix": "/samsyn",
}
PAGES = ["/", "/query", "/queries/cq01", "/page/id/network/a", "/ns", "/graphs", "/browse",
         "/scenario", "/explain", "/graph/stated/networks", "/problems", "/none",
         "/query?query=SELECT+%3Fs+%7B+%3Fs+a+%3Fc+%7D"]  # fmt: skip


@pytest.fixture(scope="module")
def seen(
    small_dataset: Dataset, small_layout: Layout, client_of: Callable[..., Any]
) -> Callable[..., httpx.Response]:
    """Ask a server with some settings: ``seen(path, headers, public_url=…)``."""
    clients: dict[Settings, Any] = {}

    def ask(
        path: str, headers: dict[str, str] | None = None, method: str = "GET", **settings: str
    ) -> httpx.Response:
        made = Settings(**settings)  # type: ignore[arg-type]
        if made not in clients:
            queries = library.load(small_layout)
            clients[made] = client_of(small_dataset, made, queries=queries)
        response: httpx.Response = clients[made].request(method, path, headers=headers or {})
        return response

    return ask


def base(response: httpx.Response) -> str:
    """Return the address of the endpoint that a description names."""
    found = re.search(r"<(https?://[^>]*)/sparql>", response.text)
    assert found, response.text
    return found[1]


@pytest.mark.threat("proxy")
def test_what_nobody_trusts_changes_nothing(seen: Callable[..., httpx.Response]) -> None:
    """Forwarding headers of an untrusted client leave every answer as it is, byte by byte."""
    for path in (*PAGES, "/sparql", "/openapi.json", "/id/network/a", "/queries"):
        plain = seen(path)
        forwarded = "for=1.2.3.4;proto=https;host=evil.example"
        for forged in (FORWARDED, {"Forwarded": forwarded}):
            found = seen(path, forged)
            assert found.headers.get("location") == plain.headers.get("location")
            assert found.headers.get("link") == plain.headers.get("link")
            assert re.sub(r'"request": "\w+"', "", found.text) == re.sub(
                r'"request": "\w+"', "", plain.text
            )
        assert "evil" not in found.text


@pytest.mark.threat("proxy")
@pytest.mark.parametrize(
    ("headers", "address"),
    [
        (FORWARDED, "https://data.example/samsyn"),
        ({"X-Forwarded-Proto": "https"}, "https://samsyn.example"),
        ({"X-Forwarded-Host": "data.example:8443"}, "http://data.example:8443"),
        ({"X-Forwarded-Prefix": "/a/b/"}, "http://samsyn.example/a/b"),
        ({"Forwarded": 'for=192.0.2.1;proto=https;host="data.example:8443"'},
         "https://data.example:8443"),
        ({"Forwarded": "For=1.2.3.4; Proto=HTTPS ;Host=data.example"}, "https://data.example"),
        ({"Forwarded": "for=192.0.2.1;host=a.example, for=10.0.0.1;host=b.example"},
         "http://a.example"),
        ({"Forwarded": "host=forged.example, for=192.0.2.1;host=b.example"}, "http://b.example"),
        ({"X-Forwarded-For": "192.0.2.1, 10.0.0.1", "X-Forwarded-Host": "a.example, b.example",
          "X-Forwarded-Proto": "https, http"}, "https://a.example"),
        ({"X-Forwarded-For": "6.6.6.6, 192.0.2.1", "X-Forwarded-Host": "evil.example, b.example"},
         "http://b.example"),
        ({"X-Forwarded-Host": "evil.example, b.example"}, "http://b.example"),
        ({**FORWARDED, "Forwarded": "proto=http;host=evil.example"}, "https://data.example/samsyn"),
        ({"X-Forwarded-Host": "a/b"}, "http://samsyn.example"),
        ({"X-Forwarded-Host": "a@b"}, "http://samsyn.example"),
        ({"X-Forwarded-Proto": "javascript"}, "http://samsyn.example"),
        ({"X-Forwarded-Prefix": "//evil.example"}, "http://samsyn.example"),
        ({"X-Forwarded-Prefix": "/a/../b"}, "http://samsyn.example"),
        ({"X-Forwarded-Prefix": '/a"><script>'}, "http://samsyn.example"),
        ({"X-Forwarded-Prefix": "samsyn"}, "http://samsyn.example"),
        ({"X-Forwarded-Host": "a" * 3000}, "http://samsyn.example"),
    ],
)  # fmt: skip
def test_a_trusted_proxy_says_the_address(
    seen: Callable[..., httpx.Response], headers: dict[str, str], address: str
) -> None:
    """What a trusted proxy says counts, if it can be an address; the nearest one's word is last."""
    response = seen("/sparql", {"Accept": "text/turtle", **headers}, trusted_proxies=PROXIES)
    assert base(response) == address
    asked = "/sparql?query=SELECT+%28%3Cx%3E+AS+%3Fx%29+%7B%7D"
    for _ in range(2):
        rows = seen(asked, headers, trusted_proxies=PROXIES).json()["results"]["bindings"]
        assert rows[0]["x"]["value"] == f"{address}/x"


@pytest.mark.threat("kept-answer")
def test_what_is_kept_for_one_address_is_not_sent_to_another(
    seen: Callable[..., httpx.Response],
) -> None:
    """The cache tells addresses apart, so that nobody is sent the links of somebody else."""
    for path in ("/sparql?query=SELECT+%28%3Cx%3E+AS+%3Fx%29+%7B%7D", "/", "/openapi.json"):
        one, two = dict(FORWARDED), FORWARDED | {"X-Forwarded-Prefix": "/other"}
        first = seen(path, one, trusted_proxies=PROXIES)
        second = seen(path, two, trusted_proxies=PROXIES)
        again = seen(path, one, trusted_proxies=PROXIES)
        assert first.text == again.text != second.text
        assert first.headers["etag"] == again.headers["etag"] != second.headers["etag"]


@pytest.mark.threat("forged-address")
def test_a_set_address_is_nobody_elses_to_say(seen: Callable[..., httpx.Response]) -> None:
    """Where public_url is set, forwarding headers say nothing, no matter who sends them."""
    url = "https://set.example/path/"
    for headers in ({}, FORWARDED, {"Host": "other.example"}):
        response = seen("/sparql", {"Accept": "text/turtle", **headers}, public_url=url,
                        trusted_proxies=PROXIES)  # fmt: skip
        assert base(response) == "https://set.example/path"


@pytest.mark.parametrize("how", ["set", "told"])
@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_is_below_the_path(
    seen: Callable[..., httpx.Response], path: str, how: str
) -> None:
    """Links, forms and assets of each page stay below the path, stripped by the proxy or not."""
    settings = {"public_url": "https://data.example/samsyn"} if how == "set" else {}
    headers = {"Accept": "text/html", **(FORWARDED if how == "told" else {})}
    for asked in (path, f"/samsyn{path}"):
        response = seen(asked, headers, trusted_proxies=PROXIES, **settings)
        found = re.findall(r'(?:href|src|action)="([^"]*)"', response.text)
        assert len(found) > 5
        stray = [link for link in found if link.startswith("/") and not link.startswith("/samsyn/")]
        assert stray == []
        assert 'href="/samsyn/samsyn' not in response.text


@pytest.mark.parametrize(
    ("path", "accept", "place"),
    [
        ("/id/network/a", "text/turtle", "/samsyn/data/id/network/a"),
        ("/id/network/a?lang=sv", "text/html", "/samsyn/page/id/network/a?lang=sv"),
        ("/graph", "text/html", "/samsyn/graphs"),
        ("/", "text/turtle", "/samsyn/id/dataset/small"),
        ("/query?query=ASK%7B%7D&format=csv", "text/html", "/samsyn/sparql?"),
    ],
)
def test_every_redirect_is_below_the_path(
    seen: Callable[..., httpx.Response], path: str, accept: str, place: str
) -> None:
    """Redirects lead below the path."""
    for asked in (path, f"/samsyn{path}"):
        response = seen(asked, {"Accept": accept}, public_url="https://data.example/samsyn")
        assert response.status_code == 303
        assert response.headers["location"].startswith(place)


def test_everything_else_that_names_an_address_is_below_the_path(
    seen: Callable[..., httpx.Response],
) -> None:
    """Headers, problems, the library and the interface name addresses below the path."""
    url = "https://data.example/samsyn"
    asked = {"public_url": url}
    assert seen("/queries/cq01", **asked).headers["link"].startswith("</samsyn/queries/cq01-")
    assert seen("/doc/logo/1", **asked).headers["link"].startswith("</samsyn/data/doc/logo/1>")
    assert seen("/none", **asked).json()["type"] == "/samsyn/problems#not-found"
    assert seen("/sparql?query=ASK", **asked).json()["type"] == "/samsyn/problems#query-syntax"
    library_ = seen("/queries", **asked).json()["queries"]
    assert all(entry["url"].startswith(f"{url}/queries/") for entry in library_)
    document = json.loads(seen("/openapi.json", **asked).text)
    assert document["servers"][0]["url"] == url
    kinds = document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert "/samsyn/problems#not-found" in kinds
    assert f"<{url}/.well-known/void>" in seen("/sparql", **asked).headers["link"]


@pytest.mark.parametrize(
    ("path", "root", "found"),
    [
        ("/sparql", "/samsyn", "/sparql"),
        ("/samsyn/sparql", "/samsyn", "/sparql"),
        ("/samsyn", "/samsyn", "/"),
        ("/samsyn/", "/samsyn", "/"),
        ("/samsynx", "/samsyn", "/samsynx"),
        ("/a/b/ns", "/a/b", "/ns"),
        ("/a/ns", "/a/b", "/a/ns"),
        ("/data/id/x", "/data", "/data/id/x"),
        ("/sparql", "", "/sparql"),
        ("/samsyn/samsyn/x", "/samsyn", "/samsyn/x"),
    ],
)
def test_a_path_is_found_stripped_or_not(path: str, root: str, found: str) -> None:
    """A proxy may strip the path or pass it on; only a path of ours it has to strip."""
    assert inner(path, root) == found


def test_every_address_of_ours_is_known_by_its_beginning(small_dataset: Dataset) -> None:
    """What begins like the server's own addresses is never taken for the path of a proxy."""
    routes = Application(small_dataset, Source(Settings())).app.routes
    named = {"/dump.{suffix}": ["dump.nq"], "/dump-proposed.{suffix}": ["dump-proposed.nq"]}
    paths = [route.path for route in routes]  # type: ignore[attr-defined]
    begins = {name for path in paths for name in named.get(path, [path.split("/")[1]])}
    assert begins - {""} <= OWN
    assert {"update", "gsp", "ready", "metrics"} <= OWN


@pytest.mark.threat("proxy")
@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:5555", "192.0.2.7"),
        ("[2001:db8::1]:443", "2001:db8::/64"),
        ("2001:db8::1", "2001:db8::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("64:ff9b::c000:207", "192.0.2.7"),
        ("6.6.6.6, 192.0.2.7, 10.0.0.3", "192.0.2.7"),
        ("10.0.0.2", "127.0.0.1"),
        ("nobody", "unknown"),
        ("", "127.0.0.1"),
    ],
)
def test_clients_behind_a_proxy_are_told_apart(chain: str, client: str) -> None:
    """A client is who the first trusted proxy saw, in all the ways in which proxies write it."""
    addresses = Addresses(Settings(trusted_proxies=PROXIES))
    told = addresses.told("127.0.0.1", {b"x-forwarded-for": chain.encode()})
    assert addresses.name(told, "127.0.0.1") == client
    element = ", ".join(f'for="{part.strip()}"' for part in chain.split(",")).encode()
    told = addresses.told("127.0.0.1", {b"forwarded": element})
    assert addresses.name(told, "127.0.0.1") == client
    assert addresses.told("6.6.6.6", {b"x-forwarded-for": chain.encode()}) == Told()


@pytest.mark.parametrize(
    ("header", "entry", "last"),
    [("x-forwarded-for", "6.6.6.6", "192.0.2.1"), ("forwarded", "for=6.6.6.6", "for=192.0.2.1")],
)
def test_a_long_chain_hides_no_client(header: str, entry: str, last: str) -> None:
    """What the client wrote before it does not hide what the trusted proxy wrote last."""
    addresses = Addresses(Settings(trusted_proxies="10.0.0.1"))
    chain = ", ".join([*[entry] * 900, last])
    assert addresses.told("10.0.0.1", {header.encode(): chain.encode()}).client == "192.0.2.1"


@pytest.mark.parametrize(
    "url",
    ["https://a.example/?x=1", "https://a.example/#x", "https://a.example//b", "https://",
     "https://u@a.example", "https://a.example/../b", "https://a.example/a%20b", "ftp://a.example",
     "a.example",
     "https://a.example/a b", "https://a.example:port", "https:///path"],
)  # fmt: skip
def test_an_address_that_no_path_can_follow_is_refused(url: str) -> None:
    """What is no address, or would not make one with a path behind it, stops the start."""
    with pytest.raises(UsageError, match="public address"):
        Settings.read({}, public_url=url)


@pytest.mark.parametrize("url", ["https://a.example/", "http://[::1]:8000/a/b", "http://a/~x/"])
def test_an_address_with_a_path_is_taken(url: str) -> None:
    """A path is taken, with or without a slash at the end."""
    assert Settings.read({}, public_url=url).public_url == url
