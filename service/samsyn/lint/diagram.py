"""The diagram of docs/model.md, drawn from the ontology as Mermaid text.

Shown are the classes and, between them, the properties whose domain is narrower than anything at
all; the rest would be arrows from everything. Of two inverses the one to assert is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Dataset, NamedNode, Triple
from samsyn.errors import ToolError

PAGE: Final = "docs/model.md"
_BEGIN: Final = "<!-- diagram: made from ontology/ by `samsyn lint --write` -->\n"
_END: Final = "<!-- end of diagram -->\n"


def place(page: str, dataset: Dataset) -> str:
    """Return the page with the diagram of this ontology between its two marks.

    Args:
        page: the text of docs/model.md.
        dataset: the dataset with the graphs of the ontology.

    Raises:
        ToolError: a mark is missing.
    """
    if _BEGIN not in page or _END not in page.partition(_BEGIN)[2]:
        raise ToolError(
            f"{PAGE} has lost the marks between which its diagram stands.",
            advice=f"Put these two lines back: {_BEGIN.strip()} and {_END.strip()}",
        )
    before, rest = page.split(_BEGIN, 1)
    _, after = rest.split(_END, 1)
    return f"{before}{_BEGIN}\n```mermaid\n{draw(dataset)}```\n\n{_END}{after}"


def draw(dataset: Dataset) -> str:
    """Return a Mermaid class diagram of the ontology's own classes and narrow properties."""
    triples = [
        triple
        for graph in dataset.graphs.values()
        if graph.iri.startswith(names.GRAPH + "ontology/")
        for triple in graph.triples
    ]
    lines = sorted({*_classes(triples), *_arrows(triples)})
    return "classDiagram\n  direction LR\n" + "".join(f"  {line}\n" for line in lines)


def _classes(triples: Iterable[Triple]) -> Iterator[str]:
    for lower, upper in _pairs(triples, names.RDFS + "subClassOf").items():
        for name in upper - {"Entity"}:
            yield f"{name} <|-- {lower}"


def _arrows(triples: list[Triple]) -> Iterator[str]:
    domains, ranges = _pairs(triples, names.RDFS + "domain"), _pairs(triples, names.RDFS + "range")
    shown = (domains.keys() & ranges.keys()) - _pairs(triples, names.OWL + "inverseOf").keys()
    for name in shown:
        for start in domains[name] - {"Entity"}:
            for end in ranges[name]:
                yield f"{start} --> {end} : {name}"


def _pairs(triples: Iterable[Triple], predicate: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for triple in triples:
        if triple.predicate.value == predicate:
            lower, upper = _own(triple.subject), _own(triple.object)
            if lower and upper:
                found.setdefault(lower, set()).add(upper)
    return found


def _own(term: object) -> str:
    value = term.value if isinstance(term, NamedNode) else ""
    return value.removeprefix(names.NS) if value.startswith(names.NS) else ""
