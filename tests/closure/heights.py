"""The height of every triple by brute force: rounds of every rule over all that is known so far.

Slow and plain on purpose. It shares nothing with the search for proofs nor with the checker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.closure import values

from samsyn.closure.rules import LITERALS, OWL_RL, RULES, Atom, Number, Rule, Variable
from samsyn.dataset.exact import Literal, NamedNode, Term, Triple
from samsyn.names import OWL, RDF, RDF_TYPE, RDFS

Row = tuple[Term, Term, Term]
Binding = dict[Variable, Term]
PATHS = {"prp-trp", "eq-trans", "scm-sco", "scm-spo"}
CONSTANT = {"scm-sco": RDFS + "subClassOf", "scm-spo": RDFS + "subPropertyOf"}
FIRST, REST, NIL = (NamedNode(RDF + name) for name in ("first", "rest", "nil"))
SAME, TYPE = NamedNode(OWL + "sameAs"), NamedNode(RDF_TYPE)


class FixedGraph:
    """A closed graph as a plain set, with the interface that explanations need."""

    def __init__(self, stated: Iterable[Triple], rules: Iterable[str] = OWL_RL) -> None:
        self.stated = set(stated)
        rows = [(t.subject, t.predicate, t.object) for t in self.stated]
        self.heights = heights(rows, rules)

    def facts(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Row]:
        """Give the triples that hold and fit."""
        asked = (subject, predicate, object_)
        for row in self.heights:
            if all(want is None or want == have for want, have in zip(asked, row, strict=True)):
                yield row

    def match(
        self, subject: Term | None, predicate: Term | None, object_: Term | None
    ) -> Iterator[Triple]:
        """Give those of the triples that RDF allows."""
        for row in self.facts(subject, predicate, object_):
            if not isinstance(row[0], Literal) and isinstance(row[1], NamedNode):
                yield Triple(*row)


def heights(stated: Iterable[Row], rules: Iterable[str] = OWL_RL) -> dict[Row, int]:
    """Return all that follows, each triple with the height of its lowest proof."""
    known = dict.fromkeys(stated, 0)
    chosen = [RULES[name] for name in rules]
    height = 0
    while True:
        height += 1
        rows = _Rows(known)
        found = {row for rule in chosen for row in _given(rule, rows)}
        new = found - known.keys()
        if not new:
            return known
        known |= dict.fromkeys(new, height)


class _Rows:
    def __init__(self, rows: Iterable[Row]) -> None:
        self.all = list(rows)
        self.by: dict[Term, list[Row]] = {}
        for row in self.all:
            self.by.setdefault(row[1], []).append(row)


def _given(rule: Rule, rows: _Rows) -> Iterator[Row]:
    if rule.name in PATHS:
        yield from _paths(rule, rows)
        return
    if not rule.conclusions:
        return
    for binding in _solutions(list(rule.premises), {}, rows):
        for head in rule.conclusions:
            subject, predicate, object_ = (_term(argument, binding) for argument in head.arguments)
            yield subject, predicate, object_


def _paths(rule: Rule, rows: _Rows) -> Iterator[Row]:
    if rule.name == "prp-trp":
        kind = NamedNode(OWL + "TransitiveProperty")
        predicates = [row[0] for row in rows.by.get(TYPE, []) if row[2] == kind]
    else:
        predicates = [NamedNode(CONSTANT[rule.name])] if rule.name in CONSTANT else [SAME]
    for predicate in predicates:
        ahead: dict[Term, set[Term]] = {}
        for start, _, end in rows.by.get(predicate, []):
            ahead.setdefault(start, set()).add(end)
            if predicate == SAME:
                ahead.setdefault(end, set()).add(start)
        for start, direct in ahead.items():
            reached, todo = set(direct), list(direct)
            while todo:
                new = ahead.get(todo.pop(), set()) - reached
                reached |= new
                todo += new
            yield from ((start, predicate, end) for end in reached)


def _solutions(atoms: list[Atom], binding: Binding, rows: _Rows) -> Iterator[Binding]:
    if not atoms:
        yield binding
        return
    atom, rest = atoms[0], atoms[1:]
    if atom.name in LITERALS:
        terms = {term for row in rows.all for term in row}
        for first, second in values.answers(atom.name, terms):
            last = NamedNode(second) if isinstance(second, str) else second
            found_ = _fit(Atom("", atom.arguments), (first, last), binding)  # type: ignore[arg-type]
            if found_ is not None:
                yield from _solutions(rest, found_, rows)
        return
    if atom.name:
        for items in _lists(binding[atom.arguments[0]], rows, ()):  # type: ignore[index]
            for found in _on_list(atom, items, binding, rows):
                yield from _solutions(rest, found, rows)
        return
    predicate = _term(atom.arguments[1], binding)
    for row in rows.by.get(predicate, []) if predicate is not None else rows.all:
        found_ = _fit(atom, row, binding)
        if found_ is not None:
            yield from _solutions(rest, found_, rows)


def _term(argument: object, binding: Binding) -> Term:
    if isinstance(argument, Variable):
        return binding.get(argument)  # type: ignore[return-value]
    return NamedNode(str(argument))


def _fit(atom: Atom, row: Row, binding: Binding) -> Binding | None:
    found = dict(binding)
    for argument, term in zip(atom.arguments, row, strict=True):
        if isinstance(argument, Variable):
            if found.setdefault(argument, term) != term:
                return None
        elif isinstance(argument, Number):
            if not isinstance(term, Literal) or term.value != str(argument.value):
                return None
        elif term != NamedNode(argument):
            return None
    return found


def _lists(head: Term, rows: _Rows, seen: tuple[Term, ...]) -> Iterator[tuple[Term, ...]]:
    if head == NIL:
        yield ()
    elif head not in seen:
        for first in (row for row in rows.by.get(FIRST, []) if row[0] == head):
            for rest in (row for row in rows.by.get(REST, []) if row[0] == head):
                for items in _lists(rest[2], rows, (*seen, head)):
                    yield (first[2], *items)


def _on_list(
    atom: Atom, items: tuple[Term, ...], binding: Binding, rows: _Rows
) -> Iterator[Binding]:
    _, one, *others = (argument for argument in atom.arguments if isinstance(argument, Variable))
    if atom.name == "MEMBER":
        for item in items:
            if binding.get(one, item) == item:
                yield {**binding, one: item}
        return
    atoms = list(_links(atom, items, one, others))
    hidden = {Variable(f"#{at}") for at in range(len(items))}
    for found in _solutions(atoms, binding, rows) if items else ():
        yield {name: term for name, term in found.items() if name not in hidden}


def _links(
    atom: Atom, items: tuple[Term, ...], one: Variable, others: list[Variable]
) -> Iterator[Atom]:
    names = [item.value for item in items if isinstance(item, NamedNode)]
    if len(names) < len(items):
        yield Atom("", ("urn:none", "urn:none", "urn:none"))
    for at, name in enumerate(names):
        if atom.name == "EVERY":
            yield Atom("", (one, RDF_TYPE, name))
        elif atom.name == "CHAIN":
            start = Variable(f"#{at}") if at else one
            yield Atom(
                "", (start, name, Variable(f"#{at + 1}") if at + 1 < len(names) else others[0])
            )
        else:
            yield Atom("", (one, name, Variable(f"#{at}")))
            yield Atom("", (others[0], name, Variable(f"#{at}")))
