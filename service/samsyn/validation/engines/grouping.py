"""The parts of a shapes graph that look at one data graph each.

Each part has what its own shapes need and no more, so that an engine is handed few properties. A
shape of another part that stands inside of one has no targets there. What no target leads to, such
as a constraint component, which is found by its parameters alone, is in all parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Triple
from samsyn.validation.engines.targeting import is_aim

SIMPLE: Final = names.ENTAILMENT + "Simple"
_ENTAILMENT: Final = names.SH + "entailment"
_PARAMETER: Final = names.SH + "parameter"


@dataclass(frozen=True, order=True)
class Group:
    """What some shapes look at.

    Args:
        own: whether the user brought their targets, and so they look at the user's graph alone.
        stated: whether they look at what was stated, and at nothing that follows.
    """

    own: bool
    stated: bool


def marked(shapes: Iterable[Triple]) -> frozenset[object]:
    """Return the shapes that ask for simple entailment, and so look at what was stated."""
    return frozenset(t.subject for t in shapes if _is_simple(t))


def unmarked(shapes: Iterable[Triple]) -> Iterator[Triple]:
    """Yield shapes without the marks of entailment, which engines do not know."""
    return (triple for triple in shapes if triple.predicate.value != _ENTAILMENT)


def parts(
    shapes: Iterable[Triple], aims: Mapping[Group, Set[Triple]]
) -> Iterator[tuple[Group, tuple[Triple, ...]]]:
    """Yield the groups that have targets, each with its part of the shapes graph.

    Args:
        shapes: the shapes graph.
        aims: the targets of each group.
    """
    given = tuple(shapes)
    reach = _Reach(given)
    met = {
        group: reach.of({end for aim in aimed for end in (aim.subject, aim.object)})
        for group, aimed in aims.items()
    }
    free = {t.subject for t in given} - set().union(*met.values())
    shared = reach.of(free | {t.subject for t in given if t.predicate.value == _PARAMETER})
    for group in sorted(aims):
        wanted = met[group] | shared
        yield (
            group,
            tuple(
                triple
                for triple in given
                if triple.subject in wanted and (triple in aims[group] or not is_aim(triple))
            ),
        )


class _Reach:
    """What the nodes of a graph lead to, by objects."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._about: dict[object, list[object]] = defaultdict(list)
        for triple in triples:
            self._about[triple.subject].append(triple.object)

    def of(self, nodes: Iterable[object]) -> set[object]:
        met, waiting = set(nodes), list(nodes)
        while waiting:
            new = set(self._about.get(waiting.pop(), ())) - met
            met |= new
            waiting += new & self._about.keys()
        return met


def _is_simple(triple: Triple) -> bool:
    return triple.predicate.value == _ENTAILMENT and str(triple.object) == f"<{SIMPLE}>"
