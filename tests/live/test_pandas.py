"""`pandas.read_csv` straight from the endpoint: what types a table gets."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import pandas as pd
import pytest
from tests.live.serving import Server

QUERY: Final = """
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?iri ?text ?code ?whole ?part ?sometimes ?yes ?day WHERE {
  VALUES (?iri ?text ?code ?whole ?part ?sometimes ?yes ?day) {
    (<urn:a> "återvändande, \\"samsyn\\"\\nnästa rad"@sv "040" 7 2.5 1 true "2025-02-01"^^xsd:date)
    (<urn:b> "x" "752" 8 1e1 UNDEF false "2025-03-01"^^xsd:date)
  }
}
ORDER BY ?iri
"""


@pytest.fixture
def address(server: Server) -> str:
    """The address of the table, by which `read_csv` asks."""
    return f"{server.address}/sparql?{urlencode({'query': QUERY, 'format': 'csv'})}"


def test_columns_have_the_types_of_their_values(address: str) -> None:
    """Numbers and truth values are typed, an unbound value is missing, the rest is text."""
    table = pd.read_csv(address)
    types = {name: str(kind) for name, kind in table.dtypes.items()}
    assert types == {
        "iri": "str",
        "text": "str",
        "code": "int64",
        "whole": "int64",
        "part": "float64",
        "sometimes": "float64",
        "yes": "bool",
        "day": "str",
    }
    assert list(table.sometimes.isna()) == [False, True]


def test_text_arrives_as_it_is(address: str) -> None:
    """Quotes, commas, line breaks and Swedish letters survive."""
    assert pd.read_csv(address).text[0] == 'återvändande, "samsyn"\nnästa rad'


def test_named_types_are_kept(address: str) -> None:
    """A code keeps its zeros, a date becomes one, and gaps leave whole numbers whole."""
    kinds = {"code": "str", "sometimes": "Int64"}
    table = pd.read_csv(address, dtype=kinds, parse_dates=["day"])
    assert list(table.code) == ["040", "752"]
    assert str(table.sometimes.dtype) == "Int64"
    assert table.day.dt.year.tolist() == [2025, 2025]


def test_a_header_asks_as_well(server: Server) -> None:
    """`storage_options` are headers, so the address need not name the format."""
    address = f"{server.address}/sparql?{urlencode({'query': QUERY})}"
    assert len(pd.read_csv(address, storage_options={"Accept": "text/csv"})) == 2


def test_a_faulty_query_is_an_error(server: Server) -> None:
    """An error of the endpoint raises, and is never read as a table."""
    address = f"{server.address}/sparql?{urlencode({'query': 'SELECT', 'format': 'csv'})}"
    with pytest.raises(OSError, match="400"):
        pd.read_csv(address)
