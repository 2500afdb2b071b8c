"""A graph closed under rules: triples in, triples out, with terms instead of numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise, product
from typing import Final, NamedTuple, cast

import numpy as np

from samsyn.closure.engine.axiomatic import by_term, conclusions
from samsyn.closure.engine.datatypes import Datatypes
from samsyn.closure.engine.memory import Engine
from samsyn.closure.engine.plan import TABLE, Scan
from samsyn.closure.engine.relation import EMPTY, LOW, Pairs, pack
from samsyn.closure.literals import DATATYPES, datatypes, different_value, is_of, value
from samsyn.closure.rules import OWL_RL, RULES, Rule, shortened
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple
from samsyn.errors import LimitError
from samsyn.names import OWL, RDF_TYPE, RDFS

_NOTHING: Final = NamedNode("urn:x-samsyn:nothing")
_TYPE: Final = NamedNode(RDF_TYPE)
_DIFFERENT: Final = NamedNode(OWL + "differentFrom")
_OPPOSED: Final = ("sameAs", "differentFrom")

OF_VALUE: Final = "dt-not-type"
"""The rule on literals that cannot be of a datatype, and have to be."""

Node = NamedNode | BlankNode | Literal | Triple
"""What is in a triple."""


class Statement(NamedTuple):
    """What the rules may say and RDF may not: of a literal, or with a blank node as property."""

    subject: Node
    predicate: Node
    object: Node

    def __str__(self) -> str:
        return " ".join(map(str, self))

    def rdf(self) -> Triple | None:
        """Return it as a triple, if RDF can say it."""
        if isinstance(self.subject, Literal) or not isinstance(self.predicate, NamedNode):
            return None
        return Triple(self.subject, self.predicate, self.object)


@dataclass(frozen=True)
class Clash:
    """A contradiction.

    Args:
        rule: the W3C name of the rule that finds it.
        premises: the triples that cannot hold together; those of the ontology are left out.
        seen: of a literal that cannot be what it has to be, a stated triple in which it stands.
    """

    rule: str
    premises: tuple[Triple | Statement, ...]
    seen: Triple | None = None

    @property
    def literal_and_datatype(self) -> tuple[Literal, NamedNode]:
        """The literal and the datatype that a contradiction of :data:`OF_VALUE` is about."""
        said = self.premises[0]
        if isinstance(said.subject, Literal) and isinstance(said.object, NamedNode):
            return said.subject, said.object
        if not isinstance(said.object, Literal):
            raise TypeError(f"{self.rule} is about no literal")
        return said.object, said.object.datatype


class ClosedGraph:
    """Triples and all that follows from them.

    Args:
        triples: the stated ones.
        rules: W3C names of the rules; default: OWL 2 RL without the rules that only make noise.
        limit: how many triples there may be in all.

    Raises:
        LimitError: more triples would follow than the limit allows.
    """

    def __init__(
        self, triples: Iterable[Triple], rules: Iterable[str] = OWL_RL, limit: int | None = None
    ) -> None:
        chosen = [RULES[name] for name in rules]
        self._names = frozenset(rule.name for rule in chosen)
        self._of_terms = [rule for rule in chosen if by_term(rule)]
        self._rules = [rule.name for rule in chosen if not by_term(rule)]
        self._limit = limit
        self._begin(triples)

    def _begin_engine(self, like: Engine | None = None) -> None:
        self._engine = Engine(self._rules, limit=self._limit, terms=like)
        general = any(rule.premises and not rule.premises[0].name for rule in self._of_terms)
        self._datatypes = Datatypes(self._engine, self._names, self._term, general=general)

    def _begin(self, triples: Iterable[Triple]) -> None:
        self.stated: set[Triple] = set()
        self._given: list[tuple[int, Pairs]] = []
        self._begin_engine()
        self._terms: list[Node] = []
        self.add(triples)

    def under(self, rules: Iterable[str]) -> ClosedGraph:
        """Close the same stated triples under other rules, without numbering the terms again.

        Args:
            rules: W3C names of the rules.

        Raises:
            LimitError: more triples would follow than the limit allows.
        """
        other = ClosedGraph((), rules, self._limit)
        other.stated = set(self.stated)
        other._given = list(self._given)
        other._begin_engine(self._engine)
        other._terms = list(self.terms())
        for column in self._given:
            other._engine.give(*column)
        other._derive()
        return other

    def remove(self, triples: Iterable[Triple]) -> None:
        """Take back stated triples, and all that followed from them alone.

        Everything is derived again from what is left: which conclusions had another ground is not
        kept. A triple that was not stated is passed over.
        """
        gone = set(triples)
        if gone & self.stated:
            self._begin(self.stated - gone)

    def add(self, triples: Iterable[Triple]) -> None:
        """Add triples and derive what follows from them too."""
        given = list(triples)
        self.stated.update(given)
        for predicate, pairs in self._columns(given).items():
            column = np.array(pairs, np.int64)
            self._given.append((predicate, column))
            self._engine.give(predicate, column)
        self._derive()

    def _derive(self) -> None:
        try:
            self._close()
        except OverflowError as error:
            number, rule = error.args
            property_ = self._term(number)
            raise LimitError(self._engine.limit or 0, str(property_), rule) from None

    def _columns(self, triples: Iterable[Triple]) -> dict[int, list[int]]:
        # Written out for speed: with a great input, most of the time is spent here.
        known, new = self._engine.ids.get, self._number
        columns: dict[int, list[int]] = defaultdict(list)
        for triple in triples:
            one, other, name = triple.subject, triple.object, triple.predicate
            first = known(one.value if isinstance(one, NamedNode) else one) or new(one)
            second = known(other.value if isinstance(other, NamedNode) else other) or new(other)
            columns[known(name.value) or new(name)].append(first << 32 | second)
        return columns

    def _close(self) -> None:
        self._datatypes.merge()
        self._engine.close()
        # All of them each time, so a list.
        while any([*map(self._say, self._of_terms), self._datatypes.say()]):
            self._engine.close()
        if self._engine.limit is not None and self._engine.sameness:
            self._weigh(self._engine.limit)

    def _weigh(self, limit: int) -> None:
        # A thing with a thousand names is the same as itself in a million ways.
        names, weight = self._engine.names, self._engine.sameness.weight
        relations = self._engine.relations.items()
        sizes = {name: len(names(name)) * weight(held.pairs()) for name, held in relations}
        if sum(sizes.values()) > limit:
            raise OverflowError(max(sizes, key=sizes.__getitem__), "eq-rep-s")

    def _say(self, rule: Rule) -> bool:
        terms, columns = self.terms(), self._engine.places()
        places = tuple([_key(terms[number]) for number in column] for column in columns)
        if "dt-diff" in self._names and self._engine.valued.differ():
            places[1].append(OWL + "differentFrom")
        found: dict[int, set[int]] = defaultdict(set)
        for said in conclusions(rule, places, self._literals()):
            first, predicate, second = map(self._engine.number, said)
            found[predicate].add(first << 32 | second)
        news = [self._engine.say(rule.name, *part) for part in found.items()]
        return any(news)

    def _literals(self) -> list[Literal]:
        return [key for key in self._engine.ids if isinstance(key, Literal)]

    @property
    def counts(self) -> dict[str, int]:
        """How many triples each rule gave, repeated ones included."""
        return dict(self._engine.counts)

    @property
    def held(self) -> int:
        """How many pairs are kept, of terms that represent all others that are the same."""
        return self._engine.size

    def pairs(self) -> dict[int, Pairs]:
        """Return the closure as numbers: for each property its pairs, ``first << 32 | second``."""
        return self._engine.expanded()

    def as_written(self) -> dict[int, Pairs]:
        """Return the same with each value of a thing in one writing: as stated, where it is."""
        pairs, rivals = self.pairs(), self._rivals()
        if not rivals.size:
            return pairs
        stated: dict[int, list[Pairs]] = defaultdict(list)
        for predicate, column in self._given:
            stated[predicate].append(column)
        return {
            predicate: self._without_rivals(column, rivals, stated[predicate])
            for predicate, column in pairs.items()
        }

    def _rivals(self) -> Pairs:
        # The literals that have other writings.
        if not self._engine.sameness:
            return EMPTY
        members = self._engine.sameness.members().pairs()
        literals = [isinstance(self._term(pair & LOW), Literal) for pair in members.tolist()]
        members = members[np.array(literals, bool)]
        roots, counts = np.unique(members >> 32, return_counts=True)
        found: Pairs = (members & LOW)[np.isin(members >> 32, roots[counts > 1])]
        return found

    def _without_rivals(self, pairs: Pairs, rivals: Pairs, stated: list[Pairs]) -> Pairs:
        some = np.isin(pairs & LOW, rivals)
        if not some.any():
            return pairs
        found = pairs[some]
        values = pack(found >> 32, self._engine.sameness.roots(found & LOW))
        told = np.isin(found, np.concatenate([EMPTY, *stated]))
        first = np.zeros(found.size, bool)
        first[np.unique(values, return_index=True)[1]] = True
        kept: Pairs = found[told | (first & ~np.isin(values, values[told]))]
        found = np.concatenate((pairs[~some], kept))
        found.sort()
        return found

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Triple]:
        yield from self._triples(self._engine.expanded())

    def written(self) -> Iterator[Triple]:
        """Give the triples as :meth:`as_written` has them."""
        yield from self._triples(self.as_written())

    def _triples(self, pairs_of: Mapping[int, Pairs]) -> Iterator[Triple]:
        # What the rules say of a literal, or with one as a property, is no RDF triple.
        terms = self.terms()
        for predicate, pairs in pairs_of.items():
            name = terms[predicate]
            if isinstance(name, NamedNode):
                for pair in pairs.tolist():
                    subject = terms[pair >> 32]
                    if not isinstance(subject, Literal):
                        yield Triple(subject, name, terms[pair & LOW])

    def __contains__(self, triple: Triple) -> bool:
        return next(self.match(triple.subject, triple.predicate, triple.object), None) is not None

    def match(
        self, subject: Node | None, predicate: Node | None, object_: Node | None
    ) -> Iterator[Triple]:
        """Give the triples of the closure that fit; a place left ``None`` fits anything."""
        yield from filter(None, (fact.rdf() for fact in self.facts(subject, predicate, object_)))

    def facts(
        self, subject: Node | None, predicate: Node | None, object_: Node | None
    ) -> Iterator[Statement]:
        """Give the same with what only the rules may say, such as the class of a literal."""
        given = [
            None if term is None else self.number(term) for term in (subject, predicate, object_)
        ]
        if -1 not in given:
            yield from self._kept(given)
        for fact in self._unkept(subject, predicate, object_):
            places = [self.number(term) for term in fact]
            if -1 in places or next(self._kept(places), None) is None:  # type: ignore[arg-type]
                yield fact

    def _unkept(
        self, subject: Node | None, predicate: Node | None, object_: Node | None
    ) -> Iterator[Statement]:
        # What the rules say of literals, and nothing but a question asks for.
        if not (subject is None or (isinstance(subject, Literal) and subject in self._engine.ids)):
            return
        literals = self._literals() if subject is None else [subject]
        if predicate == _TYPE and "dt-type2" in self._names:
            for literal in literals if object_ is None or _is_datatype(object_) else ():
                spaces = datatypes(literal) if object_ is None else (str(object_)[1:-1],)
                for space in spaces:
                    if object_ is None or is_of(literal, space):
                        yield Statement(literal, _TYPE, NamedNode(space))
        elif predicate == _DIFFERENT and "dt-diff" in self._names:
            if object_ is None and subject is None:
                return
            others = self._literals() if object_ is None else [object_]
            for one, other in product(literals, others):
                if isinstance(other, Literal) and different_value(one, other):
                    yield Statement(one, _DIFFERENT, other)

    def _kept(self, given: list[int | None]) -> Iterator[Statement]:
        first, middle, second = given
        wanted = self._engine.relations if middle is None else [self._engine.find(middle)]
        for number in list(wanted):
            for one, other in self._pairs(number, first, second):
                yield from self._named(one, number if middle is None else middle, other, given)

    def number(self, term: Node) -> int:
        """Return the number of a term in :meth:`pairs`, -1 if it has none."""
        return self._engine.ids.get(_key(term), -1)

    def _pairs(
        self, predicate: int, first: int | None, second: int | None
    ) -> Iterator[tuple[int, int]]:
        find, relation = self._engine.find, self._engine.relations.get(predicate)
        if relation is None:
            return
        if first is not None:
            start = find(first)
            end = None if second is None else find(second)
            if end is None:
                yield from ((start, other) for other in self._engine.second(predicate, start))
            elif relation.holds(np.array([start << 32 | end]))[0]:
                yield start, end
        elif second is not None:
            end = find(second)
            yield from ((other, end) for other in self._engine.first(predicate, end))
        else:
            yield from ((pair >> 32, pair & LOW) for pair in relation.pairs().tolist())

    def _named(
        self, first: int, predicate: int, second: int, given: list[int | None]
    ) -> Iterator[Statement]:
        # What holds of a representative holds of each name of it.
        terms, places = self.terms(), (first, predicate, second)
        options = [
            [asked] if asked is not None else self._engine.names(place)
            for asked, place in zip(given, places, strict=True)
        ]
        for start, middle, end in product(*options):
            yield Statement(terms[start], terms[middle], terms[end])

    def plan(self) -> Iterator[str]:
        """Give the plan line by line: what was given, moves, and all other steps."""
        terms = self.terms()
        yield from self._engine.plan.lines(lambda number: shown(terms[number]))

    def clashes(self) -> Iterator[Clash]:
        """Give the contradictions, each once, with its premises among the facts."""
        known = set()
        for clash in self._clashes():
            # A symmetric axiom finds the same premises from both sides.
            key = clash.rule, frozenset(map(str, clash.premises))
            if key not in known:
                known.add(key)
                yield clash

    def _clashes(self) -> Iterator[Clash]:
        for step, row in self._engine.clashes():
            scans = [scan for scan in step.body if scan.relation != TABLE]
            yield Clash(step.rule, tuple(self._triple(scan, row) for scan in scans))
        for literal, datatype in self._datatypes.outside():
            yield self._outside(literal, datatype)
        yield from self._merged_values()

    def _outside(self, literal: Literal, datatype: str) -> Clash:
        seen = self._seen(literal, datatype)
        own = datatype == literal.datatype.value
        said = seen if own and seen else Statement(literal, _TYPE, NamedNode(datatype))
        return Clash(OF_VALUE, (said,), seen)

    def _seen(self, literal: Literal, datatype: str) -> Triple | None:
        # A stated triple with the literal, of a property with that range rather than another.
        found = None
        ranged = NamedNode(RDFS + "range")
        for triple in self.match(None, None, literal):
            if triple in self.stated:
                found = found or triple
                if next(self.match(triple.predicate, ranged, NamedNode(datatype)), None):
                    return triple
        return found

    def _merged_values(self) -> Iterator[Clash]:
        # Two literals of different values are different (dt-diff) though nobody has said so.
        if not self._engine.sameness:
            return
        names: dict[int, list[Literal]] = defaultdict(list)
        for pair in self._engine.sameness.members().pairs().tolist():
            if isinstance(term := self._term(pair & LOW), Literal):
                names[pair >> 32].append(term)
        for group in names.values():
            values = {of: literal for literal in group if (of := value(literal)) is not None}
            for one, other in islice(pairwise(values.values()), 1):
                said = (Statement(one, NamedNode(OWL + name), other) for name in _OPPOSED)
                yield Clash("eq-diff1", tuple(said))

    def _triple(self, scan: Scan, row: dict[str, int]) -> Triple | Statement:
        ends = (end if isinstance(end, int) else row[end] for end in (scan.first, scan.second))
        first, second = ends
        terms = self.terms()
        said = Statement(terms[first], terms[scan.relation], terms[second])
        return said.rdf() or said

    def _number(self, term: Node) -> int:
        number = self._engine.number(_key(term))
        if isinstance(term, Literal):
            self._engine.note(number, term)
        return number

    def _term(self, number: int) -> Node:
        return self.terms()[number]

    def terms(self) -> list[Node]:
        """Return the term that each number of :meth:`pairs` stands for."""
        known = max(1, len(self._terms))
        if known <= len(self._engine.ids):
            self._terms = self._terms or [_NOTHING]
            # Numbers are given in order, so what is new stands last.
            for key in islice(self._engine.ids, known - 1, None):
                term = NamedNode(key) if isinstance(key, str) else cast("Node", key)
                self._terms.append(term)
        return self._terms


def shown(term: Node) -> str:
    """Return a term as text, short if it is of the vocabularies that the rules name."""
    return shortened(term.value) if isinstance(term, NamedNode) else str(term)


def _is_datatype(term: Node) -> bool:
    return isinstance(term, NamedNode) and term.value in DATATYPES


def _key(term: Node) -> object:
    return term.value if isinstance(term, NamedNode) else term
