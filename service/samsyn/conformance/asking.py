"""How requests to the query operation are put."""

from __future__ import annotations

from typing import Any, Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.case import Area, Case, Check, Clause, Level, Send, Step, Target
from samsyn.conformance.results import JSON

FORM: Final = ("Content-Type", "application/x-www-form-urlencoded")
DIRECT: Final = ("Content-Type", "application/sparql-query")
ACCEPT: Final = ("Accept", JSON)


def get(text: str, *checks: Check, more: tuple[tuple[str, str], ...] = ()) -> Send:
    """Ask by GET."""
    query = (("query", text), *more)
    return Send(Target.QUERY, (expect.SUCCESS, *checks), query=query, headers=(ACCEPT,))


def form(body: str, *checks: Check) -> Send:
    """Ask by a form, encoded by hand."""
    headers = (ACCEPT, FORM)
    return Send(Target.QUERY, (expect.SUCCESS, *checks), "POST", headers=headers, body=body)


def direct(text: str, *checks: Check, query: tuple[tuple[str, str], ...] = ()) -> Send:
    """Ask by a body that is the query."""
    headers = (ACCEPT, DIRECT)
    return Send(Target.QUERY, (expect.SUCCESS, *checks), "POST", query, headers, text)


def case(name: str, section: str, title: str, *steps: Step) -> Case:
    """Make a case of what the Protocol demands."""
    return Case(name, Area.PROTOCOL, Clause("Protocol", section), title, steps)


def advice(name: str, document: str, section: str, title: str, *steps: Step) -> Case:
    """Make a case of what should be."""
    clause = Clause(document, section)
    return Case(name, Area.PROTOCOL, clause, title, steps, Level.SHOULD)


def http(name: str, section: str, title: str, *steps: Step) -> Case:
    """Make a case of what HTTP demands."""
    return Case(name, Area.PROTOCOL, Clause("HTTP", section), title, steps)


def refused(*checks: Check, method: str = "POST", **sent: Any) -> Send:
    """Ask what has to be refused."""
    return Send(Target.QUERY, checks or (expect.REFUSAL,), method, **sent)
