"""What shapes see of data: stated, or with what follows from it."""

from __future__ import annotations

from samsyn.dataset.exact import Triple, parse_triples
from samsyn.validation.evaluation import Examination, Setup

PREFIXES = """\
@prefix e: <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
"""
ONTOLOGY = """
e:informs a owl:TransitiveProperty ; rdfs:domain e:Body ; rdfs:range e:Body .
e:feeds rdfs:subPropertyOf e:informs .
e:Agency rdfs:subClassOf e:Body .
e:known a e:Agency ; e:informs e:other .
"""
NEVER = """
e:Never a sh:NodeShape ; sh:targetSubjectsOf e:informs ; sh:property e:Never-stated .
e:Never-stated a sh:PropertyShape ; sh:path e:informs ; sh:maxCount 0 .
"""
MARK = "e:Never sh:entailment <http://www.w3.org/ns/entailment/Simple> ."
CLASS = """
e:Class a sh:NodeShape ; sh:targetSubjectsOf e:feeds ; sh:property e:Class-feeds .
e:Class-feeds a sh:PropertyShape ; sh:path e:feeds ; sh:class e:Body .
"""
CHAIN = "e:a e:feeds e:b . e:b e:feeds e:c . e:b a e:Agency . e:c a e:Agency ."


def triples(text: str) -> tuple[Triple, ...]:
    """Read Turtle."""
    return tuple(parse_triples((PREFIXES + text).encode(), "turtle"))


def examine(data: str, shapes: str, inference: str = "owl-rl") -> Examination:
    """Examine data with the ontology of these tests."""
    return Examination(triples(data), Setup(triples(ONTOLOGY), triples(shapes), inference))


def found(data: str, shapes: str, inference: str = "owl-rl") -> list[tuple[str, str]]:
    """Return focus and value of each result, by the ends of their names."""
    results = examine(data, shapes, inference).outcome.results
    return [(r.focus.strip("<>")[-1], r.value.strip("<>")[-1:]) for r in results]


def test_a_shape_on_what_is_stated_looks_before_the_closure() -> None:
    """With its mark, a shape faults what was stated and not what follows; without it, both."""
    assert found(CHAIN, NEVER + MARK) == []
    assert found("e:a e:informs e:b .", NEVER + MARK) == [("a", "")]
    assert {focus for focus, _ in found(CHAIN, NEVER)} == {"a", "b"}


def test_shapes_of_both_sorts_look_each_at_its_own() -> None:
    """In one shapes graph, a marked shape sees the stated data and the other what follows."""
    data = CHAIN + " e:a e:informs e:c . e:c e:feeds e:d ."
    assert found(data, NEVER + MARK + CLASS) == [("a", ""), ("c", "d")]


def test_a_range_gives_no_class_to_a_shape() -> None:
    """That a thing stands where a class is expected does not make it one for a shape on classes."""
    assert found("e:a e:feeds e:b .", CLASS) == [("a", "b")]
    assert found("e:a e:feeds e:b . e:b a e:Agency .", CLASS) == []
    assert found("e:a e:feeds e:b . e:b a e:Agency .", CLASS, "none") == []


def test_domains_and_ranges_count_for_contradictions() -> None:
    """What a place says of a thing may contradict what is stated of it."""
    data = "e:a e:feeds e:b . e:b a e:Tree . e:Tree owl:disjointWith e:Body ."
    assert [clash.rule for clash in examine(data, CLASS).closed.clashes()] == ["cax-dw"]
    assert not list(examine(data, CLASS, "none").closed.clashes())


def test_what_is_wrong_with_a_thing_of_ours_is_not_the_users() -> None:
    """A finding about a known thing that the data only points to is left out."""
    assert found("e:a e:feeds e:known . e:known e:feeds e:b .", NEVER) != []
    assert found("e:a e:feeds e:known .", NEVER + MARK) == []


def test_only_the_users_nodes_and_triples_are_counted() -> None:
    """Focus nodes and triples of what is known do not count, and a repeated triple counts once."""
    examination = examine(CHAIN + CHAIN, NEVER)
    assert examination.size == 4
    (target,) = examination.outcome.targets
    assert {str(node)[-2] for node in target.nodes} == {"a", "b"}
    assert examine("e:known a e:Agency .", NEVER).size == 1


def test_without_inference_nothing_follows() -> None:
    """With none, shapes see what was stated; with rdfs, what its rules give and no more."""
    assert found(CHAIN, NEVER, "none") == []
    assert {focus for focus, _ in found(CHAIN, NEVER, "rdfs")} == {"a", "b"}
    reach = "e:Far a sh:NodeShape ; sh:targetNode e:a ; sh:property e:Far-c ."
    reach += "e:Far-c a sh:PropertyShape ; sh:path e:informs ; sh:hasValue e:c ."
    assert len(found(CHAIN, reach, "rdfs")) == 1
    assert found(CHAIN, reach) == []


def test_what_follows_leads_back_to_what_was_stated() -> None:
    """The triple of a result that nobody stated comes from the stated ones of its proof."""
    data = "e:a e:feeds e:b . e:b e:feeds e:c ."
    shape = "e:No a sh:NodeShape ; sh:targetSubjectsOf e:informs ; sh:property e:No-informs ."
    shape += "e:No-informs a sh:PropertyShape ; sh:path e:informs ; sh:in ( e:b ) ."
    examination = examine(data, shape)
    by_focus = {r.focus[-2]: examination.grounds(r) for r in examination.outcome.results}
    assert by_focus == {
        "a": triples("e:a e:feeds e:b . e:b e:feeds e:c ."),
        "b": triples("e:b e:feeds e:c ."),
    }
