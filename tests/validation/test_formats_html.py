"""The report as a page to read."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree

import html5rdf
import pytest
from tests.validation.reports import AGE, CONTRADICTION, MISSING, REPORTS, RULES, report

from samsyn.validation import reports
from samsyn.validation.finding import Finding, Report

NAMESPACE: Final = "{http://www.w3.org/1999/xhtml}"


def page(held: Report, language: str = "en") -> ElementTree.Element:
    """Read a page as a browser does; a fault in its HTML is an error."""
    parser = html5rdf.HTMLParser(strict=True)
    root: ElementTree.Element = parser.parse(reports.written("html", held, language))
    return root


def words(element: ElementTree.Element) -> str:
    """Return all text of an element."""
    return "".join(element.itertext())


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", REPORTS)
def test_it_is_sound_html(name: str, language: str) -> None:
    """Each page is HTML without a fault, in its language, with one heading of the first rank."""
    root = page(REPORTS[name], language)
    assert root.get("lang") == language
    assert len(list(root.iter(f"{NAMESPACE}h1"))) == 1
    assert len(list(root.iter(f"{NAMESPACE}main"))) == 1


@pytest.mark.parametrize("name", REPORTS)
def test_it_needs_nothing_else(name: str) -> None:
    """A page has no script and loads nothing; its links lead to itself or to rules."""
    root = page(REPORTS[name])
    names = {element.tag.removeprefix(NAMESPACE) for element in root.iter()}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    attributes = {key for element in root.iter() for key in element.keys()}  # noqa: SIM118
    assert not [key for key in attributes if key.startswith("on") or key in ("src", "style")]
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for link in root.iter(f"{NAMESPACE}a"):
        target = link.get("href") or ""
        assert target.startswith("https://") or target.removeprefix("#") in ids
    style = words(next(root.iter(f"{NAMESPACE}style")))
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.threat("script")
def test_what_the_data_says_is_text() -> None:
    """A literal with a tag in it shows the tag."""
    text = words(page(report(AGE)))
    assert AGE.message("en").replace("\r\n", "\n") in text
    assert '"<script>alert(\\"å\\")</script> 🙂 ]]>' in text
    assert "\\u202E" in text
    assert "\u202e" not in text


def test_findings_stand_by_file() -> None:
    """Each file has its heading, and a list of files leads to them."""
    root = page(REPORTS["every-kind"])
    headings = [words(each) for each in root.iter(f"{NAMESPACE}h2")]
    assert headings == [
        "Files",
        "data/broken.ttl",
        "data/networks.ttl",
        "data/år, 1:a|b`c`.ttl",
        "without a place",
        "Shapes that matched nothing",
        "Known, excused or ignored",
    ]
    assert [each.get("href") for each in root.iter(f"{NAMESPACE}a")][:4] == [
        "#file-1",
        "#file-2",
        "#file-3",
        "#file-4",
    ]


def test_a_finding_has_all_that_a_reader_needs() -> None:
    """Place, severity, message, node, other places, proof, reason and help are there."""
    text = words(page(report(CONTRADICTION)))
    for part in (
        "12:18",
        "violation",
        CONTRADICTION.message("en"),
        CONTRADICTION.focus,
        "the other part of it",
        CONTRADICTION.proof[1],
        "It matters.",
        "Fix it.",
        RULES["SAM-contradiction"].help,
    ):
        assert part in text


def test_a_text_in_another_language_says_so() -> None:
    """Where the language of the page has no text, the one that is in is marked."""
    found = Finding("SAM-unknown-term", "info", (("en", "Only in English."),))
    marked = [each for each in page(report(found), "sv").iter() if each.get("lang") == "en"]
    assert [words(each) for each in marked] == ["Only in English."]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, by WCAG 2."""

    def light(colour: str) -> float:
        digits = colour * 2 if len(colour) == 3 else colour
        parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_read(scheme: str) -> None:
    """Text has a contrast of 4.5 at least and lines one of 3, in the light and in the dark."""
    style = reports.written("html", report(MISSING)).split("</style>")[0]
    light, dark = style.split("@media")
    part = light if scheme == "light" else dark
    colours = dict(re.findall(r"--(\w+): #(\w+);", part))
    assert colours.keys() == {"ink", "paper", "line", "bad", "warn", "info"}
    for name in ("ink", "bad", "warn", "info"):
        assert contrast(colours[name], colours["paper"]) >= 4.5
    assert contrast(colours["line"], colours["paper"]) >= 3
