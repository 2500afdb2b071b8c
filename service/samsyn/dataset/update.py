"""SPARQL 1.1 Update on a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from samsyn.errors import QueryError


def run(
    store: Store,
    text: str,
    *,
    base: str | None,
    prefixes: Mapping[str, str],
    using: Sequence[str] = (),  # noqa: ARG001
    using_named: Sequence[str] = (),  # noqa: ARG001
) -> None:
    """Run an update."""
    try:
        store.update(text, base_iri=base, prefixes=dict(prefixes))
    except SyntaxError as error:
        raise QueryError(str(error), line=1, column=1) from error


def contents(store: Store) -> dict[str, bytes]:
    """Return a digest of each graph."""
    found = {}
    for name in [DefaultGraph(), *store.named_graphs()]:
        data = store.dump(format=RdfFormat.N_TRIPLES, from_graph=name) or b""
        iri = name.value if isinstance(name, NamedNode) else ""
        found[iri] = sha256(b"\n".join(sorted(data.splitlines()))).digest()
    return found


def changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    """Return the graphs that differ."""
    return {iri for iri in {*before, *after} if before.get(iri) != after.get(iri)}
