"""The executor in memory: semi-naive rounds over columns of term numbers.

Each predicate is a relation (module ``relation``). A round takes what is new, runs the steps that
watch it, and keeps what was not there before. Three things are not done by joins: transitive
predicates are closed at once (module ``reach``); ``owl:sameAs`` is a union-find, and every relation
holds representatives only, to be expanded on output; and plain property axioms are followed to
their end, with direction, as one move.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

import numpy as np

from samsyn.closure.engine.columns import height, project
from samsyn.closure.engine.compiler import SAME, TYPE, compile_rules, table_rows
from samsyn.closure.engine.joins import Joins
from samsyn.closure.engine.plan import TABLE, Plan, Step, as_merge, as_move, is_transitive
from samsyn.closure.engine.relation import (
    EMPTY,
    LOW,
    Pairs,
    Relation,
    TooWideError,
    distinct,
    pack,
    swap,
)
from samsyn.closure.engine.sameness import Sameness
from samsyn.closure.engine.transitive import transitive
from samsyn.closure.engine.valued import Valued
from samsyn.closure.rules import OWL_RL, RULES
from samsyn.dataset.exact import Literal
from samsyn.names import OWL, RDF, RDFS

_SCHEMA: Final = (
    *(RDFS + name for name in ("subClassOf", "subPropertyOf", "domain", "range")),
    *(OWL + name for name in ("equivalentClass", "equivalentProperty", "hasValue")),
    *(OWL + "someValuesFrom", OWL + "allValuesFrom", RDF + "first", RDF + "rest"),
)
"""The predicates that are closed before any facts, apart from those a plan takes as given."""
_WIDEST: Final = 1 << 25
_WIDE: Final = 1 << 21
"""How many rows a join may have at once, without and with a limit; a wider one is done in parts."""
_SCHEMA_TYPES: Final = frozenset(
    atom.arguments[2]
    for rule in RULES.values()
    for atom in rule.premises
    if not atom.name and atom.arguments[1] == TYPE and isinstance(atom.arguments[2], str)
)
"""The classes that the rules name; what is of one of them is closed before any facts too."""
_BY_REPRESENTATIVES: Final = frozenset(
    {"eq-ref", "eq-sym", "eq-trans", "eq-rep-s", "eq-rep-p", "eq-rep-o"}
)
_SWEEP: Final = 8
"""Pairs of merged terms are taken out once they are more than one in so many."""
Fresh = Mapping[int, Pairs]


class Engine:
    """A set of triples that can be closed under rules, and grown.

    Args:
        rules: W3C names of the rules.
        limit: how many triples there may be in all.
        terms: an engine whose numbers of terms this one shall use too.
    """

    def __init__(
        self,
        rules: Iterable[str] = OWL_RL,
        *,
        limit: int | None = None,
        terms: Engine | None = None,
    ) -> None:
        self.rules = tuple(rules)
        self.limit = limit
        self._widest = _WIDEST if limit is None else max(_WIDE, min(2 * limit, _WIDEST))
        self.equality = "eq-rep-s" in self.rules
        self.relations: dict[int, Relation] = defaultdict(Relation)
        self.ids: dict[object, int] = {}
        self.sameness = Sameness()
        self.counts: dict[str, int] = defaultdict(int)
        self.valued: Valued = Valued() if terms is None else terms.valued
        self._shares = terms is not None
        if terms is not None:
            self.ids |= terms.ids
            terms._shares = True
        self._pending: dict[int, list[Pairs]] = defaultdict(list)
        self._merges: list[tuple[int, int]] = []
        self.plan = Plan({}, frozenset(), frozenset())
        self._moved: dict[int, set[tuple[int, bool]]] = defaultdict(set)
        self._moves: dict[int, dict[tuple[int, bool], str]] = {}
        self._stale = False
        self._unswept = 0
        self._seen: tuple[object, ...] = ()
        self._base: dict[int, list[Pairs]] = defaultdict(list)
        self.type, self.same = self.number(TYPE), self.number(SAME)
        same = self.same if self.equality else None
        self._joins = Joins(self.relations, same, self._widest)

    # -- terms ---------------------------------------------------------------------------------

    def number(self, term: object) -> int:
        """Return the number that stands for a term (an IRI as text), new if it has none."""
        found = self.ids.get(term)
        if found is None:
            found = len(self.ids) + 1
            self.ids[term] = found
        return self.sameness.find(found)

    def note(self, number: int, literal: Literal) -> None:
        """Note a literal that is new."""
        if self._shares:  # with an engine that is not to see it
            self.valued, self._shares = self.valued.copy(), False
        self.valued.note(number, literal)

    def numbers(self, value: int) -> Iterable[int]:
        """Return the terms that stand for a whole number."""
        return (self.find(term) for term in self.valued.whole(value))

    def find(self, term: int) -> int:
        """Return the representative of a term."""
        return self.sameness.find(term)

    # -- what the compiler asks ----------------------------------------------------------------

    def second(self, predicate: int, first: int) -> list[int]:
        """Return the objects of a subject."""
        return list(self.relations[predicate].after(np.array([first]))[1].tolist())

    def first(self, predicate: int, second: int) -> list[int]:
        """Return the subjects of an object."""
        return list(self.relations[predicate].before(np.array([second]))[1].tolist())

    def rows(self, predicate: int) -> Pairs:
        """Return all pairs of a predicate."""
        return self.relations[predicate].pairs()

    @property
    def size(self) -> int:
        """How many pairs there are, of representatives."""
        return sum(map(len, self.relations.values()))

    def places(self) -> tuple[list[int], list[int], list[int]]:
        """Return the terms that stand as subject, as predicate and as object."""
        held = {
            name: relation.pairs() for name, relation in self.relations.items() if len(relation)
        }
        both = np.concatenate([EMPTY, *held.values()])
        return distinct(both >> 32).tolist(), list(held), distinct(both & LOW).tolist()

    # -- running -------------------------------------------------------------------------------

    def give(self, predicate: int, pairs: Pairs) -> None:
        """Give triples of one predicate, to be closed by the next :meth:`close`."""
        self._add(self.find(predicate), self.sameness.renamed(pairs))

    def _add(self, predicate: int, pairs: Pairs) -> None:
        if pairs.size:
            self._pending[predicate].append(pairs)

    def say(self, rule: str, predicate: int, pairs: Iterable[int]) -> bool:
        """Give what a rule says apart from the plan; return whether it was not known."""
        said = np.sort(np.fromiter(pairs, np.int64))
        self.counts[rule] += said.size
        new = said[~self.relations[predicate].holds(said)]
        self._add(predicate, new)
        return bool(new.size)

    def merge(self, rule: str, pairs: Collection[tuple[int, int]]) -> None:
        """Note which terms are the same by a rule; the next :meth:`close` makes them one."""
        self.counts[rule] += len(pairs)
        self._merges += pairs

    def close(self) -> None:
        """Derive all that follows.

        Raises:
            OverflowError: more triples would follow than the limit allows: the property that has
                most of them, and the rule that gave most.
        """
        facts = self._take_facts()
        while True:
            self._settle()
            self._sweep()
            if self._compile():
                continue
            if not facts:
                return
            for predicate, columns in facts.items():
                self._pending[self.find(predicate)] += map(self.sameness.renamed, columns)
            facts = {}

    def _take_facts(self) -> dict[int, list[Pairs]]:
        # The ontology is closed first, so that the facts meet a plan that is nearly complete.
        self._compile()
        first = self.plan.given | {self.number(p) for p in _SCHEMA}
        facts: dict[int, list[Pairs]] = defaultdict(list)
        for predicate in list(self._pending):
            if predicate == self.type:
                pairs = distinct(np.concatenate(self._pending[predicate]))
                axiom = np.isin(pairs & LOW, [self.number(name) for name in _SCHEMA_TYPES])
                facts[predicate], self._pending[predicate] = [pairs[~axiom]], [pairs[axiom]]
            elif predicate not in first:
                facts[predicate] = self._pending.pop(predicate)
        return facts

    def _settle(self) -> None:
        while self._pending or self._merges:
            fresh = self._take_in()
            if self._stale or (self._unswept and self._unswept * _SWEEP > self.size):
                self._sweep()
            if self._stale:
                self._compile()
            elif fresh:
                self._run(fresh)

    def _take_in(self) -> dict[int, Pairs]:
        fresh: dict[int, Pairs] = {}
        pending, self._pending = self._pending, defaultdict(list)
        for pairs in pending.pop(self.same, []) if self.equality else []:
            self._merges += zip((pairs >> 32).tolist(), (pairs & LOW).tolist(), strict=True)
        if self._merges:
            fresh.update(self._unite(pending))
        for predicate, columns in pending.items():
            new = self._keep(predicate, columns)
            if new.size:
                fresh[predicate] = _joined(fresh.get(predicate), new)
        for predicate, pairs in ({} if self._stale else self._follow(fresh)).items():
            fresh[predicate] = _joined(fresh.get(predicate), pairs)
        return fresh

    def _keep(self, predicate: int, columns: list[Pairs]) -> Pairs:
        pairs = np.concatenate(columns) if len(columns) > 1 else columns[0]
        pairs = distinct(self.sameness.renamed(pairs) if self._unswept else pairs)
        new = self.relations[predicate].add(pairs)
        if self.limit is not None and self.size > self.limit:
            most = max(self.relations, key=lambda name: len(self.relations[name]))
            raise OverflowError(most, self._busiest())
        return new

    def _busiest(self) -> str:
        return max(self.counts, key=lambda rule: self.counts[rule], default="")

    # -- property axioms, followed to their end ------------------------------------------------

    def _follow(self, fresh: Fresh) -> dict[int, Pairs]:
        found: dict[int, list[Pairs]] = defaultdict(list)
        for predicate, pairs in fresh.items():
            for (target, turned), rule in self._moves.get(predicate, {}).items():
                found[target].append(swap(pairs) if turned else pairs)
                self.counts[rule] += pairs.size
        result = {}
        for target, columns in found.items():
            new = self._keep(target, columns)
            if new.size:
                result[target] = new
        return result

    def _is_move(self, step: Step) -> bool:
        move = as_move(step)
        return move is not None and self.same not in move[:2]

    # -- compiling -----------------------------------------------------------------------------

    def _compile(self) -> bool:
        """Make the plan again if need be, run what is new; return whether there was anything."""
        seen = self._axioms()
        if not self._stale and seen == self._seen:
            return bool(self._pending)
        self._seen = seen
        names = [n for n in self.rules if not (self.equality and n in _BY_REPRESENTATIVES)]
        self.plan = compile_rules(names, self)
        if self._stale:
            # Steps name terms by number, and one of those was merged: all start afresh.
            self._stale = False
            self._joins.tables.clear()
            self._moved.clear()
        self._named = self.plan.terms
        self._moves = self.plan.moves(self.same)
        self._watch: dict[tuple[int, int], list[tuple[Step, int]]] = defaultdict(list)
        self._transitive = {
            s.body[0].relation for s in self.plan.steps.values() if is_transitive(s)
        }
        before = bool(self._pending)
        self._start_new()
        for predicate, moves in self._moves.items():
            for target, turned in moves.keys() - self._moved[predicate]:
                pairs = self.relations[predicate].pairs()
                self._add(target, swap(pairs) if turned else pairs)
                self.counts[moves[target, turned]] += pairs.size
            self._moved[predicate] |= moves.keys()
        return before or bool(self._pending) or bool(self._merges)

    def _start_new(self) -> None:
        # All steps are watching before the first one starts: what it gives is met by every other.
        started, grown = [], []
        for key, step in self.plan.steps.items():
            self._enlist(step)
            table = self._joins.tables.get(key)
            rows = table_rows(step.table) if step.table else EMPTY
            if table is None:
                self._joins.tables[key] = Relation(rows)
                started.append((step, rows))
            elif rows.size:
                grown.append((step, table.add(rows)))
        for step, rows in started:
            if step.head and not self._is_move(step):
                self._start(step, rows)
        for step, rows in grown:
            if step.head:
                self._evaluate(step, 0, rows)

    def _axioms(self) -> tuple[object, ...]:
        # What the plan was made of: relations only grow, but for merges, after which it is stale.
        types = np.array(sorted(self.plan.given_types), np.int64)
        of_type = self.relations[self.type].count(types, first=False)
        return (of_type, *(len(self.relations[number]) for number in sorted(self.plan.given)))

    def _start(self, step: Step, rows: Pairs) -> None:
        scan = step.body[0] if step.body else None
        if scan is None:
            return
        if scan.relation == TABLE:
            self._evaluate(step, 0, rows)
        elif step.body[0].relation in self._transitive and is_transitive(step):
            self._close_over(step, self.relations[scan.relation].pairs())
        else:
            self._evaluate(step, 0, self.relations[scan.relation].pairs())

    def _enlist(self, step: Step) -> None:
        if not step.head or self._is_move(step):
            return
        for place, scan in enumerate(step.body):
            if scan.relation != TABLE:
                constant = scan.second if isinstance(scan.second, int) else 0
                self._watch[scan.relation, constant].append((step, place))

    # -- one round -----------------------------------------------------------------------------

    def _run(self, fresh: Fresh, *, closed: bool = False) -> None:
        for predicate, pairs in fresh.items():
            for step, place in self._watch.get((predicate, 0), ()):
                if not is_transitive(step):
                    self._evaluate(step, place, pairs)
                elif place == 0 and not closed:
                    self._close_over(step, pairs)
            self._run_constant(predicate, pairs)

    def _run_constant(self, predicate: int, pairs: Pairs) -> None:
        # Steps that watch one object only (a class, a value) are met by the objects that are new.
        wanted = {
            constant for watched, constant in self._watch if watched == predicate and constant
        }
        if not wanted:
            return
        turned = swap(pairs)
        for second in distinct(turned >> 32).tolist():
            for step, place in self._watch.get((predicate, second), ()) if second in wanted else ():
                low, high = np.searchsorted(turned, (second << 32, (second << 32) | LOW), "left")
                if high < turned.size and turned[high] == (second << 32) | LOW:
                    high += 1
                self._evaluate(step, place, swap(turned[low:high]))

    def _close_over(self, step: Step, pairs: Pairs) -> None:
        predicate = step.body[0].relation
        relation, base = self.relations[predicate], self._base[predicate]
        if pairs.size * 20 < len(relation) and len(base):
            self._evaluate(step, 0, pairs)
            self._evaluate(step, 1, pairs)
            base.append(pairs)
            return
        base.append(pairs)
        edges = distinct(self.sameness.renamed(np.concatenate(base)))
        self._base[predicate] = [edges]
        try:
            closed = transitive(edges, self.limit)
        except OverflowError:
            raise OverflowError(predicate, step.rule) from None
        self.counts[step.rule] += closed.size
        new = relation.add(closed)
        if new.size:
            self._close_later(predicate, new)

    def _close_later(self, predicate: int, new: Pairs) -> None:
        # These pairs are in the relation, closed; all but closures must still see them. A
        # transitive super-property has had the edges they come from: its own closure holds them.
        self._run({predicate: new, **self._follow({predicate: new})}, closed=True)

    def _evaluate(self, step: Step, place: int, pairs: Pairs) -> None:
        if not pairs.size or not self._joins.may_fire(step):
            return
        try:
            self._evaluate_at_once(step, place, pairs)
        except TooWideError:
            if pairs.size == 1:
                raise OverflowError(step.head[0].relation, step.rule) from None
            for half in np.array_split(pairs, 2):
                self._evaluate(step, place, half)
                self._compact(step)

    def _compact(self, step: Step) -> None:
        # A wide join repeats itself: what waits is made distinct before there is more of it.
        for head in step.head:
            waiting = self._pending[head.relation]
            if sum(pairs.size for pairs in waiting) > self._widest:
                waiting[:] = [distinct(np.concatenate(waiting))]
            if self.limit is not None and sum(pairs.size for pairs in waiting) > self.limit:
                waiting[:] = [distinct(np.concatenate(waiting))]
                if waiting[0].size > self.limit:
                    raise OverflowError(head.relation, step.rule)

    def _evaluate_at_once(self, step: Step, place: int, pairs: Pairs) -> None:
        merge = as_merge(step) if self.equality and step.head[0].relation == self.same else None
        if merge:
            one, other = self._joins.merges(step, place, pairs, merge)
            self.counts[step.rule] += one.size
            self._merges += zip(one.tolist(), other.tolist(), strict=True)
            return
        columns = self._joins.rows(step, place, pairs)
        for head in step.head:
            found = project(head, columns)
            if found.size:
                self.counts[step.rule] += found.size
                self._add(head.relation, found)

    # -- sameness ------------------------------------------------------------------------------

    def _unite(self, pending: dict[int, list[Pairs]]) -> dict[int, Pairs]:
        merges, self._merges = self._merges, []
        changed = self.sameness.unite(merges)
        touched = distinct(self.sameness.roots(np.array(merges, np.int64).ravel()))
        same = self.relations[self.same].add(pack(touched, touched))
        if changed:
            self._rename(changed, pending)
        return {self.same: same} if same.size else {}

    def _rename(self, changed: set[int], pending: dict[int, list[Pairs]]) -> None:
        # What was said of a merged term is said of its representative. The old pairs stay where
        # they are until the end: they are true, and to take them out would cost by the relation.
        for predicate in list(pending):
            renamed = [*map(self.sameness.renamed, pending.pop(predicate))]
            pending[self.find(predicate)] += renamed
        self._stale |= not changed.isdisjoint(self._named)
        terms = np.array(sorted(changed), np.int64)
        for predicate in list(self.relations):
            relation = self.relations[predicate]
            pairs = relation.pairs() if predicate in changed else relation.about(terms)
            if pairs.size:
                self._stale |= self._is_axiom(predicate, pairs)
                pending[self.find(predicate)].append(self.sameness.renamed(pairs))
                self._unswept += pairs.size
            if predicate in changed:
                del self.relations[predicate]
                self._base.pop(predicate, None)

    def _sweep(self) -> None:
        # Take out the pairs of terms that represent nothing any more.
        if not self._unswept:
            return
        self._unswept = 0
        for predicate, relation in self.relations.items():
            pairs = relation.pairs()
            current = self.sameness.current(pairs)
            if current.size < pairs.size:
                self.relations[predicate] = Relation(current)

    def _is_axiom(self, predicate: int, pairs: Pairs) -> bool:
        if predicate == self.type:
            return bool(np.isin(pairs & LOW, list(self.plan.given_types)).any())
        return bool(pairs.size) and predicate in self.plan.given

    def names(self, term: int) -> list[int]:
        """Return all terms that are the same as a representative, itself among them."""
        return self.sameness.names(term)

    # -- results -------------------------------------------------------------------------------

    def clashes(self) -> Iterator[tuple[Step, dict[str, int]]]:
        """Give each contradiction: the step, and what its variables stand for."""
        self._compile()
        for step in self.plan.steps.values():
            if step.head:
                continue
            for columns in self._joins.clashes(step):
                for row in range(height(columns)):
                    yield step, {name: int(rows[row]) for name, rows in columns.items()}

    def expanded(self) -> dict[int, Pairs]:
        """Return the pairs of every predicate with all names of merged terms."""
        result = {}
        for predicate, relation in self.relations.items():
            full = self.sameness.expanded(relation.pairs())
            for name in self.names(predicate) if full.size else ():
                result[name] = full
        return result


def _joined(one: Pairs | None, other: Pairs) -> Pairs:
    return other if one is None else distinct(np.concatenate((one, other)))
