"""The files of the W3C suite for SPARQL 1.1, read where they are packed.

They come with the source distribution of rdflib, which ``make test`` puts beside the interpreter.
"""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from samsyn.dataset.exact import Triple, parse

ABSENT: Final = "the W3C suites are not at hand: make test fetches them"
ROOT: Final = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
"""What the files are named under, each by its folder and name."""

_FOLDER: Final = "/test/data/suites/w3c/sparql11/"


@cache
def files() -> Mapping[str, bytes]:
    """Return the files of the suite by folder and name; none at all if it is not at hand."""
    packed = sorted((Path(sys.prefix) / "suites").glob("rdflib-*.tar.gz"))
    if not packed:
        return {}
    found = {}
    with tarfile.open(packed[-1]) as archive:
        for member in archive:  # in the order of the file, since it cannot go back cheaply
            _, folder, path = member.name.partition(_FOLDER)
            content = archive.extractfile(member) if folder else None
            if content is not None:
                found[path] = content.read()
    return found


def iri(path: str) -> str:
    """Name a file."""
    return ROOT + path


def path(name: str, beside: str = "") -> str:
    """Return the file that an IRI names, which may be relative to another file."""
    return urljoin(ROOT + beside, name).removeprefix(ROOT)


def text(path: str) -> str:
    """Return a query or an update, its base put before it."""
    return f"BASE <{iri(path)}>\n{files()[path].decode()}"


def document(path: str) -> bytes:
    """Return a Turtle or RDF/XML file with its base, which otherwise would be where it is sent."""
    if path.endswith(".rdf"):
        head = f'<rdf:RDF xml:base="{iri(path)}"'.encode()
        return files()[path].replace(b"<rdf:RDF", head, 1)
    return f"@base <{iri(path)}> .\n".encode() + files()[path]


def triples(path: str) -> list[Triple]:
    """Return the triples of a Turtle or RDF/XML file."""
    form = "rdfxml" if path.endswith(".rdf") else "turtle"
    return [quad.triple for quad in parse(files()[path], form, base=iri(path), path=path)]
