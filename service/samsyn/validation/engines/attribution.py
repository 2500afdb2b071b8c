"""Which value of a parameter a result is about, where a shape has several; engines do not say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, term_of
from samsyn.validation.engines.model import Shapes, plain
from samsyn.validation.engines.paths import Facts, reached
from samsyn.validation.engines.result import Result

_SUFFIX: Final = "ConstraintComponent"
_CLASS: Final = "Class" + _SUFFIX
_LANGUAGES: Final = "UniqueLang" + _SUFFIX


def attributed(found: Iterable[Result], shapes: Shapes, facts: Facts) -> Iterator[Result]:
    """Yield results with what each is about, where that can be reported.

    Args:
        found: the results.
        shapes: the shapes graph.
        facts: the data.
    """
    nodes = {plain(node): node for node in shapes.nodes}
    alike: dict[tuple[str, ...], list[Result]] = defaultdict(list)
    for result in found:
        key = (result.focus, result.path, result.value, result.shape, result.component)
        alike[key].append(result)
    for group in alike.values():
        about = _about(group[0], nodes.get(group[0].shape), shapes, facts)
        if len(about) == len(group):
            yield from (replace(r, parameter=a) for r, a in zip(group, about, strict=True))
        else:
            yield from group


def _about(result: Result, shape: Any, shapes: Shapes, facts: Facts) -> list[str]:
    name = result.component.removesuffix(_SUFFIX)
    if shape is None or result.constraint or not name:
        return []
    if result.component == _LANGUAGES:
        return _languages(result, shape, shapes, facts)
    values = shapes.values(shape, name[0].lower() + name[1:])
    if len(values) < 2:  # noqa: PLR2004  then there is nothing to tell apart
        return []
    if result.component == _CLASS:
        held = _classes(term_of(result.value), facts)
        return [str(value) for value in values if value not in held]
    return [str(value) for value in values]


def _languages(result: Result, shape: Any, shapes: Shapes, facts: Facts) -> list[str]:
    ends = reached(shapes.value(shape, "path"), term_of(result.focus), facts, shapes)
    tags = (end.language for end in ends if isinstance(end, Literal))
    counted = Counter(tag.lower() for tag in tags if tag)
    return [tag for tag, times in sorted(counted.items()) if times > 1]


def _classes(value: Any, facts: Facts) -> set[Any]:
    found: set[Any] = set()
    waiting = list(facts.objects(value, names.RDF_TYPE))
    while waiting:
        kind = waiting.pop()
        if kind not in found:
            found.add(kind)
            waiting += facts.objects(kind, names.RDFS + "subClassOf")
    return {kind for kind in found if isinstance(kind, NamedNode)}
