"""Cases of the Service Description (SPARQL 1.1 Service Description, sections 2 and 3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from samsyn.conformance import expectation as expect
from samsyn.conformance.answer import Answer
from samsyn.conformance.case import Area, Case, Check, Clause, Level, Names, Send, Target, says
from samsyn.dataset.exact import BlankNode, DefaultGraph, NamedNode, Quad, parse
from samsyn.errors import SourceError, UsageError
from samsyn.names import RDF_TYPE, SD

# Every property of section 3.2: the class of its subjects, and of its objects where that is of
# the same vocabulary.
_PROPERTIES: Final = {
    "endpoint": ("Service", ""),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", ""),
    "inputFormat": ("Service", ""),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", ""),
    "graph": ("NamedGraph", "Graph"),
}
# What SPARQL 1.2 adds to it, which 1.1 does not know.
_LATER: Final = frozenset({"supportedVersion"})
# Section 3.3; the two regimes and profiles are features, as functions and languages are.
_CLASSES: Final = {
    *("Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime"),
    *("EntailmentProfile", "GraphCollection", "Dataset", "Graph", "NamedGraph"),
}
# Section 3.4.
_INSTANCES: Final = {
    "SPARQL10Query": "Language",
    "SPARQL11Query": "Language",
    "SPARQL11Update": "Language",
    "DereferencesURIs": "Feature",
    "UnionDefaultGraph": "Feature",
    "RequiresDataset": "Feature",
    "EmptyGraphs": "Feature",
    "BasicFederatedQuery": "Feature",
}
# A class and what it is a kind of; others exclude each other.
_KINDS: Final[dict[str, set[str]]] = {
    "Language": {"Feature"},
    "Function": {"Feature"},
    "Aggregate": {"Feature"},
    "EntailmentRegime": {"Feature"},
    "EntailmentProfile": {"Feature"},
    "Dataset": {"GraphCollection"},
}


def described(answer: Answer) -> list[Quad]:
    """Read a description.

    Raises:
        SourceError: it is not well formed.
        UsageError: it is in no format of RDF.
    """
    return parse(answer.body, answer.media_type, base=answer.url)


def _read(judge: Check) -> Check:
    def check(answer: Answer, names: Names) -> str | None:
        try:
            return judge(answer, names)
        except (SourceError, UsageError) as error:
            return f"the description cannot be read as RDF: {error.message}"

    return check


def has_endpoint(answer: Answer, _: Names) -> str | None:
    """Hold a description to name the endpoint that it was fetched from."""
    found = [q.object for q in described(answer) if q.predicate.value == SD + "endpoint"]
    addresses = {term.value.rstrip("/") for term in found if isinstance(term, NamedNode)}
    if answer.url.rstrip("/") in addresses:
        return None
    return f"no sd:endpoint <{answer.url}>; found: {', '.join(sorted(addresses)) or 'none'}"


def has_endpoint_unnamed(answer: Answer, names: Names) -> str | None:
    """Hold a description to name its endpoint where a query without GRAPH sees it."""
    unnamed = [quad for quad in described(answer) if isinstance(quad.graph_name, DefaultGraph)]
    if any(quad.predicate.value == SD + "endpoint" for quad in unnamed):
        return has_endpoint(answer, names)
    return "no sd:endpoint in the default graph"


def is_service(answer: Answer, _: Names) -> str | None:
    """Hold a description to say that what has an endpoint is a service."""
    quads = described(answer)
    typed = {q.subject for q in quads if q.predicate.value == RDF_TYPE and _named(q) == "Service"}
    have = {q.subject for q in quads if q.predicate.value == SD + "endpoint"}
    return None if have and have <= typed else "what has an sd:endpoint is no sd:Service"


def _named(quad: Quad) -> str:
    value = quad.object.value if isinstance(quad.object, NamedNode) else ""
    return value.removeprefix(SD) if value.startswith(SD) else ""


def fits_vocabulary(answer: Answer, _: Names) -> str | None:
    """Hold a description to the terms, domains and ranges of the vocabulary."""
    faults = list(_faults(described(answer)))
    return "; ".join(faults[:3]) if faults else None


def _faults(quads: list[Quad]) -> Iterator[str]:
    types = _types(quads)
    for quad in quads:
        name = quad.predicate.value.removeprefix(SD)
        if quad.predicate.value == RDF_TYPE and (class_ := _named(quad)) and class_ not in _CLASSES:
            yield f"sd:{class_} is no class"
        if not quad.predicate.value.startswith(SD) or name in _LATER:
            continue
        if name not in _PROPERTIES:
            yield f"sd:{name} is no property"
            continue
        domain, range_ = _PROPERTIES[name]
        if not isinstance(quad.object, NamedNode | BlankNode):
            yield f"sd:{name} has the literal {quad.object}"
        elif name in ("endpoint", "name") and not isinstance(quad.object, NamedNode):
            yield f"sd:{name} has no IRI"
        yield from _unfit(name, types.get(quad.subject, set()), domain, "is of")
        yield from _unfit(name, types.get(quad.object, set()), range_, "leads to")
    yield from _nameless(quads)


def _types(quads: list[Quad]) -> dict[object, set[str]]:
    found: dict[object, set[str]] = {
        NamedNode(SD + name): {class_, *_KINDS.get(class_, ())}
        for name, class_ in _INSTANCES.items()
    }
    for quad in quads:
        if quad.predicate.value == RDF_TYPE and (class_ := _named(quad)):
            found.setdefault(quad.subject, set()).update({class_, *_KINDS.get(class_, ())})
    return found


def _unfit(name: str, have: set[str], wanted: str, words: str) -> Iterator[str]:
    # What has no type, or only a wider one, gets this one by the property.
    if wanted and wanted not in have and not have <= _KINDS.get(wanted, set()):
        classes = " and ".join(f"sd:{one}" for one in sorted(have))
        yield f"sd:{name} {words} {classes}, not sd:{wanted}"


def _nameless(quads: list[Quad]) -> Iterator[str]:
    named = {quad.subject for quad in quads if quad.predicate.value == SD + "name"}
    for quad in quads:
        if quad.predicate.value == SD + "namedGraph" and quad.object not in named:
            yield f"the named graph {quad.object} has no sd:name"


def _get(*checks: Check, accept: str = "") -> Send:
    headers = (("Accept", accept),) if accept else ()
    return Send(Target.QUERY, (expect.SUCCESS, *checks), headers=headers)


def _case(
    name: str, section: str, title: str, *checks: Check, accept: str = "", level: Level = Level.MUST
) -> Case:
    clause, steps = Clause("Description", section), (_get(*checks, accept=accept),)
    return Case(name, Area.DESCRIPTION, clause, title, steps, level, _NONE)


# A service need not describe itself (section 2 says SHOULD); if it does, the rest is binding.
_NONE: Final = says(400, 404, 405, 406)
_WANTED: Final = "text/turtle, application/n-triples;q=0.9, application/rdf+xml;q=0.8"
_QUADS: Final = "application/n-quads, application/trig;q=0.95, text/turtle;q=0.6"

CASES: Final = (
    Case(
        "description-is-there",
        Area.DESCRIPTION,
        Clause("Description", "2"),
        "describes itself to GET without a query",
        (_get(expect.rdf, accept=_WANTED),),
        Level.SHOULD,
    ),
    _case("description-is-rdf", "2", "describes itself in RDF", expect.rdf),
    _case(
        "description-has-endpoint",
        "3.2.1",
        "names its own address as sd:endpoint",
        _read(has_endpoint),
        accept=_WANTED,
    ),
    _case(
        "description-has-service",
        "3.3.1",
        "says that it is an sd:Service",
        _read(is_service),
        accept=_WANTED,
    ),
    _case(
        "description-fits-vocabulary",
        "3.2",
        "keeps to the terms, domains and ranges of the vocabulary",
        _read(fits_vocabulary),
        accept=_WANTED,
    ),
    _case(
        "description-in-quads",
        "2",
        "describes itself in the default graph where quads are preferred",
        _read(has_endpoint_unnamed),
        accept=_QUADS,
        level=Level.SHOULD,
    ),
    *(
        _case(
            f"description-in-{name}",
            "2",
            f"describes itself in {kind} where it is preferred",
            expect.media(kind),
            expect.rdf,
            accept=kind,
            level=Level.SHOULD,
        )
        for name, kind in (
            ("turtle", "text/turtle"),
            ("ntriples", "application/n-triples"),
            ("rdfxml", "application/rdf+xml"),
        )
    ),
)
