"""The catalogue of rules: which rule a result breaks, and what it says.

A shape's own words go first: ``rdfs:label`` (or ``sh:name``) is the rule's title, ``sh:message``
what is wrong, ``rdfs:comment`` why that matters. Where it has none, the general words for its kind
of constraint are in, since the engine has none of its own. In the shapes of the profiles the
first sentence of a message says what is wrong and the rest how to fix it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode, Triple, term_of
from samsyn.positions.text import Texts
from samsyn.validation.engines.result import Result
from samsyn.validation.finding import ANONYMOUS, SEVERITIES, SEVERITY_IRIS, Finding, Rule, shown
from samsyn.validation.profiles import PREFIXES
from samsyn.validation.wording import PAGE, Filling, constraint, program

OURS: Final = "SAM-"
FOREIGN: Final = "SAM-shape:"

_SUFFIX: Final = "ConstraintComponent"
_DEEP: Final = 2
"""How far into one another anonymous shapes are written out."""
_SENTENCE: Final = ". "
_NOTHING: Final = "(?!)"
_LITERAL: Final = re.compile(r'("(?:[^"\\]|\\.)*")(@[\w-]+|\^\^<[^>]*>)?')
_LABEL: Final = re.compile(r"(?<![\w:])_:\w(?:[\w.-]*\w)?")
_PARTS: Final = frozenset(
    names.SH + name
    for name in (
        *("property", "node", "not", "and", "or", "xone", "qualifiedValueShape"),
        *("sparql", "expression"),
    )
)
_OF_ITS_OWN: Final = frozenset({names.SH + "property", names.SH + "sparql"})
_TARGETS: Final = frozenset(
    names.SH + name for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
)
_BROADER: Final = names.SKOS + "broader"
_LISTS: Final = frozenset({names.RDF + "first", names.RDF + "rest"})

__all__ = ["FOREIGN", "OURS", "Catalogue", "program"]


class Catalogue:
    """The rules of a shapes graph.

    Args:
        shapes: the shapes; blank nodes have the labels that results give them.
        prefixes: namespaces by prefix, by which IRIs are written short in sentences.
    """

    def __init__(self, shapes: Iterable[Triple], prefixes: Mapping[str, str] | None = None) -> None:
        self._about: dict[str, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        self._owners: dict[str, str] = {}
        self._wholes: dict[str, list[str]] = defaultdict(list)
        self._parts: set[str] = set()
        for triple in shapes:
            subject, predicate = _plain(triple.subject), triple.predicate.value
            self._about[subject][predicate].append(triple.object)
            if predicate in _OF_ITS_OWN:
                self._parts.add(_plain(triple.object))
            if predicate in _PARTS or predicate in _LISTS:
                self._owners.setdefault(_plain(triple.object), subject)
                self._wholes[_plain(triple.object)].append(subject)
        self._prefixes = {space: prefix for prefix, space in (prefixes or {}).items()}
        longest = sorted(self._prefixes, key=len, reverse=True)
        spaces = "|".join(map(re.escape, longest)) or _NOTHING
        self._iri = re.compile(f"<?({spaces})([A-Za-z0-9_-]+)>?")
        # A rule is asked for by each of its findings.
        self.rule = cache(self._rule)

    def _rule(self, shape: str, component: str = "") -> Rule:
        """Return the rule that a shape stands for.

        Args:
            shape: IRI of the shape, or label of an anonymous one.
            component: the kind of constraint that it broke, which speaks where it has no message.
        """
        messages = self._texts(shape, "message")
        filling = self._filling(shape, component)
        iri = self._named(shape)
        whats, remedies = _divided(messages) if iri.startswith(names.SHAPES) else (messages, ())
        return Rule(
            id=self.identifier(shape, component),
            severity=self.severity(shape),
            titles=self._titles(shape),
            whats=whats or constraint(component, "what", filling),
            whys=self._said(shape, names.RDFS + "comment") or constraint(component, "why", filling),
            remedies=remedies or constraint(component, "fix", filling),
            shape=iri,
            help=_help(iri),
            within=self._within(shape),
        )

    def rule_of(self, result: Result) -> Rule:
        """Return the rule that a result breaks: for a query of a shape, that of the query."""
        return self.rule(result.constraint or result.shape, result.component)

    def rules(self) -> Iterator[Rule]:
        """Yield the rules of all named shapes that look at something by themselves.

        Those that are only part of another (of an ``sh:or``, say) are none.
        """
        for shape, about in list(self._about.items()):
            looks = not about.keys().isdisjoint(_TARGETS) or shape in self._parts
            if looks and not shape.startswith("_:"):
                yield self.rule(shape)

    def finding(self, result: Result) -> Finding:
        """Return what an engine found as a finding, without its place."""
        return Finding(
            rule=self.rule_of(result).id,
            severity=self.weight(result.severity),
            messages=self.messages(result),
            focus=result.focus,
            path=result.path,
            value=result.value,
            shape=self._named(result.constraint or result.shape),
            component=result.component,
            own_severity="" if result.severity in SEVERITIES else result.severity,
            details=tuple(self.finding(each) for each in result.details),
        )

    def messages(self, result: Result) -> Texts:
        """Return what is wrong in a result: the shape's message, else one made for it."""
        if result.messages:
            return tuple((tag, _unlabelled(text, result)) for tag, text in result.messages)
        filling = Filling(
            path=self.short(result.path),
            value=ANONYMOUS if result.value.startswith("_:") else shown(self.short(result.value)),
            parameter=self._asked(result),
        )
        return constraint(result.component, "what", filling)

    def _asked(self, result: Result) -> str:
        if result.parameter.startswith(("<", "_:", '"')):
            return self._words(term_of(result.parameter))
        return result.parameter or self._parameter(result.shape, result.component)

    def reporting(self, shape: str) -> list[str]:
        """List the shape and its parts that say something: those that results come from."""
        parts = [shape, *self._about.get(shape, {}).get(names.SH + "property", [])]
        parts += self._about.get(shape, {}).get(names.SH + "sparql", [])
        return sorted(iri for iri in map(_plain, parts) if self._texts(iri, "message"))

    def identifier(self, shape: str, component: str = "") -> str:
        """Return the id of a shape's rule: that of ours is short, that of another holds its IRI."""
        if shape.startswith(names.SHAPES):
            return OURS + shape.removeprefix(names.SHAPES)
        if not shape.startswith("_:"):
            return FOREIGN + shape
        return f"{FOREIGN}{self._named(shape)}/{names.local(component)}"

    def severity(self, shape: str) -> str:
        """Return what findings of a shape weigh."""
        said = self._about[shape].get(names.SH + "severity") if shape in self._about else None
        return self.weight(_plain(said[0])) if said else SEVERITIES[0]

    def weight(self, severity: str) -> str:
        """Return which severity of SHACL a severity weighs as.

        Args:
            severity: its name or IRI; one that SHACL does not define weighs as the one that it
                names by ``skos:broader`` in the shapes graph, else as a violation.
        """
        met: set[str] = set()
        while severity not in SEVERITIES and severity not in met:
            met.add(severity)
            broader = self._about[severity].get(_BROADER) if severity in self._about else None
            above = _plain(broader[0]) if broader else severity
            severity = SEVERITY_IRIS.get(above, above)
        return severity if severity in SEVERITIES else SEVERITIES[0]

    def short(self, text: str) -> str:
        """Write the IRIs in a term or path with prefixes, and a literal without its datatype."""
        if text.startswith('"'):
            return _LITERAL.sub(lambda match: match[1] + _tag(match[2]), text)
        return self._iri.sub(lambda match: f"{self._prefixes[match[1]]}:{match[2]}", text)

    def _within(self, shape: str) -> tuple[str, ...]:
        found = {shape}
        waiting = [shape]
        while waiting:
            wholes = set(self._wholes.get(waiting.pop(), ())) - found
            found |= wholes
            waiting += wholes
        return tuple(sorted(iri for iri in found if not iri.startswith("_:")))

    def _named(self, shape: str) -> str:
        seen = {shape}
        while shape.startswith("_:") and shape in self._owners:
            shape = self._owners[shape]
            if shape in seen:
                break
            seen.add(shape)
        return shape

    def _titles(self, shape: str) -> Texts:
        said = self._said(shape, names.RDFS_LABEL) or self._texts(shape, "name")
        return said or (("", names.local(self._named(shape))),)

    def _texts(self, shape: str, name: str) -> Texts:
        return self._said(shape, names.SH + name)

    def _said(self, shape: str, predicate: str) -> Texts:
        found = self._about[shape].get(predicate, []) if shape in self._about else []
        texts = (term for term in found if isinstance(term, Literal))
        return tuple(sorted((term.language or "", term.value) for term in texts))

    def _filling(self, shape: str, component: str) -> Filling:
        paths = self._about[shape].get(names.SH + "path", []) if shape in self._about else []
        path = next((self.short(_plain(p)) for p in paths if isinstance(p, NamedNode)), "")
        return Filling(path=path, parameter=self._parameter(shape, component))

    def _parameter(self, shape: str, component: str) -> str:
        name = component.removesuffix(_SUFFIX)
        values = self._about[shape].get(names.SH + name[:1].lower() + name[1:], [])
        return ", ".join(self._words(value) for value in values)

    def _words(self, term: object, depth: int = 0) -> str:
        members = self._members(term)
        if members:
            return ", ".join(self._words(member, depth) for member in members)
        if isinstance(term, NamedNode) and term.value == names.RDF + "nil":
            return "()"
        if isinstance(term, BlankNode):
            return self._described(term, depth)
        return term.value if isinstance(term, Literal) else self.short(str(term))

    def _described(self, node: BlankNode, depth: int) -> str:
        """Write what is said of an anonymous shape: its label would tell a reader nothing."""
        said = self._about.get(str(node), {})
        if depth == _DEEP or not said:
            return ANONYMOUS
        parts = (
            f"{self._term(property_)} {self._words(value, depth + 1)}"
            for property_, values in said.items()
            for value in values
            if property_ != names.RDF_TYPE
        )
        return f"[ {' ; '.join(parts)} ]"

    def _term(self, property_: str) -> str:
        own = property_.startswith(names.SH)
        return f"sh:{property_.removeprefix(names.SH)}" if own else self.short(f"<{property_}>")

    def _members(self, head: object) -> list[object]:
        members: list[object] = []
        while (known := self._about.get(_plain(head))) and names.RDF + "first" in known:
            members += known[names.RDF + "first"]
            head = known[names.RDF + "rest"][0]
        return members


def _plain(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _unlabelled(text: str, result: Result) -> str:
    """Return a message without the labels that an engine gave to blank nodes; no file has them."""
    for term in (result.focus, result.value):
        if term.startswith("_:"):
            # One engine puts the label alone into a message.
            text = re.sub(rf"(?<![\w:]){re.escape(term[2:])}(?!\w)", ANONYMOUS, text)
    return _LABEL.sub(ANONYMOUS, text)


def _help(shape: str) -> str:
    if shape.startswith(tuple(names.SHAPES + prefix for prefix in PREFIXES.values())):
        return f"{PAGE}#{OURS}{shape.removeprefix(names.SHAPES)}"
    return shape if shape.startswith(names.SHAPES) else ""


def _tag(written: str | None) -> str:
    return written if written and written.startswith("@") else ""


def _divided(messages: Texts) -> tuple[Texts, Texts]:
    """Divide each message into its first sentence and the others, where all have others."""
    parts = [(language, *text.partition(_SENTENCE)) for language, text in messages]
    if not parts or not all(rest for _, _, _, rest in parts):
        return messages, ()
    whats = tuple((language, first + ".") for language, first, _, _ in parts)
    return whats, tuple((language, rest) for language, _, _, rest in parts)
