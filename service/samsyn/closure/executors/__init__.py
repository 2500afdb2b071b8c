"""What computes a closure. An executor takes triples and returns all that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from samsyn.dataset.exact import Triple
from samsyn.errors import UsageError

__all__ = ["EXECUTORS", "Executor", "Expansion", "executor"]


@dataclass(frozen=True)
class Expansion:
    """What an executor found.

    Args:
        triples: the entailed triples; may include the given ones and axiomatic ones.
        clashes: each contradiction in words, with its resources in angle brackets.
    """

    triples: tuple[Triple, ...]
    clashes: tuple[str, ...] = ()


Executor = Callable[[Iterable[Triple]], Expansion]

EXECUTORS: Final = {
    "memory": "samsyn.closure.executors.memory",
    "owlrl": "samsyn.closure.executors.owlrl",
}


def executor(engine: str | Executor) -> Executor:
    """Return the executor of that name; one that is passed in comes back as it is.

    Raises:
        UsageError: there is none of that name.
    """
    if not isinstance(engine, str):
        return engine
    if engine not in EXECUTORS:
        raise UsageError(f"Unknown engine {engine!r}.", advice=f"Engines: {', '.join(EXECUTORS)}")
    run: Executor = import_module(EXECUTORS[engine]).expand
    return run
