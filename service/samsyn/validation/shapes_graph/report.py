"""Faults of shapes with their places: as an error, or as findings where the user goes on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from samsyn.dataset.exact import NamedNode, Triple
from samsyn.errors import ToolError
from samsyn.validation.finding import Finding, Place, text
from samsyn.validation.locations import Part
from samsyn.validation.shapes_graph.checking import faults
from samsyn.validation.shapes_graph.fault import Fault
from samsyn.validation.shapes_graph.features import Means
from samsyn.validation.shapes_graph.literals import place_within
from samsyn.validation.shapes_graph.omission import Omission

FAULTY: Final = "SAM-faulty-shape"
_SHOWN: Final = 20
_ROUNDS: Final = 5
"""How often faults are left out: what is left may be faulty without what was left out."""


@dataclass(frozen=True)
class Sound:
    """What of a shapes graph can be used.

    Args:
        triples: its triples without what is faulty.
        findings: what was left out and why.
    """

    triples: tuple[Triple, ...]
    findings: tuple[Finding, ...] = ()


def check(
    documents: Sequence[Part],
    language: str = "en",
    *,
    means: Means = Means(),  # noqa: B008  it is frozen
    beside: Iterable[Triple] = (),
) -> None:
    """Check files of shapes, which may refer to each other.

    Args:
        documents: the files.
        language: the language of the messages.
        means: what the shapes are evaluated with.
        beside: shapes without faults that they may refer to.

    Raises:
        ToolError: the shapes are faulty; each line names file, line and column.
    """
    found = list(faults([*_triples(documents), *beside], means))
    if found:
        raise _refused(found, documents, language)


def sound(
    documents: Sequence[Part],
    *,
    means: Means = Means(),  # noqa: B008  it is frozen
    beside: Sequence[Triple] = (),
) -> Sound:
    """Leave out what is faulty in files of shapes.

    Args:
        documents: the files.
        means: what the shapes are evaluated with.
        beside: shapes without faults that they may refer to.

    Raises:
        ToolError: nothing is left that checks anything.
    """
    numbered = list(enumerate(_triples(documents)))
    found: dict[Fault, Any] = {}
    around: dict[Any, None] = {}
    for _ in range(_ROUNDS):
        triples = [triple for _, triple in numbered]
        new = list(faults([*triples, *beside], means))
        if not new:
            break
        if any(each.whole for each in new):
            raise _refused([*found, *new], documents, "en")
        omission = Omission(triples, new)
        found |= {_numbered(each, numbered): omission.named(each) for each in new}
        around |= dict.fromkeys(omission.around)
        numbered = [(numbered[n][0] if n < len(numbered) else n, t) for n, t in omission.kept()]
    else:
        raise _refused(list(found), documents, "en")
    places = placed(list(found), documents)
    findings = [_finding(each, place, found[each]) for each, place in places]
    findings += [_around(shape) for shape in around]
    return Sound(tuple(triple for _, triple in numbered), tuple(findings))


def _numbered(each: Fault, numbered: Sequence[tuple[int, Triple]]) -> Fault:
    # The number of the triple in the documents.
    return replace(each, index=None if each.index is None else numbered[each.index][0])


def _finding(each: Fault, place: Place, shape: str) -> Finding:
    messages = tuple(
        (language, f"{_LEFT_OUT[language]} {said}") for language, said in each.messages
    )
    return Finding(FAULTY, "warning", messages, value=shape, shape=shape.strip("<>"), place=place)


def _around(shape: Any) -> Finding:
    messages = tuple(_AROUND.items())
    return Finding(FAULTY, "warning", messages, value=str(shape), shape=_plain(shape))


def _plain(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


_LEFT_OUT: Final[Mapping[str, str]] = {
    "sv": "Utelämnat ur formerna:",
    "en": "Left out of the shapes:",
}
_AROUND: Final[Mapping[str, str]] = {
    "sv": "Utelämnat ur formerna: formen bygger på en form som är utelämnad.",
    "en": "Left out of the shapes: the shape rests on one that is left out.",
}


def _triples(documents: Sequence[Part]) -> Iterator[Triple]:
    return (triple for part in documents for triple in part.triples)


def _refused(found: Sequence[Fault], documents: Sequence[Part], language: str) -> ToolError:
    told = (
        f"  {place}: {text(each.messages, language)}" for each, place in placed(found, documents)
    )
    lines = list(dict.fromkeys(told))
    if len(lines) > _SHOWN:
        lines[_SHOWN:] = [f"  and {len(lines) - _SHOWN} more"]
    return ToolError(
        "\n".join(["The shapes are faulty:", *lines]),
        advice="Correct them: an engine would pass over such faults in silence. Shapes that are not"
        " yours to correct: --allow-faulty-shapes leaves the faulty ones out.",
    )


def placed(found: Sequence[Fault], documents: Sequence[Part]) -> Iterator[tuple[Fault, Place]]:
    """Yield each fault with its place.

    Args:
        found: the faults, whose triples are numbered through all documents.
        documents: the files.
    """
    home = [
        (number, at) for number, part in enumerate(documents) for at in range(len(part.triples))
    ]
    wanted: dict[int, set[int]] = defaultdict(set)
    for each in found:
        if each.index is not None and each.index < len(home):
            number, at = home[each.index]
            wanted[number].add(at)
    spots = {number: documents[number].places(triples) for number, triples in wanted.items()}
    for each in found:
        known = each.index is not None and each.index < len(home)
        number, at = home[each.index or 0] if known else (0, 0)
        spot = spots.get(number, {}).get(at) if known else None
        region = None if spot is None else getattr(spot, each.position)
        if each.within and region and spot and spot.exact:
            region = place_within(_text(documents[number]), region, each.within)
        yield each, Place(documents[number].name, region, "value" if region else "file")


def _text(document: Part) -> str:
    data = document.source.read() if document.source else b""
    return data.decode("utf-8-sig", "replace")
