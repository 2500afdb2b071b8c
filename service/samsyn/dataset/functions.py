"""Functions that the engine does not know, as SPARQL 1.1 wants them (section 17.6).

The engine refuses a text that calls one. To SPARQL, the call is an error of its expression alone: a
filter fails, a variable stays unbound.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeVar

from pyoxigraph import NamedNode

_UNKNOWN: Final = re.compile(r"The custom function <([^>]*)> is not supported")
_MOST: Final = 50

T = TypeVar("T")
Functions = dict[NamedNode, Callable[..., Any]]


def tolerating(run: Callable[[Functions], T]) -> T:
    """Run a text with an error in place of each function that the engine does not know.

    Args:
        run: runs it, given functions by name.

    Raises:
        RuntimeError: it fails for another reason.
    """
    known: Functions = {}
    while True:
        try:
            return run(known)
        except RuntimeError as error:
            found = _UNKNOWN.search(str(error))
            if found is None or len(known) >= _MOST:
                raise
            known[NamedNode(found[1])] = _fail


def _fail(*_: object) -> None:
    """Give no value, which the engine takes for an error."""
