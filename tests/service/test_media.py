"""The choice of format and language."""

from __future__ import annotations

import pytest

from samsyn import media

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SELECT = (*media.RESULTS, media.HTML)
GRAPH = (*media.GRAPHS, media.TRIG, media.HTML)


@pytest.mark.parametrize(
    ("accept", "offered", "name"),
    [
        pytest.param(None, SELECT, "json", id="absent-gives-the-default"),
        pytest.param("", SELECT, "json", id="empty-gives-the-default"),
        pytest.param("*/*", GRAPH, "turtle", id="anything-gives-the-default"),
        pytest.param("*", GRAPH, "turtle", id="lone-star"),
        pytest.param("text/*", SELECT, "csv", id="family-gives-the-first-of-it"),
        pytest.param("text/csv", SELECT, "csv", id="exact"),
        pytest.param("TEXT/CSV", SELECT, "csv", id="case-blind"),
        pytest.param("application/json", SELECT, "json", id="other-name"),
        pytest.param("text/csv;q=0.5, application/sparql-results+xml", SELECT, "xml", id="weight"),
        pytest.param("text/turtle;q=.4, application/n-triples;q=.5", GRAPH, "ntriples", id="bare"),
        pytest.param("text/csv;q=0.9, text/*", SELECT, "tsv", id="family-outweighs"),
        pytest.param("text/html;q=0.2, */*;q=0.1", SELECT, "html", id="specific-but-light"),
        pytest.param("text/turtle;q=0, */*", GRAPH, "ntriples", id="zero-excludes-the-default"),
        pytest.param("*/*;q=0, text/csv;q=0.1", SELECT, "csv", id="specificity-beats-zero"),
        pytest.param("application/rdf+xml, */*", GRAPH, "rdfxml", id="named-beats-wildcard"),
        pytest.param("text/turtle;version=1.2", GRAPH, "turtle", id="unknown-parameter"),
        pytest.param('text/csv;x="a,b;q=0"', SELECT, "csv", id="quoted-comma"),
        pytest.param(BROWSER, SELECT, "html", id="browser"),
        pytest.param("image/png, text/csv;q=0.1", SELECT, "csv", id="foreign-type-passed-over"),
        pytest.param("text/csv;q=2, text/html;q=0.1", SELECT, "html", id="broken-weight-falls"),
        pytest.param("application/sparql-results+json, text/turtle", GRAPH, "turtle", id="mixed"),
    ],
)
def test_the_best_offered_format_wins(
    accept: str | None, offered: tuple[media.Format, ...], name: str
) -> None:
    """Specificity decides which weight holds, and the weight which format is sent."""
    choice = media.negotiate(accept, offered)
    assert choice is not None
    assert choice.format.name == name


@pytest.mark.parametrize(
    "accept",
    ["image/png", "text/csv;q=0", "*/*;q=0", "text/csv;q=nan", "text/csv;q=1e0", ";;,,", "csv"],
)
def test_nothing_acceptable_is_no_choice(accept: str) -> None:
    """A client that accepts nothing offered gets no choice, so that the caller can say 406."""
    assert media.negotiate(accept, SELECT) is None


def test_the_answer_bears_the_type_that_was_asked_for() -> None:
    """A format asked for by another of its types is sent under that type."""
    choice = media.negotiate("application/json", SELECT)
    assert choice is not None
    assert choice.content_type == "application/json"


@pytest.mark.parametrize(
    ("value", "content_type"),
    [
        ("ttl", "text/turtle; charset=utf-8"),
        ("JSON-LD", "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("html", "text/html; charset=utf-8"),
    ],
)
def test_a_format_is_found_by_short_name_or_type(value: str, content_type: str) -> None:
    """The parameter `format` takes short names and media types."""
    choice = media.by_name(value, GRAPH)
    assert choice is not None
    assert choice.content_type == content_type


def test_csv_says_that_it_has_a_header() -> None:
    """CSV results are declared as UTF-8 with a header row (SPARQL 1.1 CSV, section 3)."""
    choice = media.by_name("csv", SELECT)
    assert choice is not None
    assert choice.content_type == "text/csv; charset=utf-8; header=present"


def test_an_unknown_name_is_told_from_an_unfit_one() -> None:
    """A name of no format at all is unknown; Turtle for a table of results is only unfit."""
    assert not media.known("xlsx")
    assert media.known("ttl")
    assert media.by_name("ttl", SELECT) is None


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "en"),
        ("sv-SE,sv;q=0.9,en;q=0.8", "sv"),
        ("en-GB,sv;q=0.9", "en"),
        ("fi, sv;q=0.5", "sv"),
        ("de", "en"),
        ("*", "en"),
        ("en;q=0.1, *;q=0.5", "sv"),
    ],
)
def test_the_reader_gets_the_language_asked_for(accept: str | None, language: str) -> None:
    """The language with the greatest weight is chosen, the first offered where none is."""
    assert media.negotiate_language(accept, ("en", "sv")) == language


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/turtle", ("text/turtle", None)),
        ('Application/SPARQL-Query; Charset="UTF-8"', ("application/sparql-query", "utf-8")),
        ("a/b; x=y; charset=latin-1", ("a/b", "latin-1")),
        ("", ("", None)),
    ],
)
def test_a_content_type_is_read_without_regard_to_case(
    header: str, expected: tuple[str, str | None]
) -> None:
    """Media type and charset are compared without case."""
    assert media.essence(header) == expected
