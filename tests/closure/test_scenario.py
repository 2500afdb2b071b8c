"""What following a recommendation would change, and that nothing of it stays."""

from __future__ import annotations

import csv
import io
import json
from itertools import pairwise

import pytest

from samsyn import names
from samsyn.closure import inputs
from samsyn.dataset import tables
from samsyn.dataset.exact import Dataset, NamedNode, Triple, load_scenario, parse
from samsyn.errors import NotFoundError, UsageError
from samsyn.layout import Layout
from samsyn.scenario.following import Scenarios, follow
from samsyn.scenario.outcome import Change, Outcome
from samsyn.scenario.report import Account, rdf

POLITICAL = names.ID + "body/nshf-political-level"
AGENCIES = names.ID + "actor/relevant-agencies"
LOGISTICS = names.ID + "actor/logistics-agencies"
GROUP = names.ID + "network/return-working-group"
LIFTED = ("wouldAttend", "wouldBeMemberOf", "wouldServeAs")


@pytest.fixture(scope="module")
def scenarios(dataset: Dataset, layout: Layout) -> Scenarios:
    """Scenarios on the repository's facts."""
    return Scenarios(inputs(dataset), dataset, load_scenario(layout))


@pytest.fixture(scope="module")
def integrated(scenarios: Scenarios) -> Outcome:
    """What changes if agencies are integrated (R3.2)."""
    return scenarios.follow(["R3.2"])


def _account(outcome: Outcome, dataset: Dataset, language: str = "en") -> Account:
    return Account(outcome, tables.labels(dataset, language), dataset.prefixes, language)


def _change(outcome: Outcome, start: str, end: str = POLITICAL) -> Change:
    ends = (start, end)
    return next(c for c in outcome.chains if (c.start.value, c.end.value) == ends)


def _triple(subject: str, property_: str, object_: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(names.NS + property_), NamedNode(object_))


def test_agencies_come_closer_to_the_political_level(integrated: Outcome) -> None:
    """Relevant agencies go from three hops to two, logistics agencies from none to two."""
    agencies, logistics = (_change(integrated, start) for start in (AGENCIES, LOGISTICS))
    assert (agencies.before, agencies.after) == (3, 2)
    assert (logistics.before, logistics.after) == (None, 2)
    assert agencies.to_level
    assert logistics.to_level


def test_chains_to_a_level_come_first(integrated: Outcome) -> None:
    """Changes are ordered: those that end in a level, then the others, the nearest first."""
    keys = [(not change.to_level, change.after) for change in integrated.chains]
    assert keys == sorted(keys)
    assert all(change.news for change in integrated.chains)


def test_who_reaches_which_level_is_told_whole(integrated: Outcome) -> None:
    """The levels list who reached them before too."""
    assert all(change.to_level for change in integrated.levels)
    assert {change.news for change in integrated.levels} == {True, False}


def test_a_chain_is_told_hop_by_hop(integrated: Outcome) -> None:
    """Every hop begins where the last one ended, under a direct property, never the chain's own."""
    for change in (*integrated.chains, *integrated.levels):
        for chain in (change.old, change.new):
            nodes = [hop.nodes for hop in chain]
            assert all(one[1] == two[0] for one, two in pairwise(nodes))
            assert not chain or (nodes[0][0], nodes[-1][1]) == (change.start, change.end)
            direct = {hop.triple.predicate.value for hop in chain}
            assert not direct & {names.NS + "reaches", names.NS + "informs"}


def test_a_hop_tells_who_says_it(integrated: Outcome) -> None:
    """A hop has its graph's provenance status; a stated one leads to claims and passages."""
    first, second = _change(integrated, AGENCIES).new
    assert first.triple == _triple(AGENCIES, "wouldBeMemberOf", GROUP)
    assert first.provenance_status == names.PROPOSED
    assert second.provenance_status == names.STATED
    assert {said.is_editorial for said in first.statements} == {True}
    assert [said.iri for said in second.statements] == [names.ID + "claim/s43-5"]
    assert all(said.passages for said in second.statements)
    old = _change(integrated, AGENCIES).old
    assert {hop.provenance_status for hop in old} == {names.STATED}


def test_assumptions_are_named(integrated: Outcome) -> None:
    """What applying an item takes for granted is reported beside what it changes."""
    found = {names.local(statement.value) for statement in integrated.assumptions}
    assert found == {"agencies-are-agency-level-actors", "return-working-group-is-led-by-officials"}


def test_what_is_gained_is_new(integrated: Outcome, closed: Dataset) -> None:
    """What is gained holds nowhere else, and is about the world."""
    known = set(closed.triples())
    assert _triple(LOGISTICS, "reaches", POLITICAL) in integrated.gained
    assert _triple(LOGISTICS, "isMemberOf", GROUP) in integrated.gained
    assert not known & set(integrated.gained)
    assert _triple(AGENCIES, "reaches", POLITICAL) not in integrated.gained


def test_a_scenario_may_change_no_chain(scenarios: Scenarios, dataset: Dataset) -> None:
    """Norms that would be defined change no chain: the new status is beside the old one."""
    outcome = scenarios.follow(["R2.1"])
    assert outcome.chains == ()
    wanted = names.ID + "norm/humane"
    found = [wish for wish in outcome.wishes if wish.hop.triple.subject == NamedNode(wanted)]
    assert {names.local(str(wish.hop.triple.object).strip("<>")) for wish in found} == {
        "defined",
        "operationalised",
    }
    assert all(names.local(str(term).strip("<>")) == "undefined" for w in found for term in w.now)
    lines = list(_account(outcome, dataset).lines())
    assert "no chain changes" in lines
    assert any("would have norm status" in line and "undefined" in line for line in lines)


def test_every_item_can_be_followed(scenarios: Scenarios) -> None:
    """Each of the thirteen items has something that would hold."""
    assert len(scenarios.items) == 13
    for item in scenarios.items:
        assert scenarios.follow([item]).wishes, item


def test_items_are_followed_together(scenarios: Scenarios) -> None:
    """Several items change what each changes, in whatever order and spelling they are named."""
    both = scenarios.follow(["R3.1", "r5-3", "R3.1"])
    assert both == scenarios.follow(["R5.3", "r3.1"])
    assert both.graph == names.GRAPH + "scenario/r3-1+r5-3"
    alone = scenarios.follow(["R3.1"])
    assert {c.end for c in alone.chains} <= {c.end for c in both.chains}
    assert len(both.wishes) > len(alone.wishes)


def test_an_unknown_item_is_refused(scenarios: Scenarios) -> None:
    """A name that no item has, and no name at all, are errors that list the items."""
    with pytest.raises(NotFoundError, match=r"R9\.9") as caught:
        scenarios.follow(["R3.2", "R9.9"])
    assert "R1.1, R1.2" in str(caught.value)
    with pytest.raises(UsageError, match="at least one") as empty:
        scenarios.follow([])
    assert "R5.3" in str(empty.value)


def test_nothing_leaks(scenarios: Scenarios, dataset: Dataset, closed: Dataset) -> None:
    """Neither the dataset nor its closure holds anything that only a scenario makes true."""
    revision = dataset.revision
    gained = {t for item in scenarios.items for t in scenarios.follow([item]).gained}
    assert dataset.revision == revision
    assert not gained & set(closed.triples())
    recorded = dataset.select(names.STATED, names.EDITORIAL, names.IS_SCHEMA).triples()
    would = {names.NS + name for name in LIFTED}
    assert not [t for t in recorded if t.predicate.value in would]
    axiom = (names.RDFS + "subPropertyOf", names.NS + "takesPartIn")
    pairs = {
        (t.predicate.value, str(t.object).strip("<>"))
        for t in closed.triples()
        if t.subject == NamedNode(names.NS + "wouldAttend")
    }
    assert axiom not in pairs


def test_a_scenario_is_explained_by_its_own_closure(scenarios: Scenarios) -> None:
    """The closed scenario is to be had, for proofs of what it gains."""
    assert _triple(LOGISTICS, "reaches", POLITICAL) in scenarios.closed(["R3.2"])
    assert _triple(LOGISTICS, "reaches", POLITICAL) not in scenarios.closed(["R2.1"])


def test_follow_is_the_short_way(dataset: Dataset, layout: Layout, integrated: Outcome) -> None:
    """One call gives the same as scenarios on a base."""
    assert follow(inputs(dataset), dataset, load_scenario(layout), ["R3.2"]) == integrated


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "relevant agencies",
                "not connected",
                "assumption:",
                "Step by step:",
                "[in the source,",
            ),
        ),
        (
            "sv",
            (
                "relevanta myndigheter",
                "inte förbundna",
                "antagande:",
                "Steg för steg:",
                "[står i källan,",
            ),
        ),
    ],
)
def test_the_table_is_told_in_both_languages(
    language: str, words: tuple[str, ...], integrated: Outcome, dataset: Dataset
) -> None:
    """Lines for a terminal have labels and words in the language asked for."""
    text = "\n".join(_account(integrated, dataset, language).lines())
    assert [word for word in words if word not in text] == []
    assert ": 3 → 2" in text


def test_the_csv_has_a_row_for_each_change_and_fact(integrated: Outcome, dataset: Dataset) -> None:
    """CSV has the chains with hops before and after and the path, then the proposed facts."""
    data = _account(integrated, dataset).csv().decode()
    rows = list(csv.DictReader(io.StringIO(data)))
    assert len(rows) == len(integrated.chains) + len(integrated.wishes)
    found = {(row["subject"], row["object"]): row for row in rows if row["kind"] == "chain"}
    assert found[AGENCIES, POLITICAL]["before"] == "3"
    assert found[AGENCIES, POLITICAL]["after"] == "2"
    assert found[LOGISTICS, POLITICAL]["before"] == ""
    assert "samsyn:feedsInformationTo" in found[AGENCIES, POLITICAL]["path"]


def test_the_json_has_the_paths(integrated: Outcome, dataset: Dataset) -> None:
    """JSON has every hop with provenance status, graphs, claims and passages."""
    told = json.loads(json.dumps(_account(integrated, dataset).json()))
    chain = next(
        c for c in told["chains"] if (c["start"]["iri"], c["end"]["iri"]) == (AGENCIES, POLITICAL)
    )
    assert [hop["provenance_status"] for hop in chain["path_after"]] == ["proposed", "stated"]
    assert len(chain["path_before"]) == 3
    assert chain["path_after"][1]["statements"][0]["passages"]
    assert told["graph"] == names.GRAPH + "scenario/r3-2"


@pytest.mark.parametrize("form", ["trig", "nquads"])
def test_the_rdf_has_a_graph_of_its_own(form: str, integrated: Outcome, dataset: Dataset) -> None:
    """What is gained is in the scenario's graph; where that comes from stands outside it."""
    quads = parse(rdf(integrated, form, dataset.prefixes), form)
    own = NamedNode(names.GRAPH + "scenario/r3-2")
    assert {q.triple for q in quads if q.graph_name == own} == set(integrated.gained)
    outside = {q.triple for q in quads if q.graph_name != own}
    used = {t.object for t in outside if t.predicate.value == names.PROV + "used"}
    assert {*integrated.items, *integrated.assumptions} <= used
    assert NamedNode(names.GRAPH + "proposed/r3-2") in used
    assert NamedNode(names.GRAPH + "ontology/scenario") in used
    derived = {t.object for t in outside if t.predicate.value == names.PROV + "wasDerivedFrom"}
    assert derived == {*integrated.items, *integrated.assumptions}


@pytest.mark.parametrize("form", ["turtle", "ntriples", "rdfxml"])
def test_triples_alone_have_both(form: str, integrated: Outcome, dataset: Dataset) -> None:
    """A format without graphs has what is gained and where it comes from side by side."""
    triples = {quad.triple for quad in parse(rdf(integrated, form, dataset.prefixes), form)}
    assert set(integrated.gained) < triples
    assert any(t.predicate.value == names.PROV + "wasGeneratedBy" for t in triples)
