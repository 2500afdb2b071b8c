"""The W3C suites for the syntaxes of RDF, read where they are packed; see tests/w3c/archive.py."""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from samsyn.dataset.exact import Quad, parse
from samsyn.errors import SourceError

ABSENT: Final = "the W3C suites are not at hand: make test fetches them"
BASE: Final = "http://example.org/suite/file"
FORMS: Final = {
    ".ttl": "turtle",
    ".trig": "trig",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".rdf": "rdfxml",
}
_FOLDER: Final = "/test/data/suites/"


@cache
def packed(folder: str) -> dict[str, bytes]:
    """Return the files below a folder of the archive by their path below it; none if it is not."""
    archives = sorted((Path(sys.prefix) / "suites").glob("rdflib-*.tar.gz"))
    found = {}
    if archives:
        with tarfile.open(archives[-1]) as archive:
            for member in archive:  # in the order of the file, since it cannot go back cheaply
                _, there, path = member.name.partition(folder)
                content = archive.extractfile(member) if there else None
                if content is not None:
                    found[path] = content.read()
    return found


@cache
def documents() -> dict[str, bytes]:
    """Return the documents of all suites by their path; none at all if they are not at hand."""
    packed = sorted((Path(sys.prefix) / "suites").glob("rdflib-*.tar.gz"))
    found = {}
    if packed:
        with tarfile.open(packed[-1]) as archive:
            for member in archive:  # in the order of the file, since it cannot go back cheaply
                _, folder, path = member.name.partition(_FOLDER)
                content = (
                    archive.extractfile(member) if folder and Path(path).suffix in FORMS else None
                )
                if content is not None:
                    found[path] = content.read()
    return found


def of_form(form: str) -> Iterator[tuple[str, bytes, list[Quad] | SourceError]]:
    """Yield each document in a syntax, with what the parser makes of it."""
    if not documents():
        pytest.skip(ABSENT)
    for path, data in documents().items():
        if FORMS[Path(path).suffix] == form:
            try:
                yield path, data, parse(data, form, base=BASE, path=path)
            except SourceError as error:
                yield path, data, error
