"""The rules by which commands infer, and the files that they infer from."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from samsyn.errors import UsageError

if TYPE_CHECKING:
    from samsyn.cli.user_files import OwnFiles


def define(sub: ArgumentParser) -> None:
    """Define the options on rules and on the ontology."""
    sub.add_argument(
        "--context", action="append", default=[], metavar="IRI=FILE",
        help="the file of a JSON-LD context that the files name; may be repeated",
    )  # fmt: skip
    sub.add_argument(
        "--with-ontology", action="store_true", help="take samsyn's ontology along with the files"
    )
    sub.add_argument(
        "--rules", default="owl-rl", help="owl-rl (default), rdfs, all, or names: prp-trp,cax-sco"
    )


def user_files(options: Namespace) -> OwnFiles:
    """Return the files that the user names, as what is inferred from."""
    from samsyn.cli.user_files import OwnFiles
    from samsyn.dataset.jsonld.contexts import Contexts

    paths = [Path(name) for name in options.files]
    return OwnFiles(paths, Contexts.of(options.context), with_ontology=options.with_ontology)


def check_files(options: Namespace) -> None:
    """Refuse the ontology without files.

    Raises:
        UsageError: there are none; the repository's facts have the ontology anyway.
    """
    if options.with_ontology and not options.files:
        raise UsageError(
            "--with-ontology takes the ontology along with files, and none are given.",
            advice="Leave it away: the repository's facts have it.",
        )
