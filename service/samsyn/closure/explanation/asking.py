"""Questions as a reader puts them: three terms in, an explanation in some format out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from samsyn import names
from samsyn.closure import inputs, relevant
from samsyn.closure.explanation.explainer import Explainer, Explanation
from samsyn.closure.explanation.notation import as_json
from samsyn.closure.explanation.provenance import triples as provenance
from samsyn.closure.explanation.rendering import text
from samsyn.closure.explanation.sources import Sources
from samsyn.closure.graph import ClosedGraph
from samsyn.closure.proof.fact import Fact, Node
from samsyn.closure.rules import OWL_RL
from samsyn.dataset.exact import Dataset, NamedNode, Triple, parse, serialize
from samsyn.errors import SamsynError, UsageError

FORMATS: Final = ("text", "turtle", "json")
DOES_NOT_FOLLOW: Final = 5
"""The exit code for a triple that does not follow."""

_WELL_KNOWN: Final = {
    "rdf": names.RDF,
    "rdfs": names.RDFS,
    "owl": names.OWL,
    "xsd": names.XSD,
    "prov": names.PROV,
}
_PREFIXED: Final = re.compile(r"((?:[^\W\d_][\w.-]*)?):([\w.-]*)")
_LITERAL: Final = re.compile(r"""["']|[+-]?\.?\d|(?:true|false)$""")
_IRI: Final = re.compile(r"<?([A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+)>?")


class Explainers:
    """Closes the facts of a dataset once, for many explanations.

    Args:
        dataset: the graphs as read from the files, with or without what is inferred.
    """

    def __init__(self, dataset: Dataset) -> None:
        self._closed = ClosedGraph(relevant(inputs(dataset).triples()))
        self._sources = Sources(dataset)

    def fresh(self) -> Explainer:
        """Return an explainer that remembers nothing yet."""
        return Explainer(self._closed, sources=self._sources)


def explainer(dataset: Dataset) -> Explainer:
    """Close the facts of a dataset, and return what explains them.

    Args:
        dataset: the graphs as read from the files, with or without what is inferred.
    """
    return Explainers(dataset).fresh()


def of_triples(
    triples: Iterable[Triple], rules: Iterable[str] = OWL_RL, ontology: Dataset | None = None
) -> Explainer:
    """Close some triples, and return what explains them.

    Args:
        triples: the stated ones.
        rules: W3C names of the rules.
        ontology: the graphs among whose triples some of them are, to be named as their sources.
    """
    chosen = tuple(rules)
    sources = None if ontology is None else Sources(ontology)
    return Explainer(ClosedGraph(triples, chosen), chosen, sources=sources)


def fact_of(subject: str, predicate: str, object_: str, prefixes: Mapping[str, str]) -> Fact:
    """Read a triple as a reader writes it.

    Args:
        subject: an IRI, in angle brackets or not, or a prefixed name; or a literal as in Turtle, of
            which the rules may say what it is.
        predicate: an IRI or a prefixed name, or ``a``.
        object_: as the subject.
        prefixes: the namespace of each prefix.

    Raises:
        UsageError: one of them is no such thing.
    """
    known = {**_WELL_KNOWN, **prefixes}
    middle = NamedNode(names.RDF_TYPE) if predicate == "a" else _node(predicate, known)
    return Fact(_term(subject, known), middle, _term(object_, known))


def _term(word: str, prefixes: Mapping[str, str]) -> Node:
    is_literal = _LITERAL.match(word.strip())
    return _literal(word, prefixes) if is_literal else _node(word, prefixes)


def _node(word: str, prefixes: Mapping[str, str]) -> NamedNode:
    prefixed = _PREFIXED.fullmatch(word.strip())
    if prefixed and prefixed[1] in prefixes:
        return NamedNode(prefixes[prefixed[1]] + prefixed[2])
    iri = _IRI.fullmatch(word.strip())
    if iri is None or (prefixed and not word.startswith(("urn:", "mailto:", "tag:"))):
        raise UsageError(
            f"{word!r} is neither an IRI nor a prefixed name.",
            advice=f"Prefixes: {', '.join(f'{name}:' for name in sorted(prefixes))}.",
        )
    return NamedNode(iri[1])


def _literal(word: str, prefixes: Mapping[str, str]) -> Node:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
    source = f"{head}<urn:s> <urn:p> {word} .".encode()
    try:
        found = list(parse(source, "turtle", base="urn:x", path="object"))
    except SamsynError as error:
        raise UsageError(
            f"{word} is not a literal.", advice='Write it as in Turtle: "text"@sv.'
        ) from error
    if len(found) != 1:
        raise UsageError(f"{word} is more than one literal.")
    return found[0].triple.object


def written(
    explanation: Explanation, form: str, prefixes: Mapping[str, str], language: str = "en"
) -> bytes:
    """Write an explanation.

    Args:
        explanation: what to write.
        form: one of :data:`FORMATS`.
        prefixes: the namespace of each prefix.
        language: of the reasons that a text quotes.
    """
    return _WRITERS[form](explanation, prefixes, language)


def _text(explanation: Explanation, prefixes: Mapping[str, str], language: str) -> bytes:
    return (text(explanation, prefixes, language) + "\n").encode()


def _json(explanation: Explanation, _: Mapping[str, str], __: str) -> bytes:
    return as_json(explanation).encode()


def _turtle(explanation: Explanation, prefixes: Mapping[str, str], _: str) -> bytes:
    return serialize(
        dict.fromkeys(provenance(explanation)), "turtle", prefixes={**_WELL_KNOWN, **prefixes}
    )


_WRITERS: Final[dict[str, Callable[[Explanation, Mapping[str, str], str], bytes]]] = {
    "text": _text,
    "turtle": _turtle,
    "json": _json,
}
