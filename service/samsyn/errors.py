"""What can go wrong, as one tree.

::

    SamsynError            exit 3
    ├── UsageError         exit 2   the request makes no sense as put
    │   ├── NotFoundError  exit 2   no such query, graph or file; lists the valid ones
    │   └── FormatError    exit 2   a format that cannot write this; lists those that can
    ├── SourceError        exit 1   a file that cannot be read as RDF: path, line, column
    │   └── RecordError    exit 3   a file of the record of a server that was changed or lost
    ├── QueryError         exit 1   a query that cannot be parsed or run: line, column
    │   └── ForbiddenError exit 1   a query that asks for what is never done (SERVICE, update)
    ├── InconsistencyError exit 1   the facts contradict the ontology
    ├── LimitError         exit 1   more would follow than the limit allows
    └── ToolError          exit 3   an engine, the shapes or the machine failed
"""

from __future__ import annotations

from typing import ClassVar


class SamsynError(Exception):
    """The root of all errors that this package raises on purpose.

    Args:
        message: what is wrong, in one sentence.
        advice: what to do next, when that is known.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return self.message if self.advice is None else f"{self.message}\n  {self.advice}"


class UsageError(SamsynError):
    """The request makes no sense as put."""

    exit_code = 2


class NotFoundError(UsageError):
    """There is no such query, graph or file."""


class FormatError(UsageError):
    """A format has no way to write something, so that nothing was written.

    Args:
        message: what it cannot write.
        others: short names of formats that can.
    """

    def __init__(self, message: str, others: tuple[str, ...]) -> None:
        super().__init__(message, advice=f"Ask for one that can: {', '.join(others)}.")
        self.others = others


class ReservedError(UsageError):
    """Somebody wants to write what only the dataset says of itself."""


class ToolError(SamsynError):
    """An engine, the shapes or the machine failed; the data is not to blame."""


class _PlacedError(SamsynError):
    """An error that may have a place: line and column, both counted from 1."""

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(message, advice=advice)
        self.line = line
        self.column = column

    @property
    def place(self) -> str:
        """The place as ``line:column``, empty when unknown."""
        return ":".join(str(part) for part in (self.line, self.column) if part is not None)


class SourceError(_PlacedError):
    """A file cannot be read as RDF; the message begins ``path:line:column``.

    Attributes:
        flaw: the fault itself, where more is known of it than the message says.
    """

    def __init__(
        self,
        message: str,
        *,
        path: str,
        line: int | None = None,
        column: int | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(message, line=line, column=column, advice=advice)
        self.path = path
        self.flaw: object = None

    def __str__(self) -> str:
        where = f"{self.path}:{self.place}" if self.place else self.path
        return f"{where}: {super().__str__()}"


class RecordError(SourceError):
    """A file of a server's record is not what the server has put there."""

    exit_code = 3


class QueryError(_PlacedError):
    """A query cannot be parsed or run."""

    def __str__(self) -> str:
        return f"query:{self.place}: {super().__str__()}" if self.place else super().__str__()


class ForbiddenError(QueryError):
    """A query asks for something that is never done, such as SERVICE or an update."""


class InconsistencyError(SamsynError):
    """The facts contradict the ontology.

    Args:
        clashes: each contradiction in words, with the resources concerned.
    """

    exit_code = 1

    def __init__(self, clashes: tuple[str, ...]) -> None:
        many = "contradictions" if len(clashes) != 1 else "contradiction"
        lines = "\n".join(f"  - {clash}" for clash in clashes)
        super().__init__(
            f"{len(clashes)} {many} between the facts and the ontology:\n{lines}",
            advice="Correct one of the facts named, or the axiom of the ontology.",
        )
        self.clashes = clashes


class LimitError(SamsynError):
    """More triples would follow than the limit allows.

    Args:
        limit: how many triples were allowed.
        property_: the property that has the most of them, in angle brackets if an IRI.
        rule: the W3C name of the rule that gave most, if one did.
    """

    exit_code = 1

    def __init__(self, limit: int, property_: str, rule: str = "") -> None:
        by = f" (rule {rule})" if rule else ""
        super().__init__(
            f"More than {limit} triples would follow, most of them of {property_}{by}.",
            advice="Look at the axioms of that property, or allow more triples.",
        )
        self.property = property_
        self.rule = rule
