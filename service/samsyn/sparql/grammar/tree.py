"""What is read of a query or update: parts with their places in the text.

Only what faults and rewriting need is kept. Offsets count characters from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Part:
    """A stretch of the text.

    Args:
        start: offset of its first character.
        end: offset behind its last.
        parts: the parts inside it that matter, in order.
    """

    start: int
    end: int
    parts: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Expression(Part):
    """An expression.

    Args:
        doubtful: whether its value may be a literal that is not well-formed.
    """

    doubtful: bool = False


@dataclass(slots=True)
class Call(Expression):
    """A call of a built-in function.

    Args:
        name: its keyword in capitals.
        arguments: its arguments.
    """

    name: str = ""
    arguments: list[Expression] = field(default_factory=list)


@dataclass(slots=True)
class Logical(Expression):
    """An operation on effective boolean values: ``!``, ``&&``, ``||`` or IF.

    Args:
        operands: those of its parts whose effective boolean value is taken.
    """

    operands: list[Expression] = field(default_factory=list)


@dataclass(slots=True)
class Concatenation(Expression):
    """A GROUP_CONCAT.

    Args:
        distinct: whether equal values count once.
        value: what is concatenated.
        separator: start and end of the string between the values, if it is given.
    """

    distinct: bool = False
    value: Expression | None = None
    separator: tuple[int, int] | None = None


@dataclass(slots=True)
class Ordering(Expression):
    """A condition of ORDER BY.

    Args:
        value: the expression by which is ordered; None where all its values are of one kind.
        descending: whether the greatest comes first.
    """

    value: Expression | None = None
    descending: bool = False


@dataclass(frozen=True)
class Blank:
    """A blank node of a pattern.

    Args:
        label: its label; a number where the text gives it none.
    """

    label: str | int


Term = tuple[str | Blank, ...]
"""A term of a pattern, in pieces of its text; only blank nodes are kept apart."""


@dataclass(frozen=True)
class Path:
    """A property path (section 9.1), or a plain predicate.

    Args:
        kind: ``iri``, ``inverse``, ``sequence``, ``alternative``, ``repeated`` or ``negated``.
        text: how it is written; of a plain predicate, the predicate.
        parts: the paths that it is made of; of a negated set, its plain and inverse members.
    """

    kind: str
    text: str
    parts: tuple[Path, ...] = ()


@dataclass(slots=True)
class Triples(Part):
    """Triple patterns with one subject and all that is written inside them.

    Args:
        rows: subject, path and object of each, short forms written out.
    """

    rows: list[tuple[Term, Path, Term]] = field(default_factory=list)


@dataclass(slots=True)
class Group(Part):
    """A group graph pattern, with its braces.

    Args:
        visible: names of the variables in scope outside it (section 18.2.1), as they appear.
        only_exists: whether it only matters that there are solutions, as in EXISTS and MINUS.
    """

    visible: dict[str, None] = field(default_factory=dict)
    only_exists: bool = False


@dataclass(slots=True)
class Select(Part):
    """A SELECT, CONSTRUCT, DESCRIBE or ASK, a subquery, or an update with a WHERE.

    Args:
        form: its keyword; UPDATE of an update.
        star: offset of the ``*`` in place of variables, if there is one.
        projected: names of the variables of its solutions.
        where: its pattern.
        counts_all: whether it has a COUNT(DISTINCT *).
        groups_expression: whether it is grouped by more than variables.
        datasets: of each FROM or USING, whether it says NAMED, and start and end of the graph.
        makes_blanks: whether each solution makes blank nodes.
    """

    form: str = "SELECT"
    star: int | None = None
    projected: Sequence[str] = ()
    where: Group | None = None
    counts_all: bool = False
    groups_expression: bool = False
    datasets: list[tuple[bool, int, int]] = field(default_factory=list)
    makes_blanks: bool = False
