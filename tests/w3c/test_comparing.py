"""The comparer sees what differs, and nothing else."""

from __future__ import annotations

import pytest
from tests.w3c.comparing import TYPES, difference, read

TURTLE, CSV, TSV = TYPES["ttl"], TYPES["csv"], TYPES["tsv"]
EXAMPLE = "@prefix : <http://example.org/> .\n"

ALIKE = {
    "rows-in-another-order": (TSV, "?a\t?b\n1\t2\n3\t4\n", "?a\t?b\n3\t4\n1\t2\n"),
    "columns-in-another-order": (TSV, "?a\t?b\n1\t2\n", "?b\t?a\n2\t1\n"),
    "blank-nodes-renamed": (TSV, "?a\t?b\n_:x\t_:y\n_:y\t1\n", "?a\t?b\n_:q\t1\n_:p\t_:q\n"),
    "decimal-written-otherwise": (TSV, "?a\n1.50\n", "?a\n1.5\n"),
    "double-written-otherwise": (TSV, "?a\n1.0e6\n", '?a\n"1000000"^^<%s#double>\n'),
    "language-in-capitals": (TSV, '?a\n"x"@en-US\n', '?a\n"x"@en-us\n'),
    "triples-in-another-order": (TURTLE, ":a :p 1, 2 .", ":a :p 2 . :a :p 1 ."),
    "graph-with-blank-nodes-renamed": (TURTLE, "_:a :p _:b . _:b :q 1 .", "_:b :p [ :q 01 ] ."),
    "csv-columns-in-another-order": (CSV, "a,b\r\n1,2\r\n", "b,a\r\n2,1\r\n"),
    "csv-blank-nodes-renamed": (CSV, "a,b\r\n_:x,_:x\r\n", "a,b\r\n_:y,_:y\r\n"),
}

UNLIKE = {
    "other-literal": (TSV, '?a\n"x"\n', '?a\n"y"\n'),
    "other-language": (TSV, '?a\n"x"@en\n', '?a\n"x"@sv\n'),
    "other-datatype": (TSV, "?a\n1\n", "?a\n1.0\n"),
    "narrower-integer": (TSV, "?a\n-3\n", '?a\n"-3"^^<%s#negativeInteger>\n'),
    "other-number": (TSV, "?a\n1.5\n", "?a\n1.51\n"),
    "string-is-no-number": (TSV, '?a\n"1"\n', "?a\n1\n"),
    "strings-of-digits": (TSV, '?a\n"1.0"\n', '?a\n"1.00"\n'),
    "date-is-written-as-it-is": (TSV, '?a\n"2010-06-21Z"^^<%s#date>\n', '?a\n"2010-06-21"\n'),
    "iri-is-no-text": (TSV, "?a\n<x:a>\n", '?a\n"x:a"\n'),
    "row-missing": (TSV, "?a\n1\n2\n", "?a\n1\n"),
    "row-twice": (TSV, "?a\n1\n1\n", "?a\n1\n"),
    "row-without-values": (TSV, "?a\t?b\n\t\n", "?a\t?b\n"),
    "value-missing": (TSV, "?a\t?b\n1\t\n", "?a\t?b\n1\t1\n"),
    "values-swapped": (TSV, "?a\t?b\n1\t2\n", "?a\t?b\n2\t1\n"),
    "column-missing": (TSV, "?a\t?b\n1\t\n", "?a\n1\n"),
    "column-renamed": (TSV, "?a\n1\n", "?b\n1\n"),
    "blank-nodes-swapped": (TSV, "?a\t?b\n_:x\t_:x\n_:y\t_:y\n", "?a\t?b\n_:x\t_:y\n_:y\t_:x\n"),
    "blank-node-shared": (TSV, "?a\t?b\n_:x\t_:x\n", "?a\t?b\n_:x\t_:y\n"),
    "blank-node-for-an-iri": (TSV, "?a\n_:x\n", "?a\n<x:x>\n"),
    "triple-missing": (TURTLE, ":a :p 1, 2 .", ":a :p 1 ."),
    "graph-with-blank-nodes-joined": (TURTLE, "[] :p 1 ; :q 2 .", "[] :p 1 . [] :q 2 ."),
    "csv-in-other-letters": (CSV, "a\r\n1.0E6\r\n", "a\r\n1000000\r\n"),
    "csv-values-swapped": (CSV, "a,b\r\n1,2\r\n", "b,a\r\n1,2\r\n"),
}


def compared(media_type: str, found: str, wanted: str) -> str:
    """Read two documents and return their difference."""
    schema, head = "http://www.w3.org/2001/XMLSchema", EXAMPLE if media_type == TURTLE else ""
    one, other = ((head + text.replace("%s", schema)).encode() for text in (found, wanted))
    return difference(read(one, media_type), read(other, media_type))


@pytest.mark.parametrize("pair", ALIKE.values(), ids=ALIKE)
def test_what_means_the_same_is_alike(pair: tuple[str, str, str]) -> None:
    """Order, names of blank nodes and the writing of numbers count for nothing."""
    assert compared(*pair) == ""


@pytest.mark.parametrize("pair", UNLIKE.values(), ids=UNLIKE)
def test_what_differs_is_told(pair: tuple[str, str, str]) -> None:
    """Everything else counts, whichever of the two is looked at first."""
    media_type, one, other = pair
    assert compared(media_type, one, other)
    assert compared(media_type, other, one)


def test_results_of_different_sorts_differ() -> None:
    """Yes, no, a table and a graph are four things."""
    table, graph = read(b"?a\n", TSV), read(b"", TURTLE)
    sorts = [True, False, table, graph]
    assert [[not difference(one, other) for other in sorts] for one in sorts] == [
        [place == other for other in range(4)] for place in range(4)
    ]


def test_a_broken_table_is_refused() -> None:
    """A row with too few cells is no table."""
    with pytest.raises(ValueError, match="zip"):
        read(b"a,b\r\n1\r\n", CSV)
