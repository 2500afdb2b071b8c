"""Objects of our properties that cannot be meant: a text for a thing, or a thing of another class.

The range of a property would give whatever is there the class that it asks for, so neither
inference nor a shape on the closure finds such a slip. Here the object's classes are those that
are stated; of our things, those that the published graph or the address gives. An object of no
class of ours is left alone, since it may have any.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from types import MappingProxyType
from typing import Final

from samsyn import names
from samsyn.dataset.exact import Literal, NamedNode, Triple
from samsyn.positions.text import Texts
from samsyn.validation.finding import Finding

RULE: Final = "SAM-wrong-object"

KINDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "act": ("LegalAct",),
        "activity": ("Activity",),
        "actor": ("ActorCategory",),
        "aim": ("Aim",),
        "body": ("Body", "OrganisationalLevel"),
        "editorial": ("EditorialStatement",),
        "challenge": ("Challenge",),
        "circumstance": ("Circumstance",),
        "claim": ("Claim",),
        "collective": ("Collective",),
        "cooperation": ("Cooperation",),
        "country": ("Country",),
        "document": ("Document",),
        "event": ("Event",),
        "factor": ("Factor",),
        "figure": ("Figure",),
        "function": ("Function",),
        "initiative": ("Initiative",),
        "language": ("Language",),
        "material": ("Material",),
        "measure": ("Measure",),
        "method": ("Method",),
        "network": ("Network", "NetworkGroup"),
        "norm": ("Norm",),
        "opportunity": ("Opportunity",),
        "passage": ("Passage",),
        "phase": ("NetworkPhase",),
        "place": ("Place",),
        "policy": ("Policy",),
        "programme": ("Programme",),
        "quality": ("Quality",),
        "recommendation": ("Recommendation",),
        "region": ("Region",),
        "role": ("Role",),
        "section": ("Section",),
        "gap": ("Gap",),
        "topic": ("Topic",),
        "work": ("Document",),
    }
)
"""The classes that our things have, by the folder of their address."""

_TYPE: Final = NamedNode(names.RDF_TYPE)
_ANY: Final = names.NS + "Entity"
_ACTANT: Final = names.NS + "Actant"
_NO_ACTANTS: Final = frozenset(
    names.NS + name
    for name in ("Country", "Language", "Passage", "Place", "Region", "Section", "Statement")
)
"""Anything that makes a difference may be an actant, a body as well as a norm, but not these."""
_SCHEMA: Final = frozenset(
    names.RDFS + name for name in ("subClassOf", "subPropertyOf", "range")
) | {names.OWL + "equivalentClass", names.OWL + "equivalentProperty"}


def misplaced(triples: Sequence[Triple], known: Iterable[Triple]) -> Iterator[Finding]:
    """Yield a finding for each triple of a property of ours whose object cannot be meant.

    Args:
        triples: the user's data.
        known: the ontology, and the published graph where data is checked with it.
    """
    properties = {triple.predicate for triple in triples}
    said = {each for each in properties if each.value in _SCHEMA}
    schema = _Schema([*known, *(t for t in triples if t.predicate in said)] if said else known)
    asked = {each for each in properties if schema.asks(each.value)}
    checked = dict.fromkeys(triple for triple in triples if triple.predicate in asked)
    objects = {triple.object for triple in checked}
    for triple in triples:
        if triple.predicate == _TYPE and triple.subject in objects:
            schema.add(triple)
    for triple in checked:
        yield from _findings(triple, schema)


def _findings(triple: Triple, schema: _Schema) -> Iterator[Finding]:
    property_, value = triple.predicate.value, triple.object
    if isinstance(value, Literal):
        if schema.takes_things(property_):
            yield _finding(triple, "violation", _said(_LITERAL, property_, str(value)))
        return
    if schema.takes_literals(property_):
        yield _finding(triple, "violation", _said(_NODE, property_, str(value)))
        return
    stated = schema.stated(value)
    for range_ in schema.unfit(stated, property_):
        ours = isinstance(value, NamedNode) and value.value.startswith(names.ID)
        said = ", ".join(_short(each) for each in schema.classes(stated) if each != _ANY)
        messages = _said(_CLASS, property_, str(value), expected=_short(range_), classes=said)
        yield _finding(triple, "violation" if ours else "warning", messages)


class _Schema:
    """What properties expect, and the classes of things."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._above: dict[str, set[str]] = defaultdict(set)
        self._stated: dict[str, set[str]] = defaultdict(set)
        self._classes: dict[object, set[str]] = defaultdict(set)
        for triple in triples:
            self.add(triple)
        self.upwards = cache(self._upwards)
        # Many triples have the same property, and many things the same classes.
        self.takes_things = cache(self._takes_things)
        self.takes_literals = cache(self._takes_literals)
        self.unfit = cache(self._unfit)

    def add(self, triple: Triple) -> None:
        """Take note of a triple, if it says anything of classes or properties."""
        predicate, value = triple.predicate.value, triple.object
        if not isinstance(value, NamedNode):
            return
        subject = getattr(triple.subject, "value", "")
        if predicate == names.RDF_TYPE:
            self._classes[triple.subject].add(value.value)
        elif predicate == names.RDFS + "range":
            self._stated[subject].add(value.value)
        elif predicate in _SCHEMA:
            self._above[subject].add(value.value)
            if predicate.startswith(names.OWL):
                self._above[value.value].add(subject)

    def _upwards(self, term: str) -> frozenset[str]:
        found, waiting = {term}, [term]
        while waiting:
            new = self._above.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return frozenset(found)

    def asks(self, property_: str) -> bool:
        """Return whether a property is one of ours, or below one of ours."""
        return any(each.startswith(names.NS) for each in self.upwards(property_))

    def ranges(self, property_: str) -> Set[str]:
        """Return the narrowest classes of ours that a property expects its objects to have."""
        above = self.upwards(property_)
        stated = set[str]().union(*(self._stated.get(each, ()) for each in above))
        ours = {each for each in stated if each.startswith(names.NS)}
        wider = set[str]().union(*(self.upwards(each) - {each} for each in ours))
        return ours - wider

    def _takes_things(self, property_: str) -> bool:
        """Return whether a property of ours has things as values."""
        return self._is(property_, names.OWL + "ObjectProperty")

    def _takes_literals(self, property_: str) -> bool:
        """Return whether a property of ours has literals as values."""
        return self._is(property_, names.OWL + "DatatypeProperty")

    def _is(self, property_: str, kind: str) -> bool:
        ours = (each for each in self.upwards(property_) if each.startswith(names.NS))
        return any(kind in self._classes.get(NamedNode(each), ()) for each in ours)

    def stated(self, thing: object) -> frozenset[str]:
        """Return the classes that something is said to have, or that its address gives it."""
        return frozenset(self._classes.get(thing) or _by_address(thing))

    def classes(self, stated: Iterable[str]) -> list[str]:
        """Return the classes of ours among some classes and all that lie above them."""
        above = set[str]().union(*map(self.upwards, stated))
        return sorted(each for each in above if each.startswith(names.NS))

    def _unfit(self, stated: frozenset[str], property_: str) -> tuple[str, ...]:
        """Return the ranges of a property that something of some classes cannot be meant for."""
        classes = self.classes(stated)
        ranges = sorted(self.ranges(property_) - {_ANY}) if classes else ()
        return tuple(range_ for range_ in ranges if not self.fits(classes, range_))

    def fits(self, classes: Iterable[str], range_: str) -> bool:
        """Return whether something of some classes may be what a range asks for."""
        if any(self._is_related(each, range_) for each in classes):
            return True
        return range_ == _ACTANT and _NO_ACTANTS.isdisjoint(classes)

    def _is_related(self, one: str, other: str) -> bool:
        # A class is, or may be, another that is the same, above or below it.
        return other in self.upwards(one) or (one != _ANY and one in self.upwards(other))


def _by_address(thing: object) -> set[str]:
    address = thing.value if isinstance(thing, NamedNode) else ""
    if not address.startswith(names.ID):
        return set()
    folder = address.removeprefix(names.ID).split("/", 1)[0]
    return {names.NS + name for name in KINDS.get(folder, ())}


def _finding(triple: Triple, severity: str, messages: Texts) -> Finding:
    return Finding(
        RULE,
        severity,
        messages,
        focus=str(triple.subject),
        path=triple.predicate.value,
        value=str(triple.object),
    )


def _said(form: tuple[str, str], property_: str, value: str, **more: str) -> Texts:
    words = {"name": _short(property_), "value": value} | more
    swedish, english = (each.format(**words) for each in form)
    return (("sv", swedish), ("en", english))


_LITERAL: Final = (
    "{name} pekar på en sak, men {value} är en literal: text, tal eller datum.",
    "{name} points to a thing, but {value} is a literal: a text, number or date.",
)
_NODE: Final = (
    "{name} har en literal som värde, men {value} är en nod.",
    "{name} has a literal as its value, but {value} is a node.",
)
_CLASS: Final = (
    "{name} pekar på {expected}, men {value} är {classes}.",
    "{name} points to {expected}, but {value} is {classes}.",
)


def _short(iri: str) -> str:
    return "samsyn:" + iri.removeprefix(names.NS) if iri.startswith(names.NS) else f"<{iri}>"
