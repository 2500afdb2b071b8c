"""``POST /validate``: a document against shapes, in the workers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.service.conftest import Client, MakeClient

from samsyn import names
from samsyn.dataset.exact import Dataset, serialize
from samsyn.site.routes import validate
from samsyn.validation import reports
from samsyn.validation.profiles import NAMES
from samsyn.validation.terms.vocabularies import WellKnown

PREFIXES = """\
@prefix network: <https://w3id.org/samsyn/id/network/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
FAULTY = (
    PREFIXES + '<urn:x-a> rdfs:label "an x"@en ;\n  owl:sameAs network:return-working-group .\n'
)
REQUIRED = PREFIXES + 'network:x a samsyn:Network ; rdfs:label "an x"@en .\n'
SHAPES = PREFIXES + (
    "<urn:x-S> a sh:NodeShape ; sh:targetSubjectsOf rdfs:label ; sh:property <urn:x-S-note> .\n"
    "<urn:x-S-note> a sh:PropertyShape ; sh:path skos:note ; sh:minCount 1 .\n"
)
BOUNDARY = "multipart/form-data; boundary=x"


@pytest.fixture(scope="module")
def real(closed: Dataset, client_of: MakeClient) -> Client:
    """A client of a server of the facts of this project."""
    return client_of(closed)


def post(client: Client, body: str, query: str = "", **headers: str) -> Any:
    """Post a document, Turtle unless told."""
    given = {"Content-Type": "text/turtle"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return client.request("POST", f"/validate{query}", headers=given, content=body.encode())


def form(**parts: str) -> str:
    """Write a form with Turtle in its fields."""
    fields = (
        f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.ttl"\r\n'
        f"Content-Type: text/turtle\r\n\r\n{text}\r\n"
        for name, text in parts.items()
    )
    return "".join(fields) + "--x--\r\n"


def rules(reply: Any) -> set[str]:
    """Return the rules of the findings."""
    return {finding["rule"] for finding in reply.json()["findings"]}


def test_a_faulty_document_gets_findings_with_their_places(real: Client) -> None:
    """What is wrong is in the language asked for, with its line, and how much was checked."""
    told = post(real, FAULTY, "?lang=en").json()
    assert told["conforms"] is False
    assert told["checked"]["triples"] == 2
    assert told["checked"]["focus_nodes"] == 2
    (finding,) = told["findings"]
    assert finding["focus"] == "<urn:x-a>"
    assert (finding["place"]["line"], finding["place"]["column"]) == (8, 14)
    assert post(real, FAULTY, "?lang=sv").json()["findings"][0]["message"] != finding["message"]


def test_the_command_line_and_the_server_say_the_same(real: Client) -> None:
    """Each format has the media type and the text that the command line writes."""
    for name, kind in reports.MEDIA.items():
        by_name = post(real, FAULTY, f"?format={name}")
        assert by_name.headers["content-type"].partition(";")[0] == kind
        assert post(real, FAULTY, Accept=kind).text == by_name.text
    sarif = json.loads(post(real, FAULTY, "?format=sarif").text)
    assert sarif["runs"][0]["results"][0]["ruleId"].startswith("SAM-")


def test_a_syntax_error_is_a_finding(real: Client) -> None:
    """What cannot be read is reported as any other fault, all of it, with its line."""
    told = post(real, PREFIXES + "<urn:x-a> a\n<urn:x-b> rdfs:label .\n").json()
    assert {finding["rule"] for finding in told["findings"]} == {"SAM-syntax"}
    assert told["exit_code"] == 1
    assert told["findings"][0]["place"]["line"] >= 7


def test_nothing_checked_is_no_conformance(real: Client) -> None:
    """A document that no shape looks at does not conform; it was not checked, and that is said."""
    told = post(real, "<urn:x-a> <urn:x-b> <urn:x-c> .").json()
    assert (told["conforms"], told["exit_code"]) == (None, 4)
    assert told["unmatched"]
    assert post(real, "").json()["checked"]["triples"] == 0
    text = post(real, "<urn:x-a> <urn:x-b> <urn:x-c> .", Accept="text/plain").text
    assert "nothing was checked: no shape looks at any node of the data" in text


def test_blank_nodes_are_checked_like_others(real: Client) -> None:
    """A node without an IRI gets its findings, though the engine names it again."""
    told = post(real, REQUIRED.replace("network:x", "[]", 1), "?profile=required")
    assert rules(told) == rules(post(real, REQUIRED, "?profile=required")) != set()


@pytest.mark.parametrize("profile", NAMES)
def test_our_own_facts_conform(real: Client, dataset: Dataset, profile: str) -> None:
    """What passes the repository's own check is not faulted for what follows from it."""
    facts = dataset.select(names.STATED, names.EDITORIAL)
    body = serialize(facts.triples(), "turtle", prefixes=dataset.prefixes).decode()
    told = post(real, body, f"?profile={profile}").json()
    assert [f for f in told["findings"] if f["severity"] != "info"] == []
    assert told["conforms"] is True


def test_what_should_be_inferred_may_not_be_stated(real: Client) -> None:
    """An inverse is faulted where it is stated, and not where it follows."""
    stated = post(real, PREFIXES + "network:x samsyn:hasSubgroup network:y .")
    assert "SAM-LinkedInferredShape-hasSubgroup" in rules(stated)
    follows = post(real, PREFIXES + "network:y samsyn:isSubgroupOf network:x .")
    assert not any("Inferred" in rule for rule in rules(follows))


def test_contradictions_come_with_their_proof(real: Client) -> None:
    """What cannot hold with our ontology is reported, down to the stated triples."""
    body = PREFIXES + "<urn:x-n> a samsyn:Network ; samsyn:isSubgroupOf <urn:x-n> ."
    (found,) = [
        finding
        for finding in post(real, body).json()["findings"]
        if finding["rule"] == "SAM-contradiction"
    ]
    assert found["proof"]
    assert post(real, body, "?infer=none").json()["findings"] == []


def test_domains_count_for_contradictions_and_not_for_shapes(real: Client) -> None:
    """A network with the code of a country contradicts itself, and is no country to the shapes."""
    body = PREFIXES + '<urn:x-n> a samsyn:Network ; samsyn:hasIsoAlpha2Code "XX" .\n'
    told = post(real, body, "?profile=required")
    assert "SAM-contradiction" in rules(told)
    assert names.SHAPES + "CountryShape" in told.json()["unmatched"]


def test_links_are_looked_up_with_the_graph(real: Client) -> None:
    """A thing that does not exist is found where the graph is at hand."""
    body = PREFIXES + '<urn:x-a> rdfs:label "a"@en ; skos:closeMatch network:no-such-thing .'
    assert rules(post(real, body)) == set()
    assert rules(post(real, body, "?with-graph=true")) == {"SAM-unknown-thing"}


def test_untrusted_shapes_are_used(real: Client) -> None:
    """Shapes that come along in a form are checked against, alone or beside a profile."""
    sent = form(data=FAULTY, shapes=SHAPES)
    alone = post(real, sent, Content_Type=BOUNDARY)
    assert rules(alone) == {"SAM-shape:urn:x-S-note"}
    both = post(real, sent, "?profile=linking", Content_Type=BOUNDARY)
    assert len(rules(both)) == 2
    assert rules(post(real, form(data=FAULTY), Content_Type=BOUNDARY)) == rules(post(real, FAULTY))


@pytest.mark.threat("hostile-shapes")
@pytest.mark.parametrize(
    "more",
    [
        '<urn:x-S> sh:sparql [ sh:select "SELECT $this WHERE { $this a ?c }" ] .',
        "<urn:x-S> owl:imports <http://127.0.0.1/> .",
        "<urn:x-S> sh:js <urn:x-js> .",
    ],
    ids=["sparql", "imports", "js"],
)
def test_only_the_core_is_taken_from_untrusted_shapes(real: Client, more: str) -> None:
    """Queries, programs and imports in shapes are refused, and not passed over."""
    reply = post(real, form(data=FAULTY, shapes=SHAPES + more), Content_Type=BOUNDARY)
    assert reply.status_code == 403


def test_faulty_shapes_are_refused(real: Client) -> None:
    """Shapes that an engine would misread in silence are reported, with their line."""
    sent = form(data=FAULTY, shapes=SHAPES.replace("minCount", "mincount"))
    reply = post(real, sent, Content_Type=BOUNDARY)
    assert reply.status_code == 400
    assert "minCount" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("body", "query", "kind", "status"),
    [
        pytest.param("", "", "text/csv", 415, id="csv"),
        pytest.param("", "", "", 400, id="no-type"),
        pytest.param("", "?profile=none", "text/turtle", 400, id="profile"),
        pytest.param("", "?profile=linking@99", "text/turtle", 400, id="version"),
        pytest.param("", "?infer=all", "text/turtle", 400, id="infer"),
        pytest.param("", "?with-graph=maybe", "text/turtle", 400, id="with-graph"),
        pytest.param("", "?shapes=x", "text/turtle", 403, id="shapes"),
        pytest.param("", "?profile=shapes.ttl", "text/turtle", 400, id="file"),
        pytest.param("", "?other=x", "text/turtle", 400, id="parameter"),
        pytest.param("", "?format=csv", "text/turtle", 406, id="format"),
        pytest.param("", "", "text/turtle; charset=iso-8859-1", 415, id="charset"),
        pytest.param("", "", BOUNDARY, 400, id="no-form"),
        pytest.param(form(other=""), "", BOUNDARY, 400, id="no-document"),
        pytest.param(
            '<!DOCTYPE r [<!ENTITY a "a">]><r/>', "", "application/rdf+xml", 400, id="doctype",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_refused(
    real: Client, body: str, query: str, kind: str, status: int
) -> None:
    """Other types, other parameters and what could reach out are refused, each as such."""
    assert post(real, body, query, Content_Type=kind).status_code == status


def test_only_post_is_served(real: Client) -> None:
    """GET says which method it is."""
    response = real.get("/validate")
    assert response.status_code == 405
    assert "POST" in response.headers["allow"]


PROPERTIES = sorted(name for name in WellKnown().get(names.SH).terms if name[0].islower())  # type: ignore[union-attr]
HARMLESS = ("order", "group", "name", "description", "message", "severity", "defaultValue")


@pytest.mark.parametrize("property_", PROPERTIES)
def test_no_property_of_shacl_is_passed_over_in_shapes_of_untrusted_shapes(
    real: Client, property_: str
) -> None:
    """Each on a shape is evaluated, or refused with a reason, or known to be harmless."""
    clean = []
    for value in ("true", '"x"', "1", "<urn:x>", "[ sh:in () ]", "( [ sh:in () ] )", "()"):
        shape = f"<urn:x-S> sh:targetNode <urn:x-a> ; sh:nodeKind sh:IRI ; sh:{property_} {value} ."
        reply = post(real, form(data=FAULTY, shapes=PREFIXES + shape), Content_Type=BOUNDARY)
        assert reply.status_code in {200, 400, 403}, reply.text
        if reply.status_code != 200:
            assert "sh:" in reply.text or "shape" in reply.text
        elif "SAM-" not in reply.text.partition('"rules"')[0].replace("SAM-contradiction", ""):
            clean.append(value)
    if clean:
        # A clean check: the property was satisfied, or it asks for nothing.
        assert property_ in {*HARMLESS, *SATISFIED}


SATISFIED = frozenset(
    {
        *("and", "closed", "deactivated", "flags", "hasValue", "in", "minLength", "node", "or"),
        *("property", "targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf"),
        *("ignoredProperties", "qualifiedValueShapesDisjoint", "pattern", "not", "xone"),
        *(
            "uniqueLang",
            "disjoint",
            "path",
            "entailment",
            "declare",
            "namespace",
            "prefix",
            "maxLength",
        ),
    }
)


def test_untrusted_shapes_look_at_the_data_sent_alone(real: Client) -> None:
    """A class that only our ontology declares is not declared in what was sent."""
    shapes = PREFIXES + (
        "<urn:x-S> sh:targetSubjectsOf <urn:x-uses> ;"
        " sh:property [ sh:path <urn:x-uses> ; sh:class owl:Class ] ."
    )
    data = PREFIXES + "<urn:x-a> <urn:x-uses> skos:Concept ."
    for query in ("", "?infer=none"):
        reply = post(real, form(data=data, shapes=shapes), query, Content_Type=BOUNDARY)
        (finding,) = reply.json()["findings"]
        assert finding["value"] == f"<{names.SKOS}Concept>"


def test_a_node_that_is_absent_is_looked_at(real: Client) -> None:
    """What untrusted shapes name is checked, and a class is its own target."""
    needed = "sh:property [ sh:path <urn:x-code> ; sh:minCount 1 ]"
    shapes = (
        PREFIXES
        + f"<urn:x-none> a owl:Class ; {needed} . <urn:x-S> sh:targetNode <urn:x-b> ; {needed} ."
    )
    data = PREFIXES + "<urn:x-a> a <urn:x-none> ."
    reply = post(real, form(data=data, shapes=shapes), Content_Type=BOUNDARY).json()
    assert [finding["focus"] for finding in reply["findings"]] == ["<urn:x-b>", "<urn:x-a>"]
    assert reply["checked"]["focus_nodes"] == 2


def shapes_form(path: str) -> str:
    """Make a form of a small document, and a shape with a path."""
    shape = f"<urn:S> sh:targetNode <urn:a> ; sh:property [ sh:path {path} ; sh:minCount 1 ] ."
    return form(
        data="<urn:a> <urn:p> 1 .", shapes=f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n{shape}"
    )


@pytest.mark.threat("hostile-shapes")
@pytest.mark.parametrize("times", [11, 900])
def test_deep_paths_of_untrusted_shapes_are_refused_in_words(real: Client, times: int) -> None:
    """A path with many within each other gets 403 and is never a fault of the server."""
    path = "[ sh:inversePath " * times + "<urn:p>" + " ]" * times
    reply = post(real, shapes_form(path), **{"Content-Type": BOUNDARY})
    assert reply.status_code == 403
    assert "within each other" in reply.json()["detail"]


@pytest.mark.threat("hostile-shapes")
def test_what_is_too_deep_for_the_server_is_told(real: Client, monkeypatch: Any) -> None:
    """Wherever a request leads deeper than the server can follow, it is the request's fault."""

    def deeper(*_: object) -> None:
        deeper()

    monkeypatch.setattr(validate, "read", deeper)
    reply = post(real, "<urn:a> <urn:p> 1 .")
    assert reply.status_code == 400
    assert "within each other" in reply.json()["detail"]


@pytest.mark.threat("hostile-document")
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\0" * 100_000, "text/turtle"),
        (b'<http://x/a> <http://x/b> "' + b"x" * 100_000 + b"\n", "application/n-triples"),
        (b'{"@id": "' + b"x" * 100_000, "application/ld+json"),
        (b"<" + b"x" * 100_000, "application/rdf+xml"),
    ],
)
@pytest.mark.parametrize("form", ["application/json", "text/html"])
def test_a_report_quotes_the_beginning_of_a_long_fault(
    real: Client, body: bytes, kind: str, form: str
) -> None:
    """It is as long for a long line as for a short one."""
    sizes = [
        len(
            real.request(
                "POST", "/validate", headers={"Content-Type": kind, "Accept": form}, content=sent
            ).content
        )
        for sent in (body[:3000], body)
    ]
    assert abs(sizes[1] - sizes[0]) < 200


@pytest.mark.parametrize("datatype", ["integer", "date"])
def test_a_sentence_quotes_the_beginning_of_a_long_value(real: Client, datatype: str) -> None:
    """The value itself is in the report once more, whole."""
    body = f'<urn:x-a> <urn:x-b> "{"x" * 9000}"^^<http://www.w3.org/2001/XMLSchema#{datatype}> .'
    found = post(real, body).json()["findings"]
    assert found
    assert all(len(finding["message"]) < 1500 for finding in found)
