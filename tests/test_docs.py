"""The page that explains the model says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from samsyn.dataset.index import Index

_PAGE = Path(__file__).parents[1] / "docs" / "model.md"
_QUERIES = re.findall(r"```sparql\n(.*?)```", _PAGE.read_text("utf-8"), re.DOTALL)


def test_the_page_has_five_queries() -> None:
    """Five queries let a reader start."""
    assert len(_QUERIES) == 5


@pytest.mark.parametrize("query", _QUERIES, ids=lambda text: f"query-{_QUERIES.index(text) + 1}")
def test_each_query_of_the_page_answers(query: str, index: Index) -> None:
    """Each query of the page runs as it stands and gives rows."""
    assert list(index.query(query).rows())
