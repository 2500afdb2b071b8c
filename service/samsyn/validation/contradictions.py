"""Contradictions as findings: each with the proof of its premises, down to what was stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from samsyn import names
from samsyn.closure.explanation.explainer import Explainer, Explanation
from samsyn.closure.explanation.rendering import Shortener, text
from samsyn.closure.graph import OF_VALUE, Clash, Node, Statement
from samsyn.closure.proof.checker import Proof
from samsyn.closure.proof.fact import Fact
from samsyn.dataset.exact import BlankNode, Literal, Triple
from samsyn.positions.text import Texts
from samsyn.validation.evaluation import Examination
from samsyn.validation.finding import ANONYMOUS, Finding, shown
from samsyn.validation.locations import Aim

RULE: Final = "SAM-contradiction"

_AXIOMS: Final = frozenset({names.OWL + "disjointWith", names.OWL + "members"})
_CLASSES: Final = (
    "{0} hör till två klasser som ingenting kan höra till på en gång, {1} och {2}.",
    "{0} belongs to two classes that nothing can belong to at once, {1} and {2}.",
)
_PROPERTIES: Final = (
    "{p} och {q} utesluter varandra, men båda förbinder {0} med {1}.",
    "{p} and {q} rule each other out, but both relate {0} to {1}.",
)
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "cax-dw": _CLASSES,
    "cax-adc": _CLASSES,
    "cls-com": _CLASSES,
    "prp-pdw": _PROPERTIES,
    "prp-adp": _PROPERTIES,
    "prp-irp": (
        "{p} kan inte förbinda något med sig självt, men gör det med {0}.",
        "{p} cannot relate anything to itself, but does so with {0}.",
    ),
    "prp-asyp": (
        "{p} gäller bara åt ett håll, men står åt båda mellan {0} och {1}.",
        "{p} holds one way only, but stands both ways between {0} and {1}.",
    ),
}
_VALUE: Final = (
    "{literal} måste vara ett värde av datatypen {datatype}, men är det inte.",
    "{literal} must be a value of the datatype {datatype}, and is none.",
)
_OTHERS: Final = ("Detta kan inte gälla på en gång: {all}.", "These cannot hold at once: {all}.")


class Contradictions:
    """The contradictions of a user's data with itself or with the ontology.

    Args:
        examination: the data.
        prefixes: the namespace of each prefix, to write terms with.
    """

    def __init__(self, examination: Examination, prefixes: Mapping[str, str]) -> None:
        self._examination = examination
        self._closed = examination.closed
        self._explainer = Explainer(self._closed, examination.rules)
        self._short = Shortener(prefixes)
        self._prefixes = prefixes

    def aims(self) -> Iterator[Aim]:
        """Give each contradiction; those that rest on the same stated triples are one."""
        met: set[frozenset[Triple]] = set()
        for clash in self._closed.clashes():
            proofs = list(self._proofs(clash))
            grounds = tuple(
                dict.fromkeys(t for proof in proofs for t in self._examination.leaves(proof))
            )
            if frozenset(grounds) not in met:
                met.add(frozenset(grounds))
                yield Aim(self._finding(clash, proofs), grounds)

    def _proofs(self, clash: Clash) -> Iterator[Proof]:
        for premise in _facts(clash):
            proof = self._explainer.proof(Fact(*premise))
            if proof is not None:
                yield proof

    def _finding(self, clash: Clash, proofs: list[Proof]) -> Finding:
        facts = self._seen(clash, proofs)
        first, last = facts[0], facts[-1]
        told = (text(Explanation(p.conclusion, p), self._prefixes) for p in proofs)
        return Finding(
            rule=RULE,
            severity="violation",
            messages=self._words(clash, facts),
            focus=str(first.subject),
            path=first.predicate.value if hasattr(first.predicate, "value") else "",
            value=str(last.object),
            component=clash.rule,
            proof=tuple(line for proof in told for line in proof.splitlines()),
        )

    def _seen(self, clash: Clash, proofs: list[Proof]) -> list[Statement]:
        # Of a literal that has to be of a datatype: the triple that says it, which leads to that.
        facts = _facts(clash)
        if clash.rule != OF_VALUE or not isinstance(facts[0].subject, Literal):
            return facts
        stated = (step.conclusion for proof in proofs for step in proof.steps() if not step.rule)
        said = [Statement(*fact) for fact in stated if fact.object == facts[0].subject]
        return said[:1] or ([Statement(*_places(clash.seen))] if clash.seen else facts)

    def _words(self, clash: Clash, facts: list[Statement]) -> Texts:
        rule = clash.rule
        first, last = facts[0], facts[-1]
        ends = [shown(self._term(term)) for term in (first.subject, first.object, last.object)]
        names_ = {"p": self._short.term(first.predicate), "q": self._short.term(last.predicate)}
        whole = "; ".join(map(self._fact, facts))
        if rule == OF_VALUE:
            literal, datatype = clash.literal_and_datatype
            value = {
                "literal": shown(self._short.term(literal)),
                "datatype": self._short.term(datatype),
            }
            words = [form.format(**value) for form in _VALUE]
        else:
            forms = _WORDS.get(rule, _OTHERS)
            words = [form.format(*ends, **names_, all=whole) for form in forms]
        return tuple(
            (language, f"{said} ({rule})")
            for language, said in zip(("sv", "en"), words, strict=True)
        )

    def _term(self, term: Node) -> str:
        return ANONYMOUS if isinstance(term, BlankNode) else self._short.term(term)

    def _fact(self, fact: Statement) -> str:
        if not any(isinstance(term, BlankNode) for term in _places(fact)):
            return self._short.fact(fact)
        predicate = getattr(fact.predicate, "value", "")
        verb = "a" if predicate == names.RDF_TYPE else self._term(fact.predicate)
        return f"{self._term(fact.subject)} {verb} {self._term(fact.object)}"


def _facts(clash: Clash) -> list[Statement]:
    # An axiom among the premises says why, not what.
    given = [Statement(*_places(premise)) for premise in clash.premises]
    facts = [fact for fact in given if getattr(fact.predicate, "value", "") not in _AXIOMS]
    return facts or given


def _places(triple: Triple | Statement) -> tuple[Node, Node, Node]:
    return triple.subject, triple.predicate, triple.object
