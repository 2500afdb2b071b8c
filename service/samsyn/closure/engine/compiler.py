"""Rules specialised to an ontology: a short plan of scans, joins, merges and closures.

A rule whose predicates are all constant is taken as it stands. Any other one speaks of properties
in general, or of a list; its premises on the ontology are solved first, and for each property (or
list) that answers there is one step with constant predicates. What else the answers bind (classes,
values) becomes a small table that the step joins with.

So what counts as ontology is reported by the rule, not by a file: the predicates whose triples were
*given* to a plan are listed in it, and the plan is made again when one of them grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

import numpy as np

from samsyn.closure.engine.plan import TABLE, Plan, Scan, Step, Term
from samsyn.closure.engine.relation import EMPTY, Pairs
from samsyn.closure.rules import LITERALS, RULES, Atom, Number, Rule, Variable
from samsyn.names import OWL, RDF

TYPE: Final = RDF + "type"
SAME: Final = OWL + "sameAs"
_OF_FACTS: Final = frozenset({SAME, OWL + "differentFrom"})


class Facts(Protocol):
    """What a compiler must know of the triples."""

    def number(self, iri: str) -> int:
        """Return the number of an IRI, giving it one if it has none."""

    def numbers(self, value: int) -> Iterable[int]:
        """Return the terms that stand for a whole number."""

    def second(self, predicate: int, first: int) -> list[int]:
        """Return the objects of a subject."""

    def first(self, predicate: int, second: int) -> list[int]:
        """Return the subjects of an object."""

    def rows(self, predicate: int) -> Pairs:
        """Return all pairs of a predicate."""


def compile_rules(names: Iterable[str], facts: Facts) -> Plan:
    """Return the plan of some rules over an ontology.

    Args:
        names: W3C names of the rules.
        facts: the triples so far.
    """
    steps: dict[tuple[object, ...], Step] = {}
    given: set[int] = set()
    types: set[int] = set()
    for name in names:
        rule = RULES[name]
        if any(atom.name in LITERALS for atom in rule.premises):
            continue  # module datatypes
        ontology = [atom for atom in rule.premises if _is_given(rule, atom)]
        for atom in ontology:
            _note(atom, facts, given, types)
        for step in _specialised(rule, ontology, facts):
            known = steps.setdefault(step.key, step)
            known.table |= step.table
    return Plan(steps, frozenset(given), frozenset(types))


def _is_open(rule: Rule) -> bool:
    # Whether the rule speaks of any property or list, and so has to be specialised.
    return any(
        atom.name or isinstance(atom.arguments[1], Variable)
        for atom in (*rule.premises, *rule.conclusions)
    )


def _is_given(rule: Rule, atom: Atom) -> bool:
    if not _is_open(rule):
        return False
    if atom.name:
        return atom.name in {"MEMBER", "PAIR"}
    _, predicate, last = atom.arguments
    if isinstance(predicate, Variable) or predicate in _OF_FACTS:
        return False
    return predicate != TYPE or not isinstance(last, Variable)


def _note(atom: Atom, facts: Facts, given: set[int], types: set[int]) -> None:
    if atom.name:
        given.update((facts.number(RDF + "first"), facts.number(RDF + "rest")))
    elif atom.arguments[1] == TYPE:
        types.add(facts.number(str(atom.arguments[2])))
    else:
        given.add(facts.number(str(atom.arguments[1])))


Binding = dict[str, int]


def _specialised(rule: Rule, ontology: list[Atom], facts: Facts) -> Iterable[Step]:
    # Answers that agree on the properties and lists are rows of one step's table.
    rest = [atom for atom in rule.premises if atom not in ontology]
    properties = _properties(rest, rule.conclusions)
    wanted = {v.name for atom in (*rest, *rule.conclusions) for v in atom.variables} - properties
    made: dict[frozenset[tuple[str, int]], Step | None] = {}
    for binding in _solve(ontology, {}, facts):
        constants = {name: value for name, value in binding.items() if name in properties}
        key = frozenset(constants.items())
        if key not in made:
            made[key] = _step(rule, rest, constants, wanted & binding.keys(), facts)
        step = made[key]
        if step and step.body and step.body[0].relation == TABLE:
            _, first, second = step.body[0]
            other = binding[second] if isinstance(second, str) else 0
            step.table.add((binding[str(first)], other))
    return filter(None, made.values())


def _step(
    rule: Rule, premises: list[Atom], constants: Binding, bound: set[str], facts: Facts
) -> Step | None:
    grown = _unfold(premises, constants, facts)
    if grown is None:
        return None
    body = tuple(_scan(atom, constants, facts) for atom in grown)
    head = tuple(_scan(atom, constants, facts) for atom in rule.conclusions)
    if head and set(head) <= set(body):  # nothing new, as of a property below itself
        return None
    columns = sorted(bound)
    if len(columns) > 2:  # only a key's list or a chain's; they are unfolded by now
        columns = [name for name in columns if any(name in s.columns for s in body)]
    if not columns:
        return Step(rule.name, body, head)
    table = Scan(TABLE, columns[0], columns[1] if len(columns) > 1 else 0)
    return Step(rule.name, (table, *body), head)


def _properties(premises: Iterable[Atom], conclusions: Iterable[Atom]) -> set[str]:
    # The variables that stand for a property, and the lists that are unfolded into premises.
    found = set()
    for atom in (*premises, *conclusions):
        place = 0 if atom.name else 1
        if isinstance(variable := atom.arguments[place], Variable):
            found.add(variable.name)
    return found


def _solve(atoms: list[Atom], binding: Binding, facts: Facts) -> Iterator[Binding]:
    if not atoms:
        yield binding
        return
    atom, *others = sorted(atoms, key=lambda atom: _openness(atom, binding))
    for found in _answers(atom, binding, facts):
        yield from _solve(others, {**binding, **found}, facts)


def _openness(atom: Atom, binding: Binding) -> int:
    free = sum(variable.name not in binding for variable in atom.variables)
    return free + (9 if atom.name and free == len(atom.variables) else 0)


def _answers(atom: Atom, binding: Binding, facts: Facts) -> Iterator[Binding]:
    if atom.name:
        yield from _list_answers(atom, binding, facts)
        return
    predicate = facts.number(str(atom.arguments[1]))
    first, second = atom.arguments[0], atom.arguments[2]
    for start, end in _matches(predicate, first, second, binding, facts):
        found: Binding = {}
        if all(
            _bind(arg, value, binding, found, facts)
            for arg, value in ((first, start), (second, end))
        ):
            yield found


def _matches(
    predicate: int, first: object, second: object, binding: Binding, facts: Facts
) -> Iterator[tuple[int, int]]:
    start, end = _known(first, binding, facts), _known(second, binding, facts)
    if start is not None:
        yield from ((start, other) for other in facts.second(predicate, start))
    elif end is not None:
        yield from ((other, end) for other in facts.first(predicate, end))
    else:
        rows = facts.rows(predicate)
        yield from zip((rows >> 32).tolist(), (rows & 0xFFFFFFFF).tolist(), strict=True)


def _known(argument: object, binding: Binding, facts: Facts) -> int | None:
    if isinstance(argument, Variable):
        return binding.get(argument.name)
    return facts.number(argument) if isinstance(argument, str) else None


def _bind(argument: object, value: int, binding: Binding, found: Binding, facts: Facts) -> bool:
    if isinstance(argument, Number):
        return value in facts.numbers(argument.value)
    if isinstance(argument, Variable):
        known = binding.get(argument.name, found.get(argument.name, value))
        found[argument.name] = value
        return known == value
    return facts.number(str(argument)) == value


def members(head: int, facts: Facts) -> list[int]:
    """Return the members of an RDF list, or none if it is not a whole one (no end, or a loop)."""
    first, rest, nil = (facts.number(RDF + name) for name in ("first", "rest", "nil"))
    found: list[int] = []
    seen = set()
    while head != nil:
        items, tails = facts.second(first, head), facts.second(rest, head)
        if head in seen or len(items) != 1 or len(tails) != 1:
            return []
        seen.add(head)
        found.append(items[0])
        head = tails[0]
    return found


def _list_answers(atom: Atom, binding: Binding, facts: Facts) -> Iterator[Binding]:
    argument, *variables = atom.arguments
    head = _known(argument, binding, facts)
    names = [variable.name for variable in variables if isinstance(variable, Variable)]
    items = members(head, facts) if head is not None else []
    if atom.name == "MEMBER":
        yield from ({names[0]: item} for item in items)
        return
    for place, item in enumerate(items):
        yield from ({names[0]: item, names[1]: other} for other in items[place + 1 :])


def _unfold(premises: list[Atom], binding: Binding, facts: Facts) -> list[Atom | Scan] | None:
    grown: list[Atom | Scan] = []
    for atom in premises:
        if atom.name not in {"EVERY", "CHAIN", "KEY"}:
            grown.append(atom)
            continue
        head = _known(atom.arguments[0], binding, facts)
        items = members(head, facts) if head is not None else []
        if not items:
            return None
        grown += _UNFOLD[atom.name](items, [str(arg)[1:] for arg in atom.arguments[1:]], facts)
    return grown


def _every(items: list[int], names: list[str], facts: Facts) -> list[Scan]:
    return [Scan(facts.number(TYPE), names[0], item) for item in items]


def _chain(items: list[int], names: list[str], _: Facts) -> list[Scan]:
    stops = [names[0], *(f"_{place}" for place in range(1, len(items))), names[1]]
    return [Scan(item, stops[at], stops[at + 1]) for at, item in enumerate(items)]


def _key(items: list[int], names: list[str], _: Facts) -> list[Scan]:
    return [Scan(item, name, f"_{at}") for name in names for at, item in enumerate(items)]


_UNFOLD: Final = {"EVERY": _every, "CHAIN": _chain, "KEY": _key}


def _scan(atom: Atom | Scan, constants: Mapping[str, int], facts: Facts) -> Scan:
    if isinstance(atom, Scan):
        return atom
    first, predicate, second = (_term(argument, constants, facts) for argument in atom.arguments)
    if not isinstance(predicate, int):
        raise TypeError(f"{atom} has no predicate")  # a row of the table that cannot be
    return Scan(predicate, first, second)


def _term(argument: object, constants: Mapping[str, int], facts: Facts) -> Term:
    if isinstance(argument, Variable):
        return constants.get(argument.name, argument.name)
    return facts.number(str(argument))


def table_rows(rows: Iterable[tuple[int, int]]) -> Pairs:
    """Return a step's table as sorted pairs."""
    packed = np.fromiter((first << 32 | second for first, second in rows), np.int64)
    return np.sort(packed) if packed.size else EMPTY
