"""What the manifests of the suite list: every test with what it loads, asks and wants."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from tests.w3c import archive

from samsyn.dataset.exact import BlankNode, NamedNode, Term, Triple
from samsyn.names import RDF, RDF_TYPE, RDFS_LABEL

ENTAILMENT: Final = "entailment"

NOT_RUN: Final = {
    "protocol": "34 names without requests: `samsyn endpoint test` has cases of our own",
    "service-description": "3 names without requests: as above",
    "service": "7 tests that need other endpoints: SERVICE is refused",
}
"""The folders that are left out, and why."""

_MANIFEST: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QUERY: Final = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UPDATE: Final = "http://www.w3.org/2009/sparql/tests/test-update#"
_SERVICE: Final = "http://www.w3.org/ns/sparql-service-description#"
_FROM: Final = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)

Node = Term | Triple
About = Mapping[object, Mapping[str, list[Node]]]


class Kind(StrEnum):
    """What a test does, by its class in the manifest."""

    QUERY = "QueryEvaluationTest"
    CSV = "CSVResultFormatTest"
    UPDATE = "UpdateEvaluationTest"
    RIGHT = "PositiveSyntaxTest11"
    WRONG = "NegativeSyntaxTest11"
    RIGHT_UPDATE = "PositiveUpdateSyntaxTest11"
    WRONG_UPDATE = "NegativeUpdateSyntaxTest11"


@dataclass(frozen=True)
class Case:
    """One test.

    Args:
        folder: the folder it is in.
        name: its name there.
        kind: what it does.
        request: the file of the query or the update.
        data: the files to load, by graph; the empty name is the default graph.
        result: the file of the answer; empty if there is none.
        after: the files of the graphs that an update is to leave.
        regimes: entailment regimes it is for.
        profiles: profiles of OWL that its data are in.
    """

    folder: str
    name: str
    kind: Kind
    request: str
    data: tuple[tuple[str, str], ...]
    result: str
    after: tuple[tuple[str, str], ...]
    regimes: frozenset[str]
    profiles: frozenset[str]

    @property
    def id(self) -> str:
        """The folder and the name, which together are one of a kind."""
        return f"{self.folder}/{self.name}"

    @property
    def iri(self) -> str:
        """The name that the W3C gave it."""
        return f"{archive.ROOT}{self.folder}/manifest#{self.name}"

    @property
    def text(self) -> str:
        """The query or the update, with its base."""
        return archive.text(self.request)


@cache
def cases() -> Mapping[str, Case]:
    """Return every test that can be run, by folder and name; none if the suite is not at hand."""
    found: dict[str, Case] = {}
    for folder in folders():
        if folder not in NOT_RUN:
            for case in _read(folder):
                if case.id in found:
                    raise ValueError(f"{case.id} is listed twice")
                found[case.id] = case
    return found


@cache
def folders() -> tuple[str, ...]:
    """Return the folders that the suite lists, in its order."""
    if not archive.files():
        return ()
    about = _about("manifest-all.ttl")
    (included,) = about[NamedNode(archive.iri("manifest-all.ttl"))][_MANIFEST + "include"]
    paths = (_path(node) for node in _members(included, about))
    return tuple(path.removesuffix("/manifest.ttl") for path in paths)


def _about(path: str) -> About:
    about: dict[object, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for triple in archive.triples(path):
        about[triple.subject][triple.predicate.value].append(triple.object)
    return about


def _read(folder: str) -> Iterator[Case]:
    about = _about(f"{folder}/manifest.ttl")
    (entries,) = about[NamedNode(archive.iri(f"{folder}/manifest.ttl"))][_MANIFEST + "entries"]
    for entry in _members(entries, about):
        yield _case(folder, entry, about)


def _case(folder: str, entry: Node, about: About) -> Case:
    of = about[entry]
    (kind,), (action,) = of[RDF_TYPE], of[_MANIFEST + "action"]
    result = next(iter(of[_MANIFEST + "result"]), None)
    # What is to be done is a file alone, or described with its data; an outcome is a file, or
    # describes the graphs that are left.
    to_do = about[action]
    asked = next(iter(to_do[_QUERY + "query"] + to_do[_UPDATE + "request"]), action)
    named = [*_from(_path(asked)), *_graphs(to_do, about)] if asked is not action else []
    regimes, profiles = (
        frozenset(_last(item) for node in to_do[key] for item in _members(node, about))
        for key in (_SERVICE + "entailmentRegime", _SERVICE + "EntailmentProfile")
    )
    return Case(
        folder=folder,
        name=_last(entry),
        kind=_kind(_last(kind), _path(asked)),
        request=_path(asked),
        data=_once(named),
        result=_path(result) if isinstance(result, NamedNode) else "",
        after=_once(_graphs(about[result], about)) if isinstance(result, BlankNode) else (),
        regimes=regimes,
        profiles=profiles,
    )


def _kind(name: str, request: str) -> Kind:
    # Some updates are listed as queries, which as such would be wrong whatever they say.
    is_update = name == Kind.WRONG and request.endswith(".ru")
    return Kind.WRONG_UPDATE if is_update else Kind(name)


def _once(named: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    listed = tuple(dict.fromkeys(named))
    if len(dict(listed)) < len(listed):
        raise ValueError(f"a graph has two files: {listed}")
    return listed


def _from(request: str) -> Iterator[tuple[str, str]]:
    """Yield the graphs that a query asks for and that are files of the suite."""
    for name in _FROM.findall(archive.files()[request].decode()):
        path = archive.path(name, request)
        if path in archive.files():
            yield archive.iri(path), path


def _graphs(of: Mapping[str, list[Node]], about: About) -> Iterator[tuple[str, str]]:
    """Yield the graphs that an action or a result describes, each with its file."""
    for node in of[_QUERY + "data"] + of[_UPDATE + "data"]:
        yield "", _path(node)
    for node in of[_QUERY + "graphData"]:
        yield archive.iri(_path(node)), _path(node)
    for node in of[_UPDATE + "graphData"]:
        (file,), (label,) = about[node][_UPDATE + "graph"], about[node][RDFS_LABEL]
        yield str(getattr(label, "value", label)), _path(file)


def _members(node: Node, about: About) -> Iterator[Node]:
    # What is no list is taken for a list of one.
    if RDF + "first" not in about[node]:
        yield node
        return
    while RDF + "first" in about[node]:
        yield about[node][RDF + "first"][0]
        node = about[node][RDF + "rest"][0]


def _path(node: object) -> str:
    return archive.path(str(node).strip("<>"))


def _last(node: object) -> str:
    return str(node).strip("<>").replace("#", "/").rpartition("/")[2]
