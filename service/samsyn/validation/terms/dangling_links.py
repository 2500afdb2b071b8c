"""Links to things of ours that do not exist; that can be reported only with the published graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Final

from samsyn import names
from samsyn.dataset.exact import NamedNode, Triple
from samsyn.positions.text import Texts
from samsyn.validation.finding import Finding
from samsyn.validation.terms.spelling import Words

RULE: Final = "SAM-unknown-thing"
_MOST: Final = 3


def lost(triples: Iterable[Triple], things: Set[str]) -> Iterator[Finding]:
    """Yield a finding for each triple that points to a thing of ours which does not exist.

    Args:
        triples: the user's data.
        things: the IRIs of everything that the published graph describes; none if it is not there.
    """
    if not things:
        return
    words = Words(thing.removeprefix(names.ID) for thing in things)
    for triple in dict.fromkeys(triples):
        thing = triple.object
        if not isinstance(thing, NamedNode) or not thing.value.startswith(names.ID):
            continue
        if thing.value not in things:
            yield _finding(triple, thing, words)


def _finding(triple: Triple, thing: NamedNode, words: Words) -> Finding:
    near = [word for _, word in words.near(thing.value.removeprefix(names.ID))][:_MOST]
    return Finding(
        RULE,
        "violation",
        _messages(thing.value, [names.ID + word for word in near]),
        focus=str(triple.subject),
        path=triple.predicate.value,
        value=str(thing),
    )


def _messages(thing: str, near: list[str]) -> Texts:
    listed = ", ".join(f"<{iri}>" for iri in near)
    return (
        ("sv", f"<{thing}> finns inte." + (f" Närmast är {listed}." if near else "")),
        ("en", f"<{thing}> does not exist." + (f" Nearest are {listed}." if near else "")),
    )
