"""What JSON-LD leaves out in silence: IRIs that are none, names without meaning, odd keywords.

The engine reads the document once more, without checking IRIs and with a vocabulary of our own for
names that have none, so that it decides itself what would be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple
from pyoxigraph import parse as _parse

from samsyn.dataset.flaws import FlawError, shortened
from samsyn.dataset.jsonld.contexts import Contexts, expanded
from samsyn.dataset.jsonld.json_text import Value, point_of, read

BAD_IRI: Final = "jsonld-bad-iri"
"""The kind of fault by which statements are lost that were meant to be read."""

_OURS: Final = "urn:x-samsyn-left-out:"
_LIKE_KEYWORDS: Final = re.compile(r'"(@[A-Za-z]+)"\s*:')
_KEYWORD: Final = re.compile(r"@[A-Za-z]+")
# fmt: off
_KEYWORDS: Final = frozenset({
    "@base", "@container", "@context", "@direction", "@graph", "@id", "@import", "@included",
    "@index", "@json", "@language", "@list", "@nest", "@none", "@prefix", "@preserve", "@propagate",
    "@protected", "@reverse", "@set", "@type", "@value", "@version", "@vocab",
})
# fmt: on


def left_out(
    data: bytes, *, base: str | None = None, contexts: Contexts | None = None
) -> list[FlawError]:
    """Return what of a document is left out, each name once, in its order.

    Args:
        data: a document that can be read, in UTF-8.
        base: what relative IRIs are resolved against.
        contexts: where the contexts that it names may be taken from.
    """
    text = data.decode("utf-8-sig")
    odd = {name for name in _LIKE_KEYWORDS.findall(text) if name not in _KEYWORDS}
    try:
        names = _names(expanded(text, contexts).text, base)
        if not names and not odd:
            return []
        tree = read(text)
    except (SyntaxError, ValueError, RecursionError):
        return []  # what cannot be read twice is left at what was read
    found = [*_meaningless(text, tree, names), *_bad(text, tree, names), *_odd(text, tree)]
    return sorted(found, key=lambda flaw: flaw.start)


def _names(text: str, base: str | None) -> dict[str, None]:
    """Return the IRIs that are none or begin with ours."""
    # Within a graph, a document has the context around it, and adds its own.
    within = f'{{"@context": {{"@vocab": "{_OURS}"}}, "@graph": {text}}}'
    names = {name for quad in _lenient(within, base) for name in _named(quad)}
    return dict.fromkeys(sorted(name for name in names if _is_wrong(name)))


def _is_wrong(name: str) -> bool:
    if name.startswith(_OURS):
        return True
    try:
        NamedNode(name)
    except ValueError:
        return True
    return False


def _lenient(text: str, base: str | None) -> Iterator[Quad]:
    return _parse(text.encode(), RdfFormat.JSON_LD, base_iri=base, lenient=True)


def _named(quad: Quad) -> Iterator[str]:
    terms: list[Any] = [quad.subject, quad.predicate, quad.object, quad.graph_name]
    for term in terms:
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Triple):
            yield from _named(Quad(term.subject, term.predicate, term.object))


def _meaningless(text: str, tree: Value, names: dict[str, None]) -> Iterator[FlawError]:
    lost = {name.removeprefix(_OURS) for name in names if name.startswith(_OURS)}
    for key in _keys(tree):
        if key.text in lost:
            lost.discard(key.text)
            yield _flaw("jsonld-no-meaning", text, key)


def _bad(text: str, tree: Value, names: dict[str, None]) -> Iterator[FlawError]:
    keys = {key.text for key in _keys(tree)}
    for name in names:
        iri = name.removeprefix(_OURS)
        try:
            NamedNode(name)
        except ValueError as error:
            # The last part of an IRI is written as it is, whatever stands for the first.
            found = [each for each in _strings(tree) if each.text and iri.endswith(_end(each.text))]
            if found and (iri == name or iri not in keys):
                best = max(found, key=lambda each: len(_end(each.text)))
                yield _flaw(BAD_IRI, text, best, said=str(error))


def _end(text: str) -> str:
    return text if "//" in text else text.rpartition(":")[2]


def _odd(text: str, tree: Value) -> Iterator[FlawError]:
    met: set[str] = set()
    for key in _keys(tree):
        if _KEYWORD.fullmatch(key.text) and key.text not in _KEYWORDS | met:
            met.add(key.text)
            yield _flaw("jsonld-no-keyword", text, key)


def _keys(value: Value) -> Iterator[Value]:
    for key, inner in value.members:
        yield key
        if key.text not in {"@context", "@value"}:
            yield from _keys(inner)
    for item in value.items:
        yield from _keys(item)


def _strings(value: Value) -> Iterator[Value]:
    if value.kind == "string":
        yield value
    for key, inner in value.members:
        yield key
        if key.text != "@context":
            yield from _strings(inner)
    for item in value.items:
        yield from _strings(item)


def _flaw(kind: str, text: str, value: Value, **words: str) -> FlawError:
    start, end = point_of(text, value.start), point_of(text, value.end)
    return FlawError(kind, start, end, there=shortened(value.text), **words)
