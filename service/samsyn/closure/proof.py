"""Proofs, and a checker that knows nothing but the rule table.

A proof is a tree: a conclusion, the W3C name of the rule that gives it, and the proofs of what the
rule rests on, down to stated triples. A path of a transitive property is one step: what the rule
asks for besides the path (that the property is transitive) comes first, then the hops in order. A
path of ``owl:sameAs`` is one too, and its hops may be turned round. The checker unfolds a path hop
by hop into applications of the rule as the table has it. It shares nothing with the search.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final, NamedTuple

from samsyn.closure.rules import LISTS, RULES, Argument, Atom, Number, Rule, Variable
from samsyn.dataset.exact import Literal, NamedNode, Term, Triple
from samsyn.names import RDF, RDF_TYPE

_FIRST: Final = NamedNode(RDF + "first")
_REST: Final = NamedNode(RDF + "rest")
_NIL: Final = NamedNode(RDF + "nil")
_TYPE: Final = NamedNode(RDF_TYPE)


class Fact(NamedTuple):
    """A triple, generalised: a rule may conclude something of a literal."""

    subject: Term
    predicate: Term
    object: Term

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object}"


@dataclass(frozen=True)
class Proof:
    """Why a triple holds.

    Args:
        conclusion: the triple.
        rule: the W3C name of the rule that gives it; ``None`` where it is stated.
        premises: what the rule rests on.
    """

    conclusion: Fact
    rule: str | None = None
    premises: tuple[Proof, ...] = ()
    height: int = field(init=False, compare=False)
    """0 where the triple is stated, else one more than that of the highest premise."""

    def __post_init__(self) -> None:
        below = max((premise.height for premise in self.premises), default=0)
        object.__setattr__(self, "height", 0 if self.rule is None else below + 1)

    @property
    def hops(self) -> tuple[Proof, ...]:
        """The hops of a path, in order; none if the step is no path."""
        rule = RULES.get(self.rule or "")
        return self.premises[len(rule.premises) - 2 :] if rule and leads_on(rule) else ()

    def steps(self) -> Iterator[Proof]:
        """Give every step once, premises before what rests on them."""
        seen: set[int] = set()
        todo = [(self, False)]
        while todo:
            step, done = todo.pop()
            if done:
                yield step
            elif id(step) not in seen:
                seen.add(id(step))
                todo.append((step, True))
                todo.extend((premise, False) for premise in reversed(step.premises))


class ProofError(ValueError):
    """A step of a proof does not hold.

    Args:
        step: the faulty one.
        reason: what is wrong with it.
    """

    def __init__(self, step: Proof, reason: str) -> None:
        super().__init__(f"{step.conclusion} ({step.rule or 'stated'}): {reason}")
        self.step = step
        self.reason = reason


def leads_on(rule: Rule) -> bool:
    """Tell whether a rule joins two links of one property into one: ``x p y, y p z -> x p z``."""
    if len(rule.conclusions) != 1 or len(rule.premises) < 2:
        return False
    one, other, whole = (*rule.premises[-2:], rule.conclusions[0])
    if one.name or other.name or one.arguments[1] != other.arguments[1]:
        return False
    start, middle, end = one.arguments[0], one.arguments[2], other.arguments[2]
    return (
        other.arguments[0] == middle
        and whole.arguments == (start, one.arguments[1], end)
        and len({start, middle, end}) == len((start, middle, end))
    )


def check(proof: Proof, stated: Collection[object]) -> None:
    """Verify every step of a proof.

    Args:
        proof: the proof.
        stated: the triples that need no proof, as facts or as RDF triples.

    Raises:
        ProofError: a step does not follow by its rule, a leaf is not stated, or a triple rests on
            itself.
    """
    below: dict[int, frozenset[Fact]] = {}
    for step in proof.steps():
        parts = (below[id(premise)] | {premise.conclusion} for premise in step.premises)
        below[id(step)] = frozenset().union(*parts)
        if step.conclusion in below[id(step)]:
            raise ProofError(step, "it rests on itself")
        _check_step(step, stated)


def _check_step(step: Proof, stated: Collection[object]) -> None:
    facts = [premise.conclusion for premise in step.premises]
    if step.rule is None:
        if facts or not _is_stated(step.conclusion, stated):
            raise ProofError(step, "it is not stated")
        return
    rule = RULES.get(step.rule)
    if rule is None:
        raise ProofError(step, "there is no such rule")
    if not (_follows_by_path(rule, facts, step) if leads_on(rule) else _gives(rule, facts, step)):
        raise ProofError(step, "it does not follow by the rule from these premises")


def _is_stated(fact: Fact, stated: Collection[object]) -> bool:
    if fact in stated:
        return True
    subject, predicate, object_ = fact
    if isinstance(subject, Literal) or not isinstance(predicate, NamedNode):
        return False
    return Triple(subject, predicate, object_) in stated


# -- paths, unfolded ---------------------------------------------------------------------------


def _follows_by_path(rule: Rule, facts: list[Fact], step: Proof) -> bool:
    aside = facts[: len(rule.premises) - 2]
    links = facts[len(aside) :]
    if len(links) < 2:
        raise ProofError(step, "a path has two hops at least")
    reached = _aligned(links[0], step.conclusion.subject, step)
    for link in links[1:]:
        hop = _aligned(link, reached.object, step)
        whole = Fact(reached.subject, reached.predicate, hop.object)
        if not _applies(rule, [*aside, reached, hop], whole):
            raise ProofError(step, f"the path breaks before {hop}")
        reached = whole
    return reached == step.conclusion


def _aligned(hop: Fact, start: Term, step: Proof) -> Fact:
    # A hop that points the other way is turned round, if a rule turns every triple of its property.
    if hop.subject == start:
        return hop
    turned = Fact(hop.object, hop.predicate, hop.subject)
    for rule in RULES.values():
        unconditional = len(rule.premises) == 1 and isinstance(_predicate(rule), str)
        if unconditional and turned.subject == start and _applies(rule, [hop], turned):
            return turned
    raise ProofError(step, f"the path breaks before {hop}")


def _predicate(rule: Rule) -> Argument | None:
    head = rule.conclusions
    return head[0].arguments[1] if head and not rule.premises[0].name else None


# -- one rule, matched against its premises alone ------------------------------------------------


def _gives(rule: Rule, facts: list[Fact], step: Proof) -> bool:
    return _applies(rule, facts, step.conclusion)


def _applies(rule: Rule, facts: Iterable[Fact], conclusion: Fact) -> bool:
    given = frozenset(facts)
    for head in rule.conclusions:
        binding = _unified(head, conclusion, {})
        if binding is None:
            continue
        if any(used == given for used in _uses(list(rule.premises), binding, given, frozenset())):
            return True
    return False


_Binding = dict[Argument, Term]


def _uses(
    atoms: list[Atom], binding: _Binding, given: frozenset[Fact], used: frozenset[Fact]
) -> Iterator[frozenset[Fact]]:
    # Every way in which the given facts satisfy the premises, as the set of facts it uses.
    if not atoms:
        yield used
        return
    atom, rest = atoms[0], atoms[1:]
    if atom.name in LISTS:
        if atom.arguments[0] not in binding:  # its list is named by a premise that comes later
            yield from _uses([*rest, atom], binding, given, used) if rest else ()
            return
        for items, cells in _lists(binding[atom.arguments[0]], given, frozenset()):
            for more, extra in _spelled(atom, items, binding):
                yield from _uses([*extra, *rest], more, given, used | cells)
    elif not atom.name:
        for fact in given:
            found = _unified(atom, fact, binding)
            if found is not None:
                yield from _uses(rest, found, given, used | {fact})


def _unified(atom: Atom, fact: Fact, binding: _Binding) -> _Binding | None:
    found = dict(binding)
    for argument, term in zip(atom.arguments, fact, strict=True):
        if isinstance(argument, Variable):
            if found.setdefault(argument, term) != term:
                return None
        elif not _means(argument, term):
            return None
    return found


def _means(argument: Argument, term: Term) -> bool:
    if isinstance(argument, Number):
        return isinstance(term, Literal) and number_of(term) == argument.value
    return isinstance(term, NamedNode) and term.value == argument


def number_of(literal: Literal) -> float | None:
    """Return the value of a literal that is a number, ``None`` for any other."""
    kind = literal.datatype.value.rpartition("#")[2].lower()
    if not kind.endswith(("integer", "int", "long", "short", "byte", "decimal")):
        return None
    try:
        return float(literal.value)
    except ValueError:
        return None


def _lists(
    head: Term, given: frozenset[Fact], seen: frozenset[Term]
) -> Iterator[tuple[tuple[Term, ...], frozenset[Fact]]]:
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
    atom: Atom, items: tuple[Term, ...], binding: _Binding
) -> Iterator[tuple[_Binding, list[Atom]]]:
    # The premise on a list as triple patterns; the members stand in the binding.
    names = [Variable(f"{atom.arguments[0]}[{place}]") for place in range(len(items))]
    more = {**binding, **dict(zip(names, items, strict=True))}
    if atom.name in {"MEMBER", "PAIR"}:
        for chosen in _choices(names, len(atom.arguments) - 1):
            bound = _bound(more, atom.arguments[1:], [more[name] for name in chosen])
            if bound is not None:
                yield bound, []
    elif items:
        yield more, list(_patterns(atom, names))


def _choices(names: list[Variable], count: int) -> Iterator[tuple[Variable, ...]]:
    return combinations(names, count)


def _bound(
    binding: _Binding, arguments: tuple[Argument, ...], terms: list[Term]
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
