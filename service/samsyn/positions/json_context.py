"""The part of a JSON-LD context that names things: terms, prefixes, vocabulary and base.

Only what is in the document itself counts; nothing is ever fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from samsyn.dataset.exact import NamedNode
from samsyn.dataset.jsonld.json_text import Value
from samsyn.positions.turtle.prefixes import Prefixes


@dataclass(frozen=True)
class Term:
    """What a term means.

    Args:
        iri: the IRI or the keyword.
        type: the datatype of its strings, ``@id`` or ``@vocab`` if they are IRIs, or empty.
        language: the language of its strings, None for that of the context.
        container: how its values are held.
        reverse: whether it leads from the object to the subject.
    """

    iri: str
    type: str = ""
    language: str | None = None
    container: frozenset[str] = frozenset()
    reverse: bool = False


@dataclass(frozen=True)
class Context:
    """The names in force in an object.

    Args:
        base: what relative IRIs are resolved against.
        vocabulary: what is put before names without a prefix, None if nothing is.
        language: the language of strings.
        terms: the terms.
    """

    base: str | None = None
    vocabulary: str | None = None
    language: str = ""
    terms: Mapping[str, Term] = field(default_factory=dict)

    def within(self, value: Value | None) -> Context:
        """Return the context with the declarations of an ``@context`` added."""
        now = self
        for part in value.each() if value else ():
            now = now._with(part) if part.kind == "object" else now._without(part)
        return now

    def _without(self, part: Value) -> Context:
        return Context(self.base) if part.text == "null" and part.kind == "plain" else self

    def _with(self, part: Value) -> Context:
        said = {key.text: value for key, value in part.members}
        now = self
        if "@base" in said:
            now = replace(now, base=now.resolve(said["@base"].text))
        if "@vocab" in said:
            vocabulary = said["@vocab"]
            known = vocabulary.kind == "string"
            now = replace(now, vocabulary=now.expand(vocabulary.text) if known else None)
        if "@language" in said:
            language = said["@language"]
            now = replace(now, language=language.text if language.kind == "string" else "")
        # A term may be spelt with another that stands after it.
        for _ in range(2):
            terms = dict(now.terms)
            for name, value in said.items():
                if not name.startswith("@"):
                    terms[name] = now.define(name, value)
            now = replace(now, terms=terms)
        return now

    def define(self, name: str, value: Value) -> Term:
        """Return what a definition in a context makes of a term."""
        if value.kind == "string":
            return Term(self.expand(value.text))
        given = {key.text: inner for key, inner in value.members}
        reverse = given.get("@reverse")
        id_ = reverse or given.get("@id")
        type_ = given["@type"].text if "@type" in given else ""
        language = given["@language"].text if "@language" in given else None
        container = given["@container"].each() if "@container" in given else ()
        return Term(
            self.expand(id_.text) if id_ else self.expand(name, defining=True),
            type_ if type_.startswith("@") else self.expand(type_) if type_ else "",
            language,
            frozenset(item.text for item in container),
            reverse is not None,
        )

    def expand(self, name: str, *, defining: bool = False) -> str:
        """Return the IRI of a property or a type."""
        if name.startswith("@"):
            return name
        if name in self.terms and not defining:
            return self.terms[name].iri
        prefix, colon, local = name.partition(":")
        if colon:
            known = self.terms.get(prefix)
            return name if known is None or local.startswith("//") else known.iri + local
        return name if self.vocabulary is None else self.vocabulary + name

    def resolve(self, name: str) -> str | None:
        """Return the IRI of a node; None for a blank node."""
        if name.startswith("_:"):
            return None
        prefix, colon, local = name.partition(":")
        if colon and prefix in self.terms and not local.startswith("//"):
            return self.terms[prefix].iri + local
        term = Prefixes(self.base).term(f"<{name}>")
        return term.value if isinstance(term, NamedNode) else name
