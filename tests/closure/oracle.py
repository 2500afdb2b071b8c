"""The rules read word by word: a forward evaluator with no compiler, no order and no tricks.

It knows the rule table alone, and of literals what the tests' own table says. It is slow, and meant
for a few dozen triples; the engine must give what it gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from tests.closure import values

from samsyn.closure.rules import LITERALS, OWL_RL, RULES, Argument, Atom, Number, Variable
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple
from samsyn.names import OWL, RDF

Node = str | BlankNode | Literal
Fact = tuple[Node, Node, Node]
Binding = dict[str, Node]

SAME: Final = OWL + "sameAs"
_FIRST, _REST, _NIL, _TYPE = (RDF + name for name in ("first", "rest", "nil", "type"))


class Facts:
    """Generalised triples, found by predicate and by either end."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.all: set[Fact] = set()
        self._by: dict[tuple[Node | None, Node | None, Node | None], list[Fact]] = defaultdict(list)
        self._literals: set[Node] = set()
        self._of_values: dict[str, list[tuple[Node, Node]]] = {}
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> None:
        """Add one."""
        if fact in self.all:
            return
        self.all.add(fact)
        s, p, o = fact
        for key in ((None, p, None), (s, p, None), (None, p, o), (s, p, o)):
            self._by[key].append(fact)
        for key in ((s, None, None), (None, None, o), (s, None, o), (None, None, None)):
            self._by[key].append(fact)
        new = {term for term in fact if isinstance(term, Literal)} - self._literals
        if new:
            self._literals |= new
            self._of_values.clear()

    def of_values(self, premise: str) -> list[tuple[Node, Node]]:
        """Return the pairs of which a premise on literals holds."""
        if premise not in self._of_values:
            self._of_values[premise] = [*values.answers(premise, self._literals)]  # type: ignore[list-item]
        return self._of_values[premise]

    def match(self, s: Node | None, p: Node | None, o: Node | None) -> list[Fact]:
        """Return those that fit; ``None`` fits anything."""
        return self._by.get((s, p, o), [])

    def lists(self) -> dict[Node, list[list[Node]]]:
        """Return every list by its head, in every reading that comes to an end."""
        heads = {s for s, _, _ in self.match(None, _REST, None)}
        return {head: [*self._readings(head, set())] for head in heads}

    def _readings(self, head: Node, seen: set[Node]) -> Iterator[list[Node]]:
        if head in seen:
            return
        for _, _, item in self.match(head, _FIRST, None):
            for _, _, tail in self.match(head, _REST, None):
                if tail == _NIL:
                    yield [item]
                for rest in self._readings(tail, seen | {head}):
                    yield [item, *rest]


def close(triples: Iterable[Triple], rules: Iterable[str] = OWL_RL) -> set[Fact]:
    """Return all that follows, generalised triples among it."""
    facts = Facts(map(key, triples))
    names = [*rules]
    while True:
        new = [*_round(facts, names)]
        if not any(fact not in facts.all for fact in new):
            return facts.all
        for fact in new:
            facts.add(fact)


def clashes(closed: set[Fact], rules: Iterable[str] = OWL_RL) -> set[str]:
    """Return the names of the rules that find a contradiction; everything is itself (eq-ref)."""
    reflexive = {(node, SAME, node) for fact in closed for node in fact}
    facts = Facts(closed | reflexive)
    lists = facts.lists()
    wanted = [RULES[name] for name in rules if not RULES[name].conclusions]
    return {
        rule.name
        for rule in wanted
        if next(_solve(list(rule.premises), {}, facts, lists), None) is not None
    }


def key(triple: Triple) -> Fact:
    """Return a triple as it is written here: IRIs as text."""
    return _node(triple.subject), triple.predicate.value, _node(triple.object)


def says(fact: Fact) -> bool:
    """Return whether RDF can say it, and it says more than that a thing is itself."""
    s, p, o = fact
    return not isinstance(s, Literal) and isinstance(p, str) and not (p == SAME and s == o)


def _node(term: object) -> Node:
    return term.value if isinstance(term, NamedNode) else term  # type: ignore[return-value]


def _round(facts: Facts, names: Iterable[str]) -> Iterator[Fact]:
    lists = facts.lists()
    for name in names:
        rule = RULES[name]
        if rule.conclusions:
            for binding in [*_solve(list(rule.premises), {}, facts, lists)]:
                for head in rule.conclusions:
                    s, p, o = (_value(argument, binding) for argument in head.arguments)
                    assert s is not None and p is not None and o is not None  # noqa: PT018
                    yield s, p, o


Lists = dict[Node, list[list[Node]]]


def _solve(atoms: list[Atom], binding: Binding, facts: Facts, lists: Lists) -> Iterator[Binding]:
    if not atoms:
        yield binding
        return
    atom = min(atoms, key=lambda atom: (bool(atom.name), _free(atom, binding)))
    rest = [other for other in atoms if other is not atom]
    for found in _answers(atom, binding, facts, lists):
        yield from _solve(rest, found, facts, lists)


def _free(atom: Atom, binding: Binding) -> int:
    return sum(variable.name not in binding for variable in atom.variables)


def _answers(atom: Atom, binding: Binding, facts: Facts, lists: Lists) -> Iterator[Binding]:
    if atom.name in LITERALS:
        given = [_value(argument, binding) for argument in atom.arguments]
        names = [str(argument)[1:] for argument in atom.arguments]
        for pair in facts.of_values(atom.name):
            if all(want in (None, have) for want, have in zip(given, pair, strict=True)):
                yield from _extend(binding, zip(names, pair, strict=True))
        return
    if atom.name:
        head = _value(atom.arguments[0], binding)
        names = [str(argument)[1:] for argument in atom.arguments[1:]]
        for items in lists.get(head, []) if head is not None else []:
            for values in _of_list(atom.name, items, [binding.get(n) for n in names], facts):
                yield from _extend(binding, zip(names, values, strict=True))
        return
    s, p, o = (_value(argument, binding) for argument in atom.arguments)
    for fact in facts.match(s, p, o):
        pairs = [*zip(atom.arguments, fact, strict=True)]
        if all(_fits(argument, node) for argument, node in pairs):
            yield from _extend(binding, ((a.name, n) for a, n in pairs if isinstance(a, Variable)))


def _extend(binding: Binding, pairs: Iterable[tuple[str, Node]]) -> Iterator[Binding]:
    grown = dict(binding)
    for name, node in pairs:
        if grown.setdefault(name, node) != node:
            return
    yield grown


def _value(argument: Argument, binding: Binding) -> Node | None:
    if isinstance(argument, Variable):
        return binding.get(argument.name)
    return None if isinstance(argument, Number) else argument


def _fits(argument: Argument, node: Node) -> bool:
    if not isinstance(argument, Number):
        return True
    digits = isinstance(node, Literal) and node.value.isdigit()
    return digits and int(node.value) == argument.value  # type: ignore[union-attr]


def _of_list(
    name: str, items: list[Node], known: list[Node | None], facts: Facts
) -> Iterator[tuple[Node, ...]]:
    if name == "MEMBER":
        yield from ((item,) for item in items)
    elif name == "PAIR":
        yield from combinations(items, 2)
    elif name == "EVERY":
        members = [{s for s, _, _ in facts.match(known[0], _TYPE, item)} for item in items]
        yield from ((node,) for node in set.intersection(*members))
    elif name == "CHAIN":
        yield from _chain(items, known[0], facts)
    else:
        yield from _key(items, known, facts)


def _chain(items: list[Node], start: Node | None, facts: Facts) -> Iterator[tuple[Node, ...]]:
    pairs = {(s, o) for s, _, o in facts.match(start, items[0], None)}
    for item in items[1:]:
        pairs = {(u, w) for u, v in pairs for _, _, w in facts.match(v, item, None)}
    yield from pairs


def _key(items: list[Node], known: list[Node | None], facts: Facts) -> Iterator[tuple[Node, ...]]:
    values = [[{o for _, _, o in facts.match(n, item, None)} for item in items] for n in known]
    if all(one & other for one, other in zip(*values, strict=True)):
        yield tuple(node for node in known if node is not None)
