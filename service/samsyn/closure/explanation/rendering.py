"""Explanations as text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from samsyn import names
from samsyn.closure.explanation.explainer import Explanation
from samsyn.closure.explanation.gaps import Gap
from samsyn.closure.explanation.rule_names import reason
from samsyn.closure.explanation.sources import Source, Statement
from samsyn.closure.proof.checker import Proof
from samsyn.closure.proof.fact import Fact, Node
from samsyn.dataset.exact import NamedNode

_LOCAL: Final = re.compile(r"[\w-](?:[\w.-]*[\w-])?")
_BRANCH, _LAST, _BAR, _SPACE = "├─ ", "└─ ", "│  ", "   "
DEEPEST: Final = 100
"""As high as a proof may be to be drawn as a tree; a higher one is a list of numbered steps."""
SPELLED: Final = 12
"""As many hops as a path may have to be spelled on one line, above the hops themselves."""
RULES: Final = names.DOC + "rules#"
"""Each rule of the table has its own address here."""


class Shortener:
    """Writes terms with prefixed names.

    Args:
        prefixes: the namespace of each prefix.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        known = {"rdf": names.RDF, "rdfs": names.RDFS, "owl": names.OWL, "xsd": names.XSD}
        table = {**known, **prefixes}
        # The longest namespace first, so that the closest prefix is found.
        self._prefixes = sorted(table.items(), key=lambda pair: -len(pair[1]))

    def term(self, term: Node | None) -> str:
        """Write a term; an open place as a question mark."""
        if term is None:
            return "?"
        return self.iri(term.value) if isinstance(term, NamedNode) else str(term)

    def iri(self, iri: str) -> str:
        """Write an IRI."""
        for prefix, namespace in self._prefixes:
            rest = iri.removeprefix(namespace)
            if rest != iri and _LOCAL.fullmatch(rest):
                return f"{prefix}:{rest}"
        return f"<{iri}>"

    def fact(self, terms: Iterable[Node | None]) -> str:
        """Write a triple, or a pattern of one."""
        subject, predicate, object_ = terms
        is_type = isinstance(predicate, NamedNode) and predicate.value == names.RDF_TYPE
        middle = "a" if is_type else self.term(predicate)
        return f"{self.term(subject)} {middle} {self.term(object_)}"


def origin(hop: Proof) -> Fact:
    """Return the stated triple that a hop comes from: between its ends, either way round.

    The hop itself where it comes from no such triple, but from a chain, say.
    """
    ends = {hop.conclusion.subject, hop.conclusion.object}
    for step in hop.steps():
        if step.rule is None and {step.conclusion.subject, step.conclusion.object} == ends:
            return step.conclusion
    return hop.conclusion


# -- text ----------------------------------------------------------------------------------------


def text(explanation: Explanation, prefixes: Mapping[str, str], language: str = "en") -> str:
    """Write an explanation as a tree for a terminal.

    Args:
        explanation: what to write.
        prefixes: the namespace of each prefix.
        language: of the reasons that are quoted.
    """
    short = Shortener(prefixes)
    if explanation.proof is not None and explanation.proof.height > DEEPEST:
        return "\n".join(_numbered(explanation.proof, short))
    return "\n".join(_Tree(explanation, short, language).lines())


def _numbered(proof: Proof, short: Shortener) -> Iterator[str]:
    # Too deep for a tree: every step on a line of its own, after those it rests on.
    for step, number, premises in numbered(proof):
        reason = f"[{step.rule}] from {', '.join(map(str, premises))}" if step.rule else "stated"
        yield f"{number}. {short.fact(step.conclusion)}  {reason}"


def numbered(proof: Proof) -> Iterator[tuple[Proof, int, list[int]]]:
    """Give every step with a number, and the numbers of those it rests on."""
    numbers: dict[int, int] = {}
    for step in proof.steps():
        numbers[id(step)] = len(numbers) + 1
        yield step, len(numbers), [numbers[id(premise)] for premise in step.premises]


class _Tree:
    def __init__(self, explanation: Explanation, short: Shortener, language: str) -> None:
        self._told = explanation
        self._short = short
        self._language = language
        self._shown: set[int] = set()

    def lines(self) -> Iterator[str]:
        proof = self._told.proof
        if proof is not None:
            yield from self._step(proof, "", "")
            return
        yield f"{self._short.fact(self._told.fact)}: does not follow"
        for source in self._told.sources.get(self._told.fact, ()):
            yield f"  it stands as {self._source(source)}"
        if self._told.gaps:
            yield "what would be needed:"
        for gap in self._told.gaps:
            yield from self._gap(gap)

    def _gap(self, gap: Gap) -> Iterator[str]:
        yield f"  {self._short.fact(gap.missing)}"
        held = "; ".join(map(self._short.fact, gap.present))
        yield f"    because {reason(gap.rule, 'en')} ({gap.rule})" + (
            f", given {held}" if held else ""
        )

    def _step(self, step: Proof, first: str, rest: str) -> Iterator[str]:
        line = first + self._short.fact(step.conclusion)
        if step.rule is None:
            yield line
            yield from (rest + part for part in self._leaf(step))
            return
        repeated = id(step) in self._shown
        self._shown.add(id(step))
        hops = f", {len(step.hops)} steps" if step.hops else ""
        words = reason(step.rule, "en")
        yield f"{line}  [because {words}: {step.rule}{hops}]" + (" (as above)" if repeated else "")
        if repeated:
            return
        yield from (rest + part for part in self._path(step))
        for at, premise in enumerate(step.premises, 1):
            last = at == len(step.premises)
            branch, bar = (_LAST, _SPACE) if last else (_BRANCH, _BAR)
            yield from self._step(premise, rest + branch, rest + bar)

    def _path(self, step: Proof) -> Iterator[str]:
        if 0 < len(step.hops) <= SPELLED:
            yield f"{_BAR}path: {self._route(step)}"

    def _route(self, step: Proof) -> str:
        words = [self._short.term(step.conclusion.subject)]
        at = step.conclusion.subject
        for hop in step.hops:
            fact = origin(hop)
            at = hop.conclusion.object if hop.conclusion.subject == at else hop.conclusion.subject
            arrow = f"-{self._short.term(fact.predicate)}->"
            turned = f"<-{self._short.term(fact.predicate)}-"
            words += [arrow if fact.object == at else turned, self._short.term(at)]
        return " ".join(words)

    def _leaf(self, step: Proof) -> Iterator[str]:
        if id(step) in self._shown:
            return
        self._shown.add(id(step))
        yield from (f"{_SPACE}{place}" for place in self._told.places.get(step.conclusion, ()))
        for source in self._told.sources.get(step.conclusion, ()):
            yield f"{_SPACE}{self._source(source)}"
            for statement in source.statements:
                yield from (_SPACE * 2 + part for part in self._statement(statement))

    def _source(self, source: Source) -> str:
        provenance_status = names.local(source.provenance_status)
        return f"{provenance_status}: graph {source.graph.removeprefix(names.GRAPH)}"

    def _statement(self, statement: Statement) -> Iterator[str]:
        marks = map(names.local, (*statement.certainty, *statement.quantifiers))
        yield f"{self._short.iri(statement.iri)} ({', '.join(marks)})"
        for passage in statement.passages:
            numbers = ", ".join(map(str, passage.sentences))
            where = "".join(f", {self._short.iri(section)}" for section in passage.sections)
            yield f"{_SPACE}{self._short.iri(passage.iri)}: sentence {numbers}{where}"
        for given in statement.reasons if statement.is_editorial else ():
            if given.language == self._language:
                yield f"{_SPACE}reason: {given.value}"
