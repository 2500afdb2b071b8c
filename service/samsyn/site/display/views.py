"""What the pages show: terms, facts and statements, ready for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from samsyn import names
from samsyn.dataset.exact import BlankNode, Literal, NamedNode
from samsyn.site.display import triple_index as facts
from samsyn.site.display.explanation_links import address, is_explained
from samsyn.site.display.labels import Labels, Text, href_of
from samsyn.site.display.triple_index import Fact, Node, TripleIndex, key

FIRST: Final = names.RDF + "first"
REST: Final = names.RDF + "rest"
DEPTH: Final = 8

# Datatypes that a reader sees without being told.
_NEGATED: Final = names.VOCAB + "polarity/negated"
_BOOLEAN: Final = names.XSD + "boolean"
_TRUTH: Final = {
    "true": {"sv": "ja", "en": "yes"},
    "false": {"sv": "nej", "en": "no"},
}
PLAIN: Final = (names.XSD_STRING, names.LANG_STRING, names.XSD + "integer")

# Shown at the head of a page, so not once more among its facts.
HEADING: Final = (names.RDF_TYPE,)


@dataclass(frozen=True)
class Term:
    """A term as shown.

    Args:
        text: the label of a resource, or the text of a literal.
        lang: the language of the text.
        href: where it leads, None for no link.
        iri: the full IRI of a resource.
        short: its name by prefix.
        datatype: the short name of a literal's datatype, unless it is plain text.
        parts: for an anonymous node, what is said of it.
        items: for a list, its members.
    """

    text: str
    lang: str | None = None
    href: str | None = None
    iri: str | None = None
    short: str | None = None
    datatype: str | None = None
    parts: tuple[tuple[Term, Term], ...] = ()
    items: tuple[Term, ...] = ()

    @property
    def foreign(self) -> bool:
        """Whether the link leaves this server."""
        return self.href is not None and not self.href.startswith("/")


@dataclass(frozen=True)
class Statement:
    """A claim or editorial statement as shown beside what it is about."""

    term: Term
    provenance_status: Term
    provenance_status_name: str
    certainty: list[Term]
    polarity: list[Term]
    kind: list[Term]
    subjects: list[Term]
    properties: list[Term]
    objects: list[Term]
    places: list[Place]
    reason: Text | None

    @property
    def negated(self) -> bool:
        """Whether it says that something is not so."""
        return any(value.iri == _NEGATED for value in self.polarity)


@dataclass(frozen=True)
class Place:
    """Where in the brief something stands: the passage, its sentences and its section."""

    passage: Term
    sentences: list[str]
    sections: list[Term]


@dataclass
class Row:
    """One fact as shown, with every graph that holds it and every statement that states it.

    An inferred one leads to its explanation.
    """

    subject: Term
    predicate: Term
    object: Term
    graphs: list[Term] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    why: str | None = None


@dataclass(frozen=True)
class Group:
    """The facts of one provenance status."""

    provenance_status: Term
    name: str
    rows: list[Row]

    @property
    def claimed(self) -> bool:
        """Whether any of the facts is stated by a claim or editorial statement."""
        return any(row.statements for row in self.rows)


class Views:
    """Makes views in one language.

    Args:
        record: the facts.
        labels: what to call things.
        lang: the reader's language.
    """

    def __init__(self, record: TripleIndex, labels: Labels, lang: str) -> None:
        self.record = record
        self.labels = labels
        self.lang = lang

    def term(self, node: object, depth: int = 0) -> Term:
        """Show a node; an anonymous one with what is said of it, to some depth."""
        if isinstance(node, Literal):
            return self._literal(node)
        if isinstance(node, BlankNode):
            return self._anonymous(node, depth)
        if isinstance(node, NamedNode):
            return self.resource(node.value)
        # A quoted triple or an unbound variable: shown as written.
        return Term(str(node))

    def resource(self, iri: str) -> Term:
        """Show a resource by its label, linked."""
        label = self.labels.label(iri, self.lang)
        href = href_of(iri, self.record)
        return Term(label.text, label.lang, href, iri, self.labels.short(iri))

    def resources(self, nodes: Iterable[Node]) -> list[Term]:
        """Show several nodes."""
        return [self.term(node) for node in nodes]

    def graph(self, iri: str) -> Term:
        """Show a graph by its path, which is shorter than its label and the same everywhere."""
        return Term(iri.removeprefix(names.GRAPH), None, href_of(iri, self.record), iri, iri)

    def _literal(self, literal: Literal) -> Term:
        if literal.datatype.value == _BOOLEAN and literal.value in _TRUTH:
            return Term(_TRUTH[literal.value][self.lang])
        plain = literal.datatype.value in PLAIN
        datatype = None if plain else self.labels.short(literal.datatype.value)
        return Term(literal.value, literal.language, datatype=datatype)

    def _anonymous(self, node: BlankNode, depth: int) -> Term:
        name = key(node)
        if depth >= DEPTH:
            return Term("…")
        items = self._list(name, depth)
        if items:
            return Term("", items=tuple(items))
        said = self.record.outgoing(name)
        parts = [
            (self.resource(fact.predicate), self.term(fact.object, depth + 1)) for fact in said
        ]
        return Term("" if parts else name, parts=tuple(parts))

    def _list(self, name: str, depth: int) -> list[Term]:
        items: list[Term] = []
        seen: set[str] = set()
        while name not in seen and (first := self.record.objects(name, FIRST)):
            seen.add(name)
            items.append(self.term(first[0], depth + 1))
            rest = self.record.objects(name, REST)
            name = key(rest[0]) if rest else name
        return items

    def groups(self, found: Iterable[Fact]) -> list[Group]:
        """Group facts by the provenance status of their graphs, each fact once in a group."""
        rows: dict[str, dict[object, Row]] = {
            provenance_status: {} for provenance_status in names.PROVENANCE_STATUSES
        }
        for fact in found:
            group = rows.setdefault(fact.graph.provenance_status, {})
            row = group.get(fact.triple)
            if row is None:
                row = group[fact.triple] = self._row(fact)
            row.graphs.append(self.graph(fact.graph.iri))
        return [
            Group(
                self.resource(provenance_status),
                names.local(provenance_status),
                list(group.values()),
            )
            for provenance_status, group in rows.items()
            if group
        ]

    def _row(self, fact: Fact) -> Row:
        return Row(
            self.term(fact.subject),
            self.resource(fact.predicate),
            self.term(fact.object),
            statements=[self.statement(iri) for iri in self._stating(fact)],
            why=address(fact.triple) if is_explained(fact.graph.provenance_status) else None,
        )

    def _stating(self, fact: Fact) -> list[str]:
        """List the statements whose content is this very fact."""
        if fact.graph.provenance_status == names.IS_SCHEMA:
            return []
        about = self.record.subjects(facts.STATES_SUBJECT, key(fact.subject))
        return [iri for iri in about if self._states(iri, fact)]

    def _states(self, statement: str, fact: Fact) -> bool:
        properties = self.record.objects(statement, facts.STATES_PROPERTY)
        part = facts.STATES_VALUE if isinstance(fact.object, Literal) else facts.STATES_OBJECT
        named = NamedNode(fact.predicate) in properties
        return named and fact.object in self.record.objects(statement, part)

    def statement(self, iri: str) -> Statement:
        """Show a claim or editorial statement with its qualifiers and its places in the brief."""
        get = self.record.objects
        values = [*get(iri, facts.STATES_OBJECT), *get(iri, facts.STATES_VALUE)]
        return Statement(
            term=self.resource(iri),
            provenance_status=self.resource(self.record.provenance_status(iri)),
            provenance_status_name=names.local(self.record.provenance_status(iri)),
            certainty=self.resources(get(iri, names.NS + "hasCertainty")),
            polarity=self.resources(get(iri, names.NS + "hasPolarity")),
            kind=self.resources(get(iri, names.NS + "hasClaimType")),
            subjects=self.resources(get(iri, facts.STATES_SUBJECT)),
            properties=self.resources(get(iri, facts.STATES_PROPERTY)),
            objects=self.resources(values),
            places=self.places(self.record.passages(iri)),
            reason=self.labels.text(iri, (names.NS + "hasReason",), self.lang),
        )

    def types(self, iri: str) -> list[Term]:
        """Show the classes of a resource, those that a rule gave it last."""
        found = self.record.outgoing(iri, names.RDF_TYPE)
        found.sort(key=lambda fact: fact.graph.provenance_status == names.IS_INFERRED)
        return self.resources(dict.fromkeys(fact.object for fact in found))

    def reasons(self, iri: str) -> dict[str, str]:
        """Say, for each class that only a rule gives a resource, where that is explained."""
        found = self.record.outgoing(iri, names.RDF_TYPE)
        stated = {key(f.object) for f in found if not is_explained(f.graph.provenance_status)}
        ways = {key(f.object): address(f.triple) for f in found if key(f.object) not in stated}
        return {name: way for name, way in ways.items() if way is not None}

    def places(self, passages: Sequence[str]) -> list[Place]:
        """Show passages with their sentence numbers and sections."""
        return [
            Place(
                self.resource(iri),
                [key(number) for number in self.record.objects(iri, facts.SENTENCE)],
                self.resources(self.record.objects(iri, facts.SECTION)),
            )
            for iri in passages
        ]
