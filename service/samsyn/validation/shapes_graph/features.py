"""Which terms of SHACL are evaluated by which engine, and which by none: reported by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import NamedNode
from samsyn.validation.shapes_graph.fault import Fault, fault
from samsyn.validation.shapes_graph.graph import ShapesGraph

_ADVANCED: Final = ("rule", "expression")
"""Properties that the reference engine evaluates if its advanced features are on."""
_DEFAULT_ONLY: Final = (
    *("maxListLength", "memberShape", "minListLength", "reificationRequired", "reifierShape"),
    *("rootClass", "singleLine", "someValue", "subsetOf", "uniqueMembers", "uniqueValuesFor"),
)
"""Properties of SHACL 1.2 that the reference engine passes over in silence."""
_NEVER: Final = ("js", "nodeByExpression", "sparqlExpr", "values")
"""Properties that no engine here evaluates."""
ALONE: Final = frozenset({*_ADVANCED, *_DEFAULT_ONLY, *_NEVER, "entailment", "sparql", "target"})
"""Properties that say something by themselves: without one the others mean the same."""
_ENTAILMENTS: Final = frozenset(names.ENTAILMENT + regime for regime in ("Simple",))
_SCRIPT: Final = "JavaScript"


@dataclass(frozen=True)
class Means:
    """What shapes are evaluated with.

    Args:
        engine: the SHACL engine.
        advanced: whether the Advanced Features are on, which the reference engine has.
    """

    engine: str = "shacl"
    advanced: bool = False

    @property
    def by_reference(self) -> bool:
        """Whether the reference engine evaluates all shapes."""
        return self.advanced or self.engine != "shacl"


def features_faults(graph: ShapesGraph, means: Means) -> Iterator[Fault]:
    """Yield what is in a shapes graph and would not be evaluated."""
    for subject in graph.subjects:
        if subject not in graph.off:
            yield from _property_faults(graph, subject, means)
            yield from _node_faults(graph, subject, means)


def _property_faults(graph: ShapesGraph, subject: Any, means: Means) -> Iterator[Fault]:
    for name in _NEVER:
        for index, _ in graph.values(subject, name):
            yield _not_run(index, f"sh:{name}", script=name == "js")
    for name in _DEFAULT_ONLY if means.by_reference else ():
        for index, _ in graph.values(subject, name):
            yield _not_by_reference(index, name, means)
    for index, regime in graph.values(subject, "entailment"):
        if isinstance(regime, NamedNode) and regime.value not in _ENTAILMENTS:
            yield _no_regime(index, regime)


def _node_faults(graph: ShapesGraph, subject: Any, means: Means) -> Iterator[Fault]:
    for name in ("expression", "rule", "target"):
        for index, node in graph.values(subject, name):
            if is_script(graph, node):
                yield _not_run(index, f"sh:{name}", script=True)
            elif name in _ADVANCED and not means.advanced:
                yield needs_advanced(index, f"sh:{name}")


def is_script(graph: ShapesGraph, node: Any) -> bool:
    """Return whether a rule, target, validator or function is one in JavaScript."""
    kinds = graph.types(node)
    kinds |= {other for kind in kinds for other in graph.types(NamedNode(kind))}
    return bool(graph.values(node, "jsFunctionName")) or any(
        kind.startswith(names.SH + "JS") for kind in kinds
    )


def needs_advanced(index: int | None, term: str) -> Fault:
    """Return that a term is evaluated with the Advanced Features only."""
    return fault(
        index,
        "predicate",
        f"{term} hör till SHACL Advanced Features, som --advanced slår på.",
        f"{term} belongs to the SHACL Advanced Features, which --advanced turns on.",
    )


def _not_run(index: int, term: str, *, script: bool) -> Fault:
    swedish = f"{_SCRIPT} körs inte: {term}." if script else f"Ingen motor här prövar {term}."
    english = f"{_SCRIPT} is not run: {term}." if script else f"No engine here evaluates {term}."
    return fault(index, "predicate", swedish, english)


def script_only(index: int | None, component: Any, users: tuple[Any, ...]) -> Fault:
    """Return that a component or function that is used is one in JavaScript."""
    return fault(
        index,
        "subject",
        f"{_SCRIPT} körs inte: {component} har inget annat.",
        f"{_SCRIPT} is not run: {component} has nothing else.",
        parts=users,
    )


def _not_by_reference(index: int, name: str, means: Means) -> Fault:
    why = "--advanced" if means.advanced else f"--engine {means.engine}"
    return fault(
        index,
        "predicate",
        f"Referensmotorn ({why}) prövar inte sh:{name} ur SHACL 1.2.",
        f"The reference engine ({why}) does not evaluate sh:{name} of SHACL 1.2.",
    )


def _no_regime(index: int, regime: Any) -> Fault:
    return fault(
        index,
        "object",
        f"Härledning enligt {regime} finns inte här; --infer väljer vad som härleds.",
        f"There is no entailment by {regime} here; --infer chooses what is inferred.",
    )
