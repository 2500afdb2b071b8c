"""The account of a shapes graph: each statement with a meaning in SHACL is evaluated, or told.

An engine passes over what it does not know. So nothing is taken for granted here: a property of
SHACL counts only where it is on a node of a role in which it is evaluated, or is known to check
nothing. A constraint component that a shape uses has a validator that can be run for that kind of
shape (SHACL section 6.2.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from samsyn.validation.shapes_graph.components import Components
from samsyn.validation.shapes_graph.fault import Fault, fault
from samsyn.validation.shapes_graph.graph import ShapesGraph
from samsyn.validation.shapes_graph.roles import COUNTING, counts, is_loose, local, roles_of

_ALL: Final = frozenset().union(*COUNTING.values())


def account_faults(graph: ShapesGraph) -> Iterator[Fault]:
    """Yield what has a meaning in SHACL and is evaluated by no engine where it stands."""
    roles, off = roles_of(graph), graph.off
    for index, triple in enumerate(graph.triples):
        name, own = local(triple.predicate.value), roles[triple.subject]
        if (
            triple.subject not in off
            and name
            and not counts(name, own)
            and not is_loose(triple, own)
        ):
            yield _unclaimed(index, name)
    components = Components(graph)
    for subject in graph.subjects:
        if subject not in off and "shape" in roles[subject] and "parameter" not in roles[subject]:
            for index, component in components.unusable(subject):
                yield _unusable(index, component, has_path=bool(graph.values(subject, "path")))
            for index, component in components.repeated(subject):
                yield _repeated(index, component)


def _unclaimed(index: int, name: str) -> Fault:
    if name in _ALL:
        swedish = f"sh:{name} prövas inte där den står."
        english = f"sh:{name} is not evaluated where it stands."
    else:
        swedish = f"Ingen motor här prövar sh:{name}."
        english = f"No engine here evaluates sh:{name}."
    return fault(index, "predicate", swedish, english)


def _unusable(index: int, component: Any, *, has_path: bool) -> Fault:
    kind = "sh:propertyValidator" if has_path else "sh:nodeValidator"
    return fault(
        index,
        "predicate",
        f"{component} prövas inte: den har ingen {kind} eller sh:validator med en fråga.",
        f"{component} is not evaluated: it has no {kind} or sh:validator with a query.",
    )


def _repeated(index: int, component: Any) -> Fault:
    return fault(
        index,
        "predicate",
        f"{component} har flera parametrar, och formen ger en av dem flera värden: skriv en form"
        " för varje.",
        f"{component} has several parameters, and the shape gives one of them several values: write"
        " a shape for each.",
    )
