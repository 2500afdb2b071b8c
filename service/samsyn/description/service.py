"""The Service Description: what the endpoint can do, and over which graphs.

Source: https://www.w3.org/TR/sparql11-service-description/ (section 3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from samsyn import media, names
from samsyn.dataset.exact import Literal, Triple
from samsyn.description.statements import Blanks, Said, label, say
from samsyn.description.statistics import Statistics

_SD: Final = names.SD

CASTS: Final = (
    "date",
    "dayTimeDuration",
    "duration",
    "gDay",
    "gMonth",
    "gMonthDay",
    "gYear",
    "gYearMonth",
    "time",
    "yearMonthDuration",
)
"""Datatypes of XML Schema that a query can cast to, beyond those of the Recommendation."""

GEOGRAPHIC: Final = (
    "area",
    "asGeoJSON",
    "centroid",
    "convexHull",
    "coordinateDimension",
    "difference",
    "dimension",
    "distance",
    "ehContains",
    "ehCoveredBy",
    "ehCovers",
    "ehDisjoint",
    "ehEquals",
    "ehInside",
    "ehMeet",
    "ehOverlap",
    "envelope",
    "getSRID",
    "intersection",
    "isEmpty",
    "isSimple",
    "length",
    "perimeter",
    "rcc8dc",
    "rcc8ec",
    "rcc8eq",
    "rcc8ntpp",
    "rcc8ntppi",
    "rcc8po",
    "rcc8tpp",
    "rcc8tppi",
    "sfContains",
    "sfCrosses",
    "sfDisjoint",
    "sfEquals",
    "sfIntersects",
    "sfOverlaps",
    "sfTouches",
    "sfWithin",
    "spatialDimension",
    "symDifference",
    "union",
)
"""Functions of GeoSPARQL that the engine has."""

FUNCTIONS: Final = (
    *(names.XSD + name for name in CASTS),
    *(names.GEO_FUNCTIONS + name for name in GEOGRAPHIC),
)

EXTENSIONS: Final[Mapping[str, tuple[str, str, str]]] = {
    "adjust": (
        "räkning med datum och tider, och ADJUST",
        "arithmetic on dates and times, and ADJUST",
        "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0002/sep-0002.md",
    ),
    "lateral": (
        "LATERAL: en delfråga som ser värdena utanför",
        "LATERAL: a subquery that sees the values outside it",
        "https://github.com/w3c/sparql-dev/blob/main/SEP/SEP-0006/sep-0006.md",
    ),
    "triple-terms": (
        "trippeltermer och skriftriktning, som i utkastet till SPARQL 1.2",
        "triple terms and base directions, as in the draft of SPARQL 1.2",
        "https://www.w3.org/TR/sparql12-query/",
    ),
}
"""Extensions of the language that are no functions with an IRI: labels, and where to read more."""


@dataclass(frozen=True)
class Service:
    """One endpoint, as it is set up.

    Args:
        url: its public address, without a slash at the end.
        union: whether the default graph of a query that names none is the union of all graphs.
        writes: whether updates are taken.
    """

    url: str
    union: bool = True
    writes: bool = False

    @property
    def endpoint(self) -> str:
        """Where queries are sent."""
        return f"{self.url}/sparql"

    @property
    def updates(self) -> str:
        """Where updates are sent, if they are taken."""
        return f"{self.url}/update"

    @property
    def void(self) -> str:
        """Where the dataset is described (RFC 5785)."""
        return f"{self.url}/.well-known/void"


@dataclass(frozen=True)
class Named:
    """What is said of one named graph.

    Args:
        provenance_status: the IRI of its provenance status.
        sizes: its numbers by the local names of VoID.
    """

    provenance_status: str
    sizes: Mapping[str, int]


def sizes(statistics: Statistics) -> dict[str, int]:
    """Return the totals of a set of triples by the local names of VoID."""
    return {
        "classes": len(statistics.classes),
        "distinctObjects": statistics.objects,
        "distinctSubjects": statistics.subjects,
        "entities": statistics.entities,
        "properties": len(statistics.properties),
        "triples": statistics.triples,
    }


def in_void(numbers: Mapping[str, int]) -> dict[str, Said]:
    """Say totals in the words of VoID."""
    return {names.VOID + name: number for name, number in numbers.items()}


def describe(
    service: Service, graphs: Mapping[str, Named], triples: int, subsets: tuple[str, ...]
) -> Iterator[Triple]:
    """Describe an endpoint.

    Every graph is queried under simple entailment: the inferred graph adds those consequences that
    are worth publishing, as triples, and no regime that demands all of them would hold.

    Args:
        service: the endpoint.
        graphs: the named graphs by IRI.
        triples: how many there are in the default graph.
        subsets: IRIs of the datasets that the default graph is made of.
    """
    blanks = Blanks("service")
    whole, default = blanks.new(), blanks.new()
    yield from say(service.endpoint, _abilities(service))
    yield from say(service.endpoint, {_SD + "defaultDataset": whole})
    if service.writes:
        yield from say(service.updates, _writing(service))
    for function in FUNCTIONS:
        yield from say(function, {names.RDF_TYPE: _SD + "Function"})
    for name, (swedish, english, page) in EXTENSIONS.items():
        said: dict[str, Said] = {names.RDF_TYPE: _SD + "Feature", names.RDFS + "seeAlso": page}
        yield from say(extension(name), label(swedish, english) | said)
    yield from say(whole, {names.RDF_TYPE: _SD + "Dataset", _SD + "defaultGraph": default})
    yield from say(default, label("fråga utan FROM", "query without FROM"))
    yield from say(
        default,
        {
            names.RDF_TYPE: (_SD + "Graph", names.VOID + "Dataset"),
            names.VOID + "triples": triples,
            names.VOID + "subset": subsets,
        },
    )
    for iri, graph in graphs.items():
        node = blanks.new()
        yield from say(whole, {_SD + "namedGraph": node})
        named: dict[str, Said] = {names.RDF_TYPE: _SD + "NamedGraph"}
        yield from say(node, named | {_SD + "name": iri, _SD + "graph": iri})
        provenance_status: dict[str, Said] = {
            names.NS + "hasProvenanceStatus": graph.provenance_status
        }
        kinds: dict[str, Said] = {names.RDF_TYPE: (_SD + "Graph", names.VOID + "Dataset")}
        yield from say(iri, kinds | provenance_status | in_void(graph.sizes))


def extension(name: str) -> str:
    """Return the IRI of an extension of the language."""
    return f"{names.ID}feature/{name}"


def _abilities(service: Service) -> dict[str, Said]:
    features = {"UnionDefaultGraph": service.union, "EmptyGraphs": service.writes}
    return {
        **label("endpunkten för SPARQL", "SPARQL endpoint"),
        names.RDF_TYPE: _SD + "Service",
        names.RDFS + "comment": _comment(),
        names.RDFS + "seeAlso": service.void,
        _SD + "endpoint": service.endpoint,
        _SD + "supportedLanguage": _SD + "SPARQL11Query",
        _SD + "feature": [_SD + name for name, on in features.items() if on],
        _SD + "resultFormat": formats((*media.RESULTS, *media.RDF)),
        _SD + "defaultEntailmentRegime": names.ENTAILMENT + "Simple",
        _SD + "extensionFunction": FUNCTIONS,
        _SD + "languageExtension": [extension(name) for name in EXTENSIONS],
    }


def _writing(service: Service) -> dict[str, Said]:
    return {
        **label("adressen för uppdateringar", "address of updates"),
        names.RDF_TYPE: _SD + "Service",
        _SD + "endpoint": service.updates,
        _SD + "supportedLanguage": _SD + "SPARQL11Update",
        _SD + "feature": _SD + "EmptyGraphs",
        _SD + "inputFormat": formats(media.GRAPHS),
    }


def formats(offered: tuple[media.Format, ...]) -> list[str]:
    """Return the W3C's IRIs of formats."""
    return [names.FORMATS + media.REGISTERED[form.media_type] for form in offered]


def _comment() -> list[Literal]:
    return [
        Literal(
            "Frågor tolkas med enkel innebörd (simple entailment). Det ur OWL 2 RL som är värt att"
            " publicera står som tripplar i den härledda grafen.",
            language="sv",
        ),
        Literal(
            "Queries are read under simple entailment. What is worth publishing of the consequences"
            " under OWL 2 RL stands as triples in the inferred graph.",
            language="en",
        ),
    ]
