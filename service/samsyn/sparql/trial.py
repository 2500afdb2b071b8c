"""A query tried on nothing: whether it can be run at all, and what it calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Store

from samsyn.errors import QueryError
from samsyn.sparql import error_texts
from samsyn.sparql.functions import Functions, tolerating
from samsyn.sparql.prefixed_names import spelled_out


@dataclass(frozen=True)
class Trial:
    """What came of a trial.

    Args:
        error: why the query cannot be run, with line and column in its text; None if it can.
        functions: IRIs of the functions that it calls and the engine does not know.
    """

    error: QueryError | None
    functions: tuple[str, ...] = ()


def tried(text: str, prefixes: Mapping[str, str]) -> Trial:
    """Try a query.

    Args:
        text: a SELECT, ASK, CONSTRUCT or DESCRIBE.
        prefixes: the prefixes that need no declaration.
    """
    missing: Functions = {}
    spelled = spelled_out(text, prefixes)

    def run(known: Functions) -> None:
        missing.update(known)
        Store().query(spelled, prefixes=dict(prefixes), custom_functions=known)

    try:
        tolerating(run)
    except SyntaxError as error:
        return Trial(error_texts.unparsed("query", error, text, prefixes, {}))
    except (RuntimeError, ValueError) as error:
        return Trial(QueryError(str(error)))
    return Trial(None, tuple(name.value for name in missing))
