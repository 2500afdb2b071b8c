"""The conformance kit: what the Recommendations ask of any SPARQL endpoint, tried over HTTP.

It reads only, unless it has a token; with one it writes only to graphs of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from samsyn.conformance.case import Area
from samsyn.conformance.client import Client
from samsyn.conformance.report import WRITERS, Report
from samsyn.conformance.run import Endpoint, Run, find
from samsyn.conformance.tables import cases

__all__ = ["WRITERS", "Area", "Endpoint", "Report", "check"]


def check(
    asked: Endpoint,
    *,
    areas: Collection[Area] = tuple(Area),
    timeout: float = 30.0,
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """Check an endpoint against the tables of cases.

    Args:
        asked: its addresses as far as they are known, and the token if there is one.
        areas: which areas to check.
        timeout: seconds that one request may take.
        tell: is reported what could not be cleaned up.

    Raises:
        ToolError: the endpoint does not answer.
    """
    client = Client(timeout)
    endpoint = find(client, asked)
    return Report(endpoint, tuple(Run(client, endpoint, tell).outcomes(cases(areas))))
