"""The fast engine and the reference find the same in random data, whatever is there.

Both get one and the same closed graph. That they agree on the examples is held by the tests of the
shapes, and where engines are known to differ by the tests of traps.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from tests.validation.parsing import parsed_once
from tests.validation.random_data import data, terms_of

from samsyn.closure.graph import ClosedGraph
from samsyn.closure.rules import OWL_RL
from samsyn.closure.view import View
from samsyn.dataset.exact import Dataset, Triple
from samsyn.names import SHAPES
from samsyn.validation.configuration import known_of
from samsyn.validation.engines import default as module
from samsyn.validation.engines.result import Result
from samsyn.validation.engines.routing import examine
from samsyn.validation.evaluation import SIMPLE
from samsyn.validation.profiles import find

RULES = tuple(rule for rule in OWL_RL if rule not in ("prp-dom", "prp-rng"))
CASES = {"core": RULES, "core-stated": (), "advised": (), "advised-closed": RULES}
SIZE = 120
# The reference takes a second each time. What it shrinks to says little more than what it found.
SLOW = settings(max_examples=6, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
QUICK = settings(SLOW, max_examples=10)

Key = tuple[str, ...]


@pytest.fixture(scope="module", autouse=True)
def _parsed_once() -> Iterator[None]:
    with parsed_once():
        yield


@pytest.fixture(scope="module")
def ontology(dataset: Dataset) -> tuple[Triple, ...]:
    """The ontology that data is checked with."""
    return known_of(dataset, with_graph=False).triples()


def shapes_of(case: str) -> tuple[Triple, ...]:
    """Return the shapes of a profile without the mark that no engine knows."""
    triples = find(case.partition("-")[0]).triples()
    return tuple(triple for triple in triples if str(triple.object) != f"<{SIMPLE}>")


def found(view: View, shapes: tuple[Triple, ...], engine: str) -> set[Key]:
    """Check with an engine, in terms that engines share."""
    results = examine(view, shapes, engine=engine).results
    return {
        (r.focus, r.path, r.value, r.shape, r.severity, r.component)
        for r in results
        if not is_about_blank(r)
    }


def is_about_blank(result: Result) -> bool:
    """Return whether a query found something about a blank node, whose text only the reference has.

    See ``test_traps.py``.
    """
    about = result.focus.startswith("_:") or result.value.startswith("_:")
    return about and result.component == "SPARQLConstraintComponent"


@pytest.mark.parametrize("case", CASES)
def test_the_engines_agree_on_random_data(case: str, ontology: tuple[Triple, ...]) -> None:
    """Both find the same, and many kinds of faults; in nothing they find nothing."""
    shapes, shapes_hit = shapes_of(case), set()

    @SLOW
    @given(data(terms_of(ontology, shapes), size=SIZE))
    @example(())
    def compare(triples: tuple[Triple, ...]) -> None:
        view = View(ClosedGraph([*ontology, *triples], CASES[case]))
        ours = found(view, shapes, "shacl")
        assert ours == found(view, shapes, "pyshacl")
        assert not (ours and not triples)
        shapes_hit.update(shape for _, _, _, shape, _, _ in ours)

    compare()
    assert len(shapes_hit) > 50


@pytest.mark.parametrize("case", CASES)
def test_only_what_shapes_look_at_has_to_be_handed_over(
    case: str, ontology: tuple[Triple, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default engine finds the same when it gets all properties and when it gets a part."""
    shapes = shapes_of(case)
    if module.looked_at(shapes) is None:  # some queries of ours look at all properties
        shapes = without_queries(shapes)
    wanted = module.looked_at(shapes)
    assert wanted is not None

    @QUICK
    @given(data(terms_of(ontology, shapes), size=SIZE))
    def compare(triples: tuple[Triple, ...]) -> None:
        view = View(ClosedGraph([*ontology, *triples], CASES[case]))
        monkeypatch.setattr(module, "looked_at", lambda _: wanted)
        part = found(view, shapes, "shacl")
        monkeypatch.setattr(module, "looked_at", lambda _: None)
        assert part == found(view, shapes, "shacl")

    compare()


def test_the_profiles_for_others_look_at_some_properties_only() -> None:
    """No query of theirs looks at just anything, so not all of a great dataset is shown."""
    assert module.looked_at(shapes_of("core")) is not None


def without_queries(shapes: tuple[Triple, ...]) -> tuple[Triple, ...]:
    """Leave out the constraints that may look at anything."""
    asking = {t.subject for t in shapes if t.predicate.value.endswith(("#select", "#closed"))}
    return tuple(t for t in shapes if t.subject not in asking and t.object not in asking)


def test_random_data_uses_all_terms(ontology: tuple[Triple, ...]) -> None:
    """Random data is made of all classes and properties of ours, and of what shapes ask about."""
    terms = terms_of(ontology, shapes_of("core"))
    assert len(terms.classes) > 50
    assert len(terms.properties) > 200
    assert len(terms.concepts) > 50
    assert not any(term.value.startswith(SHAPES) for term in terms.properties)
