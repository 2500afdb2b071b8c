"""What the rules on values of literals give that another rule, or RDF, can use.

RDF says nothing of literals, so a triple about one matters only as a premise. Of the values that
are the same (dt-eq) the engine makes one thing. The datatypes of a literal (dt-type2) are said for
those datatypes that a step of the plan asks for. That two values differ (dt-diff) is said where a
step reads that, or where one of them is the same as a thing that is no literal; for contradictions
it need not be said. So nothing grows with the square of the literals, unless the axioms ask for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Final

import numpy as np

from samsyn.closure.engine.memory import Engine
from samsyn.closure.engine.plan import TABLE, Plan
from samsyn.closure.engine.relation import LOW, Pairs, distinct, pack
from samsyn.closure.literals import DATATYPES, SURE, datatypes, is_of, is_outside
from samsyn.dataset.exact import Literal
from samsyn.names import LANG_STRING, OWL, RDFS, XSD, XSD_STRING

_DIFFERENT: Final = OWL + "differentFrom"
_REFLEXIVE: Final = (RDFS + "subClassOf", OWL + "equivalentClass")
"""That a class is below itself gives nothing of what is in it."""


class Datatypes:
    """The rules on literals, for one engine.

    Args:
        engine: the engine.
        rules: W3C names of the rules that are on.
        term: returns the term of a number.
        general: whether a rule speaks of whatever has a type.
    """

    def __init__(
        self,
        engine: Engine,
        rules: frozenset[str],
        term: Callable[[int], object],
        *,
        general: bool,
    ) -> None:
        self._engine = engine
        self._rules = rules
        self._term = term
        self._general = general
        self._merged: set[tuple[int, int]] = set()
        self._typed: dict[str, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
        self._plan: Plan | None = None
        self._sources: _Sources | None = None

    def merge(self) -> None:
        """Make one of the literals of each value (dt-eq), before anything else is derived."""
        if "dt-eq" not in self._rules:
            return
        groups = self._engine.valued.groups(self._engine.ids)
        if self._engine.equality:
            pairs = {(min(group), number) for group in groups for number in group - {min(group)}}
            self._engine.merge("dt-eq", pairs - self._merged)
            self._merged |= pairs
        else:
            said = (one << 32 | other for group in groups for one, other in permutations(group, 2))
            self._engine.say("dt-eq", self._engine.same, said)

    def say(self) -> bool:
        """Say what else a rule can use; tell whether anything of it is new."""
        said = False
        if "dt-type2" in self._rules:
            said |= any([*map(self._say_type, self._asked()), self._say_types_of_mixed()])
        if "dt-diff" in self._rules:
            said |= self._say_different()
        return said

    # -- dt-type2 ------------------------------------------------------------------------------

    def _asked(self) -> list[str]:
        engine = self._engine
        if not engine.valued.size:
            return []
        if self._plan is not engine.plan:
            self._plan, self._sources = engine.plan, _sources(engine.plan, engine.find(engine.type))
        if self._sources is None or self._general:
            return sorted(DATATYPES)
        known = (name for name in sorted(DATATYPES) if name in engine.ids)
        return [name for name in known if self._is_asked(engine.number(name), self._sources)]

    def _is_asked(self, number: int, sources: _Sources) -> bool:
        if number in sources.terms:
            return True
        reflexive = {self._engine.number(name) for name in _REFLEXIVE}
        for relation, first in sources.columns:
            held, key = self._engine.relations[relation], np.array([number])
            found = (held.after if first else held.before)(key)[1]
            if found.size and (relation not in reflexive or (found != number).any()):
                return True
        return False

    def _say_type(self, name: str) -> bool:
        valued, before = self._engine.valued, self._typed[name]
        self._typed[name] = (len(valued.texts), len(valued.tagged), len(valued.others))
        found = [number for number, literal in valued.others[before[2] :] if is_of(literal, name)]
        for own, column, start in (
            (XSD_STRING, valued.texts, before[0]),
            (LANG_STRING, valued.tagged, before[1]),
        ):
            new = column[start:]
            found += new if name in SURE[own] else self._of(new, name)
        if not found:
            return False
        terms = self._engine.sameness.roots(np.array(found, np.int64))
        kind = np.full(terms.size, self._engine.number(name), np.int64)
        return self._engine.say("dt-type2", self._engine.type, distinct(pack(terms, kind)))

    def _of(self, numbers: Iterable[int], name: str) -> list[int]:
        if not name.startswith(XSD):
            return []
        terms = ((number, self._term(number)) for number in numbers)
        return [n for n, term in terms if isinstance(term, Literal) and is_of(term, name)]

    def _say_types_of_mixed(self) -> bool:
        # Of a thing that is the same as a literal RDF can say what it is.
        said: set[int] = set()
        for root, literal in self._mixed():
            kinds = map(self._engine.number, datatypes(literal))
            said.update(root << 32 | kind for kind in kinds)
        return bool(said) and self._engine.say("dt-type2", self._engine.type, said)

    # -- dt-diff -------------------------------------------------------------------------------

    def _say_different(self) -> bool:
        engine = self._engine
        if not engine.valued.differ():
            return False
        different = engine.number(_DIFFERENT)
        read = any(
            scan.relation == different
            for step in engine.plan.steps.values()
            if step.rule != "eq-diff1"
            for scan in step.body
        )
        terms, values = self._values()
        mixed = [root for root, _ in self._mixed()]
        chosen = np.ones(terms.size, bool) if read else np.isin(terms, mixed)
        if engine.limit is not None and int(chosen.sum()) * (terms.size - 1) > engine.limit:
            raise OverflowError(different, "dt-diff")
        new = False
        for one, value in zip(terms[chosen].tolist(), values[chosen].tolist(), strict=True):
            others = terms[values != value]
            alike = np.full(others.size, one, np.int64)
            said = pack(alike, others)
            if not read:  # the others have no turn of their own
                said = np.concatenate((said, pack(others, alike)))
            new |= engine.say("dt-diff", different, distinct(said))
        return new

    def _values(self) -> tuple[Pairs, Pairs]:
        # What stands for the literals whose values are known, and for each a number of its value.
        valued, roots = self._engine.valued, self._engine.sameness.roots
        terms = np.array([*valued.texts, *valued.tagged, *valued.known()], np.int64)
        first = {n: min(group) for group in valued.groups(self._engine.ids) for n in group}
        values = np.array([first.get(number, number) for number in terms.tolist()], np.int64)
        _, kept = np.unique(pack(roots(terms), values), return_index=True)
        return roots(terms)[kept], values[kept]

    def _mixed(self) -> Iterator[tuple[int, Literal]]:
        # The literals that are the same as something that is none, with what stands for them.
        if not self._engine.sameness:
            return
        groups: dict[int, list[object]] = defaultdict(list)
        for pair in self._engine.sameness.members().pairs().tolist():
            groups[pair >> 32].append(self._term(pair & LOW))
        for root, terms in groups.items():
            literals = [term for term in terms if isinstance(term, Literal)]
            if len(literals) < len(terms):
                yield from ((root, literal) for literal in literals)

    # -- dt-not-type ---------------------------------------------------------------------------

    def outside(self) -> Iterator[tuple[Literal, str]]:
        """Give the literals that have to be of a datatype and are not, each with the datatype."""
        if "dt-not-type" not in self._rules:
            return
        engine = self._engine
        yield from ((literal, literal.datatype.value) for _, literal in engine.valued.faulty)
        for name in sorted(DATATYPES & engine.ids.keys()):
            key = np.array([engine.number(name)])
            terms = engine.sameness.with_names(engine.relations[engine.type].before(key)[1])
            doubtful = map(self._term, self._doubtful(terms, name).tolist())
            for literal in (term for term in doubtful if isinstance(term, Literal)):
                if literal.datatype.value != name and is_outside(literal, name):
                    yield literal, name

    def _doubtful(self, terms: Pairs, name: str) -> Pairs:
        valued = self._engine.valued
        for own, column in ((XSD_STRING, valued.texts), (LANG_STRING, valued.tagged)):
            if terms.size and name in SURE[own]:
                terms = terms[~np.isin(terms, np.array(column, np.int64))]
        return terms


@dataclass(frozen=True)
class _Sources:
    # Where the classes come from of which steps read what has them: constants of the steps and of
    # their tables, and sides of relations.
    terms: frozenset[int]
    columns: frozenset[tuple[int, bool]]


def _sources(plan: Plan, kind: int) -> _Sources | None:
    """Return the sources of the classes that a plan asks for; None if it asks for any class."""
    terms: set[int] = set()
    columns: set[tuple[int, bool]] = set()
    for step in plan.steps.values():
        for scan in step.body:
            if scan.relation != kind:
                continue
            if isinstance(scan.second, int):
                terms.add(scan.second)
                continue
            found = False
            for other in step.body:
                if other.relation == kind or scan.second not in other.columns:
                    continue
                found, first = True, other.first == scan.second
                if other.relation == TABLE:
                    terms.update(row[0 if first else 1] for row in step.table)
                else:
                    columns.add((other.relation, first))
            if not found:
                return None
    return _Sources(frozenset(terms), frozenset(columns))
