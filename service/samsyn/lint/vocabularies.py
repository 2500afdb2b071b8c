"""The list of the terms of well-known vocabularies, made from rdflib's and a few of our own.

rdflib leaves out what came after its release, and some vocabularies altogether.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from samsyn import names
from samsyn.dataset.exact import rdflib_module
from samsyn.validation.terms import vocabularies

PAGE: Final = "service/samsyn/validation/terms/vocabularies.tsv"
_LEFT_OUT: Final = frozenset(
    {
        "https://brickschema.org/schema/Brick#",  # large, and about buildings
        "https://www.w3.org/2003/01/geo/wgs84_pos#",  # its namespace begins http:
    }
)

_RDF_1_2: Final = "reifies dirLangString Triple"
_SHACL: Final = (
    "Rules ShapeClass Trace Debug codeIdentifier conformanceDisallows intent agentInstruction"
    " maxListLength memberShape minListLength nodeByExpression reificationRequired reifierShape"
    " rootClass severityMap singleLine someValue subsetOf targetWhere types uniqueMembers"
    " uniqueValuesFor values"
)
_DCAT_3: Final = (
    "DatasetSeries first hasCurrentVersion hasVersion inCatalog inSeries isDistributionOf"
    " isVersionOf last next nextVersion prev previousVersion resource seriesMember version"
)
_WEB_ANNOTATION: Final = (
    "Annotation Choice CssSelector CssStyle DataPositionSelector Direction FragmentSelector"
    " HttpRequestState Motivation PreferContainedDescriptions PreferContainedIRIs RangeSelector"
    " ResourceSelection Selector SpecificResource State Style SvgSelector TextPositionSelector"
    " TextQuoteSelector TextualBody TimeState XPathSelector annotationService assessing"
    " autoDirection bodyValue bookmarking cachedSource canonical classifying commenting describing"
    " editing end exact hasBody hasEndSelector hasPurpose hasScope hasSelector hasSource"
    " hasStartSelector hasState hasTarget highlighting identifying linking ltrDirection moderating"
    " motivatedBy prefix processingLanguage questioning refinedBy renderedVia replying rtlDirection"
    " sourceDate sourceDateEnd sourceDateStart start styleClass styledBy suffix tagging"
    " textDirection via"
)
_BESIDES: Final[Mapping[str, str]] = {
    names.RDF: _RDF_1_2,
    names.SH: _SHACL,
    names.DCAT: _DCAT_3,
    names.OA: _WEB_ANNOTATION,
    "http://www.w3.org/2008/05/skos-xl#": (
        "Label altLabel hiddenLabel labelRelation literalForm prefLabel"
    ),
    "http://www.w3.org/2003/01/geo/wgs84_pos#": (
        "Point SpatialThing alt lat lat_long location long"
    ),
}
"""Terms that rdflib does not list."""
_STATES: Final = {names.SH: vocabularies.GROWS, names.XSD: vocabularies.FIXED}
"""Where rdflib is wrong about whether a vocabulary is finished."""


def listing() -> str:
    """Return the list as text: a namespace a line, in order."""
    return "".join("\t".join(row) + "\n" for row in sorted(_rows()))


def _rows() -> Iterator[tuple[str, str, str]]:
    found = dict(_from_rdflib())
    for namespace, terms in _BESIDES.items():
        grows, listed = found.get(namespace, (False, set()))
        found[namespace] = grows, listed | set(terms.split())
    for namespace, (grows, listed) in found.items():
        state = vocabularies.GROWS if grows else vocabularies.FIXED
        yield namespace, _STATES.get(namespace, state), " ".join(sorted(listed))


def _from_rdflib() -> Iterator[tuple[str, tuple[bool, set[str]]]]:
    module = rdflib_module().namespace
    for item in vars(module).values():
        if not isinstance(item, type(module.DefinedNamespace)) or item is module.DefinedNamespace:
            continue
        namespace = str(item._NS)
        if namespace not in _LEFT_OUT:
            listed = {str(term).removeprefix(namespace) for term in (*dir(item), *item._extras)}
            terms = {term for term in listed if not set("#/: ") & set(term)}
            yield namespace, (not item._fail, terms)
