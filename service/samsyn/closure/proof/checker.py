"""Proofs, and a checker that knows nothing but the rule table.

A proof is a tree: a conclusion, the W3C name of the rule that gives it, and the proofs of what the
rule rests on, down to stated triples. A path of a transitive property is one step: what the rule
asks for beyond the path (that the property is transitive) comes first, then the hops in order. A
path of ``owl:sameAs`` is one too, and its hops may be turned round. The checker unfolds a path hop
by hop into applications of the rule as the table has it. It shares nothing with the search.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from samsyn.closure.proof.application import applies
from samsyn.closure.proof.fact import Fact, Node, triple_of
from samsyn.closure.rules import RULES, Argument, Rule


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
    """Return whether a rule joins two links of one property into one: ``x p y, y p z -> x p z``."""
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
    steps = list(proof.steps())
    for step in steps:
        _check_step(step, stated)
    _check_order(steps)


def _check_order(steps: list[Proof]) -> None:
    # However often a triple is proven, nothing it rests on may rest on it.
    waiting: dict[Fact, set[Fact]] = defaultdict(set)
    resting: dict[Fact, list[Fact]] = defaultdict(list)
    for step in steps:
        waiting[step.conclusion].update(premise.conclusion for premise in step.premises)
    for fact, premises in waiting.items():
        for premise in premises:
            resting[premise].append(fact)
    ready = [fact for fact, premises in waiting.items() if not premises]
    while ready:
        premise = ready.pop()
        del waiting[premise]
        for fact in resting[premise]:
            waiting[fact].discard(premise)
            if not waiting[fact]:
                ready.append(fact)
    for step in steps:
        if step.conclusion in waiting:
            raise ProofError(step, "it rests on itself")


def _check_step(step: Proof, stated: Collection[object]) -> None:
    facts = [premise.conclusion for premise in step.premises]
    if step.rule is None:
        if facts or not _is_stated(step.conclusion, stated):
            raise ProofError(step, "it is not stated")
        return
    rule = RULES.get(step.rule)
    if rule is None:
        raise ProofError(step, "there is no such rule")
    if not (
        _follows_by_path(rule, facts, step)
        if leads_on(rule)
        else applies(rule, facts, step.conclusion)
    ):
        raise ProofError(step, "it does not follow by the rule from these premises")


def _is_stated(fact: Fact, stated: Collection[object]) -> bool:
    return fact in stated or triple_of(fact) in stated


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
        if not applies(rule, [*aside, reached, hop], whole):
            raise ProofError(step, f"the path breaks before {hop}")
        reached = whole
    return reached == step.conclusion


def _aligned(hop: Fact, start: Node, step: Proof) -> Fact:
    # A hop that points the other way is turned round, if a rule turns every triple of its property.
    if hop.subject == start:
        return hop
    turned = Fact(hop.object, hop.predicate, hop.subject)
    for rule in RULES.values():
        unconditional = len(rule.premises) == 1 and isinstance(_predicate(rule), str)
        if unconditional and turned.subject == start and applies(rule, [hop], turned):
            return turned
    raise ProofError(step, f"the path breaks before {hop}")


def _predicate(rule: Rule) -> Argument | None:
    head = rule.conclusions
    return head[0].arguments[1] if head and not rule.premises[0].name else None
