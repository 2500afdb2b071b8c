"""Explanations as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from samsyn import names
from samsyn.closure.explanation.explainer import Explanation
from samsyn.closure.explanation.gaps import Gap
from samsyn.closure.explanation.rendering import DEEPEST, RULES, numbered, origin
from samsyn.closure.explanation.sources import Source, Statement
from samsyn.closure.proof.checker import Proof
from samsyn.closure.proof.fact import Node
from samsyn.dataset.exact import BlankNode, NamedNode, Triple


def as_json(explanation: Explanation) -> str:
    """Write an explanation as JSON; a step that recurs is written out once and then referred to."""
    proof = explanation.proof
    answer: dict[str, Any] = {
        "triple": _triple(explanation.fact),
        "follows": proof is not None,
    }
    if proof is not None:
        answer["height"] = proof.height
        deep = proof.height > DEEPEST
        answer |= {"steps": _steps(proof)} if deep else {"proof": _proof(proof, explanation, {})}
    else:
        answer["missing"] = [_gap(gap) for gap in explanation.gaps]
        answer["sources"] = [_source(s) for s in explanation.sources.get(explanation.fact, ())]
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _steps(proof: Proof) -> list[dict[str, Any]]:
    return [
        {"id": number, "triple": _triple(step.conclusion), "rule": step.rule, "premises": premises}
        for step, number, premises in numbered(proof)
    ]


def _proof(step: Proof, explanation: Explanation, numbers: dict[int, int]) -> dict[str, Any]:
    known = numbers.get(id(step))
    if known is not None:
        return {"id": known, "triple": _triple(step.conclusion), "repeated": True}
    numbers[id(step)] = len(numbers) + 1
    written: dict[str, Any] = {"id": len(numbers), "triple": _triple(step.conclusion)}
    if step.rule is None:
        found = explanation.sources.get(step.conclusion, ())
        written |= {"rule": None, "sources": [_source(source) for source in found]}
        places = [place._asdict() for place in explanation.places.get(step.conclusion, ())]
        return {**written, "places": places} if places else written
    written |= {"rule": step.rule, "rule_iri": RULES + step.rule, "height": step.height}
    if step.hops:
        written["path"] = [_triple(origin(hop)) for hop in step.hops]
    written["premises"] = [_proof(premise, explanation, numbers) for premise in step.premises]
    return written


def _triple(terms: Iterable[Node | None]) -> dict[str, Any]:
    return dict(zip("spo", map(_term, terms), strict=True))


def _term(term: Node | None) -> dict[str, Any] | None:
    # As in SPARQL 1.1 Query Results JSON Format, section 3.2.2.
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, Triple):
        return {"type": "triple", "value": _triple((term.subject, term.predicate, term.object))}
    if term is None:
        return None
    written: dict[str, Any] = {"type": "literal", "value": term.value}
    if term.language:
        return {**written, "xml:lang": term.language}
    plain = term.datatype.value == names.XSD_STRING
    return written if plain else {**written, "datatype": term.datatype.value}


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "rule": gap.rule,
        "missing": _triple(gap.missing),
        "present": [_triple(fact) for fact in gap.present],
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "graph": source.graph,
        "provenance_status": source.provenance_status,
        "statements": [_statement(statement) for statement in source.statements],
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "iri": statement.iri,
        "kind": "editorial_statement" if statement.is_editorial else "claim",
        "certainty": list(statement.certainty),
        "quantifiers": list(statement.quantifiers),
        "reason": {reason.language or "": reason.value for reason in statement.reasons},
        "passages": [
            {
                "iri": passage.iri,
                "sentences": list(passage.sentences),
                "sections": list(passage.sections),
            }
            for passage in statement.passages
        ],
    }
