"""One rule, matched against the premises of one step: what the checker of proofs rests on.

It goes by the table word by word and knows no shortcut; the search for proofs has no part in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

from samsyn.closure.literals import holds
from samsyn.closure.proof.fact import Fact, Node, number_of
from samsyn.closure.rules import LISTS, LITERALS, Argument, Atom, Number, Rule, Variable
from samsyn.dataset.exact import Literal, NamedNode
from samsyn.names import RDF, RDF_TYPE

_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")
_TYPE: Final = NamedNode(RDF_TYPE)

_Binding = dict[Argument, Node]


def applies(rule: Rule, facts: Iterable[Fact], conclusion: Fact) -> bool:
    """Return whether a rule gives a conclusion from some facts, and needs each of them.

    Args:
        rule: the rule.
        facts: what it may rest on.
        conclusion: what it should give.
    """
    given = frozenset(facts)
    for head in rule.conclusions:
        binding = _unified(head, conclusion, {})
        if binding is None:
            continue
        if any(used == given for used in _uses(list(rule.premises), binding, given, frozenset())):
            return True
    return False


def _uses(
    atoms: list[Atom], binding: _Binding, given: frozenset[Fact], used: frozenset[Fact]
) -> Iterator[frozenset[Fact]]:
    # Every way in which the given facts satisfy the premises, as the set of facts it uses.
    if not atoms:
        yield used
        return
    atom, rest = atoms[0], atoms[1:]
    if atom.name in LITERALS:
        if holds(atom.name, *(binding.get(argument) for argument in atom.arguments)):
            yield from _uses(rest, binding, given, used)
    elif atom.name in LISTS:
        if atom.arguments[0] not in binding:  # its list is named by a premise that comes later
            yield from _uses([*rest, atom], binding, given, used) if rest else ()
            return
        yield from _uses_of_list(atom, rest, binding, given, used)
    else:
        for fact in given:
            found = _unified(atom, fact, binding)
            if found is not None:
                yield from _uses(rest, found, given, used | {fact})


def _uses_of_list(
    atom: Atom, rest: list[Atom], binding: _Binding, given: frozenset[Fact], used: frozenset[Fact]
) -> Iterator[frozenset[Fact]]:
    for items, cells in _lists(binding[atom.arguments[0]], given, frozenset()):
        for more, extra in _spelled(atom, items, binding):
            yield from _uses([*extra, *rest], more, given, used | cells)


def _unified(atom: Atom, fact: Fact, binding: _Binding) -> _Binding | None:
    found = dict(binding)
    for argument, term in zip(atom.arguments, fact, strict=True):
        if isinstance(argument, Variable):
            if found.setdefault(argument, term) != term:
                return None
        elif not _means(argument, term):
            return None
    return found


def _means(argument: Argument, term: Node) -> bool:
    if isinstance(argument, Number):
        return isinstance(term, Literal) and number_of(term) == argument.value
    return isinstance(term, NamedNode) and term.value == argument


def _lists(
    head: Node, given: frozenset[Fact], seen: frozenset[Node]
) -> Iterator[tuple[tuple[Node, ...], frozenset[Fact]]]:
    if head == _NIL:
        yield (), frozenset()
        return
    if head in seen:
        return
    cells = [fact for fact in given if fact.subject == head]
    for first in (fact for fact in cells if fact.predicate == _FIRST):
        for rest in (fact for fact in cells if fact.predicate == _REST):
            for items, more in _lists(rest.object, given, seen | {head}):
                yield (first.object, *items), more | {first, rest}


def _spelled(
    atom: Atom, items: tuple[Node, ...], binding: _Binding
) -> Iterator[tuple[_Binding, list[Atom]]]:
    # The premise on a list as triple patterns; the members are in the binding.
    names = [Variable(f"{atom.arguments[0]}[{place}]") for place in range(len(items))]
    more: _Binding = dict(binding)
    more.update(zip(names, items, strict=True))
    if atom.name in {"MEMBER", "PAIR"}:
        for chosen in combinations(names, len(atom.arguments) - 1):
            bound = _bound(more, atom.arguments[1:], [more[name] for name in chosen])
            if bound is not None:
                yield bound, []
    elif items:
        yield more, list(_patterns(atom, names))


def _bound(
    binding: _Binding, arguments: tuple[Argument, ...], terms: list[Node]
) -> _Binding | None:
    found = dict(binding)
    for argument, term in zip(arguments, terms, strict=True):
        if found.setdefault(argument, term) != term:
            return None
    return found


def _patterns(atom: Atom, names: list[Variable]) -> Iterator[Atom]:
    start, end = atom.arguments[1], atom.arguments[-1]
    stops = [start, *(Variable(f"{name}~") for name in names[1:]), end]
    for place, name in enumerate(names):
        if atom.name == "EVERY":
            yield Atom("", (start, _TYPE.value, name))
        elif atom.name == "CHAIN":
            yield Atom("", (stops[place], name, stops[place + 1]))
        else:
            value = Variable(f"{name}!")
            yield Atom("", (start, name, value))
            yield Atom("", (end, name, value))
