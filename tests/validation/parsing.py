"""rdflib made to parse each query once, where pySHACL asks for every node again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def parsed_once() -> Iterator[None]:
    """Keep what rdflib makes of a query for as long as this lasts.

    What a query means depends on the prefixes that it is read with too, so these count.
    """
    from rdflib.plugins.sparql import processor

    parse_query, translate = processor.parseQuery, processor.translateQuery
    kept: dict[tuple[str, str], object] = {}

    def once(text: str, base: str | None, namespaces: dict[str, object]) -> object:
        key = text, repr(sorted(namespaces.items()))
        if key not in kept:
            kept[key] = translate(parse_query(text), base, namespaces)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processor, "parseQuery", lambda text: text)
        patch.setattr(processor, "translateQuery", once)
        yield
    assert kept, "rdflib no longer parses queries where this test thinks it does"
