"""Media types as tables, and the choice among them: no state, no request, no framework.

Specificity beats weight, ``q=0`` excludes, wildcards and unknown parameters work
(RFC 9110, sections 12.4.2 and 12.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write an answer.

    Args:
        name: the short name, as in ``format=ttl``.
        media_types: the registered type first, then other types it may be asked by.
        aliases: other short names.
        parameters: what follows the media type in ``Content-Type``.
    """

    name: str
    media_types: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    parameters: str = ""

    @property
    def media_type(self) -> str:
        """The registered media type."""
        return self.media_types[0]

    def content_type(self, media_type: str | None = None) -> str:
        """Return the ``Content-Type`` for one of the format's media types."""
        chosen = media_type or self.media_type
        return f"{chosen}; {self.parameters}" if self.parameters else chosen


UTF8: Final = "charset=utf-8"
LONGEST: Final = 256
"""Characters of a parameter that may name a format."""

HTML: Final = Format("html", ("text/html",), (), UTF8)
PLAIN_JSON: Final = Format("json", ("application/json",))

RESULTS: Final = (
    Format(
        "json",
        ("application/sparql-results+json", "application/json"),
        ("srj", "sparql-results+json"),
    ),
    Format(
        "xml",
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        ("srx", "sparql-results+xml"),
    ),
    Format("csv", ("text/csv",), (), f"{UTF8}; header=present"),
    Format("tsv", ("text/tab-separated-values",), (), UTF8),
)

GRAPHS: Final = (
    # Turtle is N3, so that clients that ask for N3 can read it.
    Format(
        "turtle",
        (
            "text/turtle",
            "application/x-turtle",
            "application/turtle",
            "text/n3",
            "application/n3",
            "text/rdf+n3",
        ),
        ("ttl", "n3", "rdf+n3"),
        UTF8,
    ),
    Format("ntriples", ("application/n-triples", "text/plain"), ("nt", "n-triples")),
    Format("jsonld", ("application/ld+json", "application/json"), ("json-ld", "ld+json", "json")),
    Format(
        "rdfxml", ("application/rdf+xml", "application/xml", "text/xml"), ("rdf", "rdf+xml", "xml")
    ),
)

TRIG: Final = Format("trig", ("application/trig", "application/x-trig"), (), UTF8)
NQUADS: Final = Format("nquads", ("application/n-quads", "text/x-nquads"), ("nq", "n-quads"))

DATASETS: Final = (NQUADS, TRIG)
RDF: Final = (*GRAPHS, TRIG, NQUADS)

REGISTERED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "application/sparql-results+json": "SPARQL_Results_JSON",
        "application/sparql-results+xml": "SPARQL_Results_XML",
        "text/csv": "SPARQL_Results_CSV",
        "text/tab-separated-values": "SPARQL_Results_TSV",
        "text/turtle": "Turtle",
        "application/n-triples": "N-Triples",
        "application/ld+json": "JSON-LD",
        "application/rdf+xml": "RDF_XML",
        "application/trig": "TriG",
        "application/n-quads": "N-Quads",
    }
)
"""The local names of formats at http://www.w3.org/ns/formats/, by registered media type."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was agreed on: a format, and the media type under which it was asked for."""

    format: Format
    media_type: str

    @property
    def content_type(self) -> str:
        """The ``Content-Type`` of the answer."""
        return self.format.content_type(self.media_type)


# A quoted text that does not end takes the rest, so that no header is read more than once.
_QUOTED = r'"(?:\\.|[^"\\])*+(?:"|\\?\Z)'
_ELEMENT = re.compile(rf'(?:[^,"]|{_QUOTED})++', re.DOTALL)
_PARAMETER = re.compile(rf';((?:[^;"]|{_QUOTED})*+)', re.DOTALL)
_WEIGHT = re.compile(r"(?:0?(?:\.\d{0,3})?|1(?:\.0{0,3})?)")


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    """Split a header into its ranges with their weights; those with a broken weight fall out."""
    for element in _ELEMENT.findall(header):
        name = element.partition(";")[0].strip().lower()
        weight = _weight(_PARAMETER.findall(element))
        if name and weight is not None:
            yield ("*/*" if name == "*" else name), weight


def _weight(parameters: Iterable[str]) -> float | None:
    for parameter in parameters:
        key, _, value = (part.strip() for part in parameter.partition("="))
        if key.lower() == "q":
            return float(value) if value.strip(".") and _WEIGHT.fullmatch(value) else None
    return 1.0


def _specificity(media_range: str, media_type: str) -> int:
    """Return how closely a range names a type: 2 exactly, 1 its family, 0 anything, -1 not."""
    if media_range == media_type:
        return 2
    if media_range == "*/*":
        return 0
    family, _, subtype = media_range.partition("/")
    return 1 if subtype == "*" and media_type.startswith(f"{family}/") else -1


def negotiate(accept: str | None, offered: Sequence[Format]) -> Choice | None:
    """Choose the format that a client likes best.

    Args:
        accept: the ``Accept`` header; absent or empty means anything.
        offered: the formats at hand, the default first. It wins where the client has no
            preference; a type named outright wins over one that only a wildcard covers.

    Returns:
        The choice, or None when nothing offered is acceptable (406).
    """
    ranges = list(_ranges(accept)) if accept and accept.strip() else [("*/*", 1.0)]
    best: Choice | None = None
    best_rank = (0.0, -1)
    for form in offered:
        for media_type in form.media_types:
            matches = [(_specificity(name, media_type), weight) for name, weight in ranges]
            specificity, weight = max(matches, default=(-1, 0.0))
            # A wildcard stands for the registered type; the others have to be named.
            least = 0 if media_type == form.media_type else 2
            if specificity >= least and weight > 0 and (weight, specificity) > best_rank:
                best, best_rank = Choice(form, media_type), (weight, specificity)
    return best


def by_name(value: str, offered: Iterable[Format]) -> Choice | None:
    """Find a format by short name or media type, as given in ``format=``.

    Args:
        value: such as ``csv`` or ``text/csv``; case and parameters do not matter.
        offered: the formats to search.
    """
    # A plus that was not encoded has become a blank.
    wanted = value.partition(";")[0].strip().lower().replace(" ", "+")
    for form in offered:
        if wanted in (form.name, *form.aliases, *form.media_types):
            return Choice(form, wanted if wanted in form.media_types else form.media_type)
    return None


def asked_for(value: str, offered: Sequence[Format]) -> Choice | None:
    """Find a format by short name, media type, or several media types as in ``Accept``.

    Args:
        value: the value of a parameter such as ``format=``.
        offered: the formats to search.
    """
    if len(value) > LONGEST:
        return None
    if "," in value and "/" in value:
        return negotiate(value, offered)
    return by_name(value, offered)


def known(value: str) -> bool:
    """Return whether a short name or media type is that of any format.

    N3 is none of ours: where there is a graph, Turtle is sent for it; elsewhere it means nothing.
    """
    return "n3" not in value.lower() and asked_for(value, (HTML, *RESULTS, *RDF)) is not None


def negotiate_language(accept: str | None, offered: Sequence[str]) -> str:
    """Choose a language; the first offered is the default.

    Args:
        accept: the ``Accept-Language`` header.
        offered: primary language tags, in lower case.
    """
    weights = dict.fromkeys(offered, 0.0)
    ranges = list(_ranges(accept or ""))
    for tag in offered:
        matching = [(name.count("-"), -weight) for name, weight in ranges if _covers(name, tag)]
        if matching:
            weights[tag] = -min(matching)[1]
        else:
            weights[tag] = next((weight for name, weight in ranges if name == "*/*"), 0.0)
    return max(offered, key=lambda tag: weights[tag])


def _covers(language_range: str, tag: str) -> bool:
    return language_range.split("-", maxsplit=1)[0] == tag


def negotiate_coding(accept: str | None, offered: Sequence[str]) -> str:
    """Choose a content coding (RFC 9110, section 12.5.3).

    Args:
        accept: the ``Accept-Encoding`` header; absent means that none is wanted.
        offered: the codings at hand, the best first.

    Returns:
        The coding, or an empty text where the answer is to go as it is.
    """
    weights = dict(_ranges(accept or ""))
    anything = weights.get("*/*", 0.0)
    best = max(offered, key=lambda name: weights.get(name, anything))
    weight = weights.get(best, anything)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def essence(content_type: str) -> tuple[str, str | None]:
    """Split a ``Content-Type`` into media type and charset, both in lower case.

    Args:
        content_type: the header as sent.
    """
    name = content_type.partition(";")[0].strip().lower()
    for parameter in _PARAMETER.findall(content_type):
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            return name, value.strip().strip('"').lower()
    return name, None
