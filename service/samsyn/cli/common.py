"""Options that several commands share, and what they read of the repository."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from samsyn.dataset.exact import Dataset

GRAPH_FORMATS: Final = ("turtle", "ntriples", "jsonld", "rdfxml", "nquads", "trig")


def output(sub: ArgumentParser) -> None:
    """Define where the result is written."""
    sub.add_argument("-o", "--output", metavar="FILE", help="write here, not to standard output")


def language(sub: ArgumentParser, what: str) -> None:
    """Define the language of what is shown."""
    sub.add_argument("--lang", choices=("sv", "en"), help=what)


def closed_dataset() -> Dataset:
    """Return the repository's graphs with what follows from them."""
    from samsyn.closure import close
    from samsyn.dataset.exact import load
    from samsyn.layout import Layout

    return close(load(Layout.find()))
