"""What is asked: queries of the library in three classes, and whether the answers are the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks.servers import Server

CLASSES: Final = {
    "lookups": (
        *("cq09", "cq10", "cq12", "cq17", "cq18", "cq20", "cq30", "cq43", "cq48", "cq50", "cq58"),
    ),
    "chains": ("cq02", "cq04", "cq31", "cq53"),
    "aggregates": (
        *("cq07", "cq19", "cq21", "cq22", "cq24", "cq26", "cq27", "cq34", "cq37", "cq41", "cq42"),
        *("cq45", "cq52", "cq57"),
    ),
}
"""The queries of each class, by number; :data:`RULE` says how they were chosen."""
HEAVY: Final = "Oxigraph's server takes more than {} ms"
LONG: Final = "rdflib-endpoint takes more than 200 ms"
LEFT_OUT: Final = {
    "cq01": HEAVY.format(3),
    "cq03": LONG,
    "cq05": HEAVY.format(3),
    "cq08": HEAVY.format(3),
    "cq11": HEAVY.format(3),
    "cq13": HEAVY.format(1),
    "cq14": HEAVY.format(1),
    "cq23": HEAVY.format(3),
    "cq25": LONG,
    "cq28": LONG,
    "cq29": HEAVY.format(1),
    "cq32": HEAVY.format(3),
    "cq33": HEAVY.format(1),
    "cq39": LONG,
    "cq40": LONG,
    "cq46": HEAVY.format(1),
    "cq51": HEAVY.format(1),
    "cq59": HEAVY.format(1),
    "cq61": LONG,
}
"""The others of these kinds, with the reason."""
RULE: Final = """\
- *lookups* start from a thing that is given and neither follow chains nor count;
- *chains* follow links of links, by paths or by what the closure has made of them (tags `chains`
  and `causes`);
- *aggregates* are the others that group or count.

All queries of these kinds were taken, but those that Oxigraph's server takes more than 1 ms for
(lookups) or 3 ms (the others), beside which it would not show what serving costs, and those that
rdflib-endpoint takes more than 200 ms for, of which it would end too few."""
NUMBER: Final = "{n}"
"""Stands in a target for a number that is another one each time."""
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_SAME: Final = {_XSD + "string": "", _XSD + "nonNegativeInteger": _XSD + "integer"}
"""Datatypes that are reported or not, and those that Oxigraph's index turns into others."""
_ENOUGH: Final = 1_000_000

Rows = tuple[tuple[str, ...], Counter[tuple[tuple[str, ...], ...]]] | bool


@dataclass(frozen=True)
class Question:
    """A query with its defaults, as a client would send it.

    Args:
        name: its number in the library.
        body: the query without header and parameters.
        values: the parameters, as a trailing VALUES.
    """

    name: str
    body: str
    values: str

    def text(self, number: int | str = _ENOUGH) -> str:
        """Write it with a limit that is above the number of its rows.

        The limit is part of what is asked, so that no cache may take one for the other, and an
        engine has no more to do for it.
        """
        return f"{self.body}\nLIMIT {number}{self.values}\n"

    def target(self, *, cold: bool) -> str:
        """Write what is in the request line behind the path; cold has a number left open."""
        query = urlencode({"query": self.text("NUMBER" if cold else _ENOUGH)})
        return "?" + query.replace("NUMBER", NUMBER)


def questions() -> dict[str, list[Question]]:
    """Return the questions of each class, from the library of this repository."""
    from samsyn import library
    from samsyn.layout import Layout
    from samsyn.sparql.index import trailing_values

    queries = library.load(Layout.find())
    found: dict[str, list[Question]] = {}
    for kind, names in CLASSES.items():
        for name in names:
            query = library.find(queries, name)
            lines = (line for line in query.body.splitlines() if not line.startswith("#+"))
            values = trailing_values(query.bindings())
            found.setdefault(kind, []).append(Question(name, "\n".join(lines), values))
    return found


def differences(asked: Iterable[Question], servers: Iterable[Server]) -> list[str]:
    """Return, in words, each question that the servers answer differently, or not at all."""
    first, *others = servers
    found = []
    for question in asked:
        rows = parsed(first.ask(question.text()))
        if isinstance(rows, tuple) and not rows[1]:
            found.append(f"{question.name}: {first.name} finds nothing")
        found += [
            f"{question.name}: {other.name} answers otherwise than {first.name}"
            for other in others
            if parsed(other.ask(question.text())) != rows
        ]
    return found


def parsed(body: bytes) -> Rows:
    """Read an answer in JSON: its columns and its rows, whatever their order."""
    answer: dict[str, Any] = json.loads(body)
    if "boolean" in answer:
        return bool(answer["boolean"])
    columns = tuple(sorted(answer["head"]["vars"]))
    rows = (
        tuple(_term(row[name]) if name in row else () for name in columns)
        for row in answer["results"]["bindings"]
    )
    return columns, Counter(rows)


def _term(term: dict[str, str]) -> tuple[str, ...]:
    # A string may be told to be one, and rdflib calls a literal with a datatype as SPARQL 1.0 did.
    kind = term["type"].removeprefix("typed-")
    datatype = term.get("datatype", "")
    datatype = _SAME.get(datatype, datatype)
    language = term.get("xml:lang", "").lower()
    return kind, term["value"], datatype, language
