"""The query library as examples in the dataset, made from its ``.rq`` files.

Each is written so that it runs as it is: its parameters are bound to their defaults. A query with
a parameter that has none is left out.

Source: https://www.w3.org/TR/shacl/ (section 5.1, ``sh:SPARQLExecutable``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Literal, Triple
from samsyn.description.service import Service
from samsyn.description.statements import Said, say
from samsyn.library import Query
from samsyn.library.words import LANGUAGES
from samsyn.sparql import keywords

_KINDS: Final = {
    "SELECT": "SPARQLSelectExecutable",
    "ASK": "SPARQLAskExecutable",
    "CONSTRUCT": "SPARQLConstructExecutable",
}


def describe(service: Service, queries: Iterable[Query]) -> Iterator[Triple]:
    """Describe queries as examples.

    Args:
        service: where they can be asked.
        queries: the queries.
    """
    for query in queries:
        form = keywords.keywords(query.text).form
        if form and all(parameter.default for parameter in query.parameters.values()):
            yield from say(f"{names.BASE}queries/{query.name}", _told(query, form, service))


def _told(query: Query, form: str, service: Service) -> dict[str, Said]:
    kinds = ["SPARQLExecutable", *([_KINDS[form]] if form in _KINDS else [])]
    return {
        names.RDF_TYPE: [names.SH + kind for kind in kinds],
        names.RDFS_LABEL: [
            Literal(query.texts["summary", lang], language=lang) for lang in LANGUAGES
        ],
        # An editor lists an example once for each comment.
        names.RDFS + "comment": Literal(query.question, language="en"),
        names.SH + form.lower(): Literal(runnable(query)),
        names.SCHEMA + "target": service.endpoint,
        names.SCHEMA + "keywords": [
            Literal(query.words.tag(tag, lang), language=lang)
            for tag in query.tags
            for lang in LANGUAGES
        ],
    }


def runnable(query: Query) -> str:
    """Return the text of a query without its header."""
    lines = query.text.splitlines()
    return "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
