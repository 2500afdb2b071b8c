"""The pages: whole, accessible, in two languages, and safe whatever the facts hold."""

from __future__ import annotations

import re
import tomllib
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import pytest

BROWSER = "text/html, */*;q=0.8"
EVIL = "<script>alert(1)</script>"

PAGES = (
    "/",
    "/query",
    "/query?query=ASK%7B%7D",
    "/query?query=SELEC",
    "/query?query=SELECT%20*%20%7B%20?s%20?p%20?o%20%7D",
    "/query?query=CONSTRUCT%20WHERE%20%7B%20?s%20?p%20?o%20%7D",
    "/queries",
    "/queries/cq01-networks",
    "/queries/cq02-parent",
    "/queries/cq03-counted",
    "/browse",
    "/browse/Network",
    "/graphs",
    "/graph/stated/networks",
    "/graph/inferred",
    "/ns",
    "/shapes",
    "/page/id/network/a",
    "/page/id/network/b",
    "/page/id/claim/s9-1",
    "/problems",
    "/none",
)

VOID = frozenset({"meta", "link", "input", "img", "br"})


class Asker:
    """Only a name for the fixture's type."""

    get: Any
    request: Any


class Outline(HTMLParser):
    """Reads a page: its elements with attributes, and whether they close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that the last open element closes."""
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """List the attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("lang", ["en", "sv"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_accessible(client: Asker, path: str, lang: str) -> None:
    """Every page closes its elements, and has language, title, landmarks, one h1 and labels."""
    page = client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}", BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    outline = Outline(page.text)
    assert not outline.faults
    assert not outline.open
    assert outline.all("html")[0]["lang"] == lang
    for tag in ("title", "main", "header", "footer", "h1"):
        assert outline.all(tag), tag
    assert len(outline.all("h1")) == 1
    assert all(nav.get("aria-label") for nav in outline.all("nav"))
    assert all("alt" in image for image in outline.all("img"))
    labelled = {label.get("for") for label in outline.all("label")}
    fields = [f for f in outline.all("input") if f.get("type") != "hidden"]
    assert all(f["id"] in labelled for f in [*fields, *outline.all("textarea")])


@pytest.mark.parametrize("path", PAGES)
def test_identifiers_are_unique_and_referred_to(client: Asker, path: str) -> None:
    """Each id stands once, and what names an element by id finds it."""
    outline = Outline(client.get(path, BROWSER).text)
    found = [a["id"] for _, a in outline.elements if "id" in a]
    assert len(found) == len(set(found))
    for _, attributes in outline.elements:
        target = attributes.get("aria-labelledby")
        assert target is None or target in found


@pytest.mark.threat("script")
@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_no_script_and_no_other_host(client: Asker, path: str) -> None:
    """No script, no inline style, and nothing that the browser would fetch from elsewhere."""
    outline = Outline(client.get(path, BROWSER).text)
    assert not outline.all("script")
    assert not outline.all("style")
    for tag, attributes in outline.elements:
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        if tag in ("img", "link"):
            source = attributes.get("src") or attributes.get("href") or ""
            assert source.startswith(("/static/", "/data/")), source


@pytest.mark.threat("script")
@pytest.mark.parametrize("path", PAGES)
def test_links_lead_to_safe_places(client: Asker, path: str) -> None:
    """Every link is http, https or a path of this server; no fact can bring another scheme in."""
    outline = Outline(client.get(path, BROWSER).text)
    for attributes in outline.all("a"):
        href = attributes["href"] or ""
        assert href.startswith(("/", "#", "?", "http://", "https://")), href
        assert not href.startswith("//")
        if href.startswith("http"):
            assert "noopener" in (attributes["rel"] or "")


@pytest.mark.threat("script")
@pytest.mark.parametrize(
    "path",
    [
        "/page/id/network/b",
        "/browse/Network",
        "/graph/stated/networks",
        "/query?query=" + quote(f'SELECT ("{EVIL}" AS ?v) (<http://a.example/> AS ?w) {{}}'),
        "/query?query=" + quote(EVIL),
        "/query?query=" + quote("ASK {}") + "&default-graph-uri=" + quote(f'"{EVIL}'),
        "/query?query=" + quote("ASK {}") + "&lang=" + quote(f'"{EVIL}'),
        "/queries/cq02?network=" + quote(f'"{EVIL}'),
        "/queries/cq02?" + quote(f'"{EVIL}') + "=1",
        "/queries/" + quote(EVIL),
        "/" + quote(EVIL),
        "/id/" + quote(EVIL),
        "/browse/" + quote(EVIL),
        "/graph/stated/networks?page=" + quote(EVIL),
        "/graph/stated/networks?format=" + quote(EVIL),
    ],
)
def test_markup_stays_text(client: Asker, path: str) -> None:
    """Markup in literals, IRIs, parameters, paths and queries never becomes an element."""
    page = client.get(path, BROWSER)
    assert not Outline(page.text).all("script")
    assert "javascript:" not in [a.get("href") for a in Outline(page.text).all("a")]
    if page.headers["content-type"].startswith("text/html"):
        assert EVIL not in page.text


def test_a_foreign_iri_of_another_scheme_is_text(client: Asker) -> None:
    """An IRI such as `javascript:` is shown, and not linked."""
    page = client.get("/page/id/network/a", BROWSER).text
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page
    assert 'href="https://www.delmi.se/"' in page


@pytest.mark.threat("script")
@pytest.mark.parametrize("path", [*PAGES, "/sparql", "/static/samsyn.css", "/health", "/dump.nq"])
def test_every_answer_carries_the_headers(client: Asker, path: str) -> None:
    """Answers forbid foreign content and sniffing, and may be read from any page."""
    headers = client.get(path, BROWSER).headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "*"
    assert len(headers["query-id"]) == 24


@pytest.mark.threat("files")
@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/pages.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/texts.toml",
        "/static/samsyn.css%00",
        "/graph/../../../etc/passwd",
        "/graph/stated/..%2f..%2f..%2fpyproject.toml",
        "/graph/file:///etc/passwd",
        "/id/%2e%2e/%2e%2e/etc/passwd",
        "/data/id/..%2f..%2fetc%2fpasswd",
        "/dump.%2e%2e",
        "/queries/..%2fcq01-networks",
    ],
)
def test_no_path_reaches_a_file(client: Asker, path: str) -> None:
    """Paths are names in memory, so no way of writing `..` leads to a file."""
    response = client.get(path)
    assert response.status_code == 404
    assert "root:" not in response.text


def test_assets_come_from_memory(client: Asker) -> None:
    """Style sheet and logo are served with their types; the logo also at the ontology's IRI."""
    assert client.get("/static/samsyn.css").headers["content-type"].startswith("text/css")
    assert client.get("/static/logo.svg").headers["content-type"] == "image/svg+xml"
    assert client.get("/doc/logo/0.1.0").content == client.get("/static/logo.svg").content


def test_health_tells_the_revision(client: Asker, small_dataset: Any) -> None:
    """`/health` says that the server lives and what it serves."""
    content = client.get("/health").json()
    assert content["status"] == "ok"
    assert content["revision"] == small_dataset.revision


def test_the_other_language_is_one_link_away(client: Asker) -> None:
    """The language switch keeps the rest of the address, and links keep a chosen language."""
    page = client.get("/query?query=ASK%7B%7D&lang=sv", BROWSER).text
    assert 'href="?query=ASK%7B%7D&amp;lang=en"' in page
    assert 'href="/queries?lang=sv"' in page
    assert '<input type="hidden" name="lang" value="sv">' in page


def test_a_long_graph_is_shown_in_pages(client: Asker) -> None:
    """A page number beyond the last is not found; one that is no number is refused."""
    assert client.get("/graph/stated/networks?page=2", BROWSER).status_code == 404
    assert client.get("/graph/stated/networks?page=0", BROWSER).status_code == 400


def test_a_failure_shows_only_its_request_id(
    client: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unforeseen error gives 500 with an id and nothing of its cause."""

    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("samsyn.site.routes.queries.ordered", fail)
    response = client.get("/queries")
    assert response.status_code == 500
    assert "secret" not in response.text


def test_every_kind_of_problem_is_explained(client: Asker) -> None:
    """`/problems` has an anchor for each type that problem details refer to."""
    page = client.get("/problems", BROWSER).text
    missing = client.get("/none").json()["type"]
    assert f'id="{missing.partition("#")[2]}"' in page


def test_every_text_is_in_both_languages() -> None:
    """The words around the facts are in Swedish and English, none of them empty."""
    words = tomllib.loads(files("samsyn.pages").joinpath("texts.toml").read_text("utf-8"))
    assert len(words) > 50
    for key, texts in words.items():
        assert set(texts) == {"sv", "en"}, key
        assert all(text.strip() for text in texts.values()), key


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


INKS = ("ink", "soft", "link", "stated", "editorial", "proposed", "inferred", "schema", "wrong")


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_colours_can_be_read(mode: int) -> None:
    """Every text colour has a contrast of at least 4.5 on every ground (WCAG 2.2, 1.4.3)."""
    sheet = files("samsyn.pages").joinpath("static/samsyn.css").read_text("utf-8")
    sets = [dict(re.findall(r"--([\w-]+): (#\w{6})", part)) for part in sheet.split("@media")[:2]]
    colours = sets[mode]
    for ground in ("paper", "raised", "code"):
        for ink in INKS:
            assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
    assert _contrast(colours["wrong"], colours["wrong-paper"]) >= 4.5
    assert _contrast(colours["on-accent"], colours["accent"]) >= 4.5
