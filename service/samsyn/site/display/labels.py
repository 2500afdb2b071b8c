"""What to call things: labels in the reader's language, and short names by prefix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple
from urllib.parse import quote

from samsyn import names
from samsyn.dataset.exact import Literal
from samsyn.site.display.triple_index import TripleIndex

NAMING: Final = (
    names.RDFS_LABEL,
    names.SKOS + "prefLabel",
    names.DCTERMS + "title",
    names.SH + "name",
)
DESCRIBING: Final = (
    names.SKOS + "definition",
    names.DCTERMS + "description",
    names.RDFS + "comment",
    names.SH + "description",
    names.NS + "hasReason",
)


class Text(NamedTuple):
    """A text and its language tag, None for text of no language."""

    text: str
    lang: str | None


class Labels:
    """Labels and short names.

    Args:
        record: the facts that hold the labels.
        prefixes: the namespace of each prefix.
    """

    def __init__(self, record: TripleIndex, prefixes: Mapping[str, str]) -> None:
        self._record = record
        # The longest namespace first, so that the closest prefix is found.
        self._prefixes = sorted(prefixes.items(), key=lambda pair: -len(pair[1]))

    def label(self, iri: str, lang: str) -> Text:
        """Return the label of a resource, or its short name if it has none.

        Args:
            iri: the resource.
            lang: the language liked best; another is better than none.
        """
        return self.text(iri, NAMING, lang) or Text(self.short(iri), None)

    def description(self, iri: str, lang: str) -> Text | None:
        """Return the definition or description of a resource, if it has one."""
        return self.text(iri, DESCRIBING, lang)

    def text(self, iri: str, predicates: Iterable[str], lang: str) -> Text | None:
        """Return the first text that one of these properties gives, in the best language."""
        for predicate in predicates:
            found = [o for o in self._record.objects(iri, predicate) if isinstance(o, Literal)]
            if found:
                best = min(found, key=lambda literal: _distance(literal.language, lang))
                return Text(best.value, best.language)
        return None

    def short(self, iri: str) -> str:
        """Return a resource's name by prefix, or its IRI where no prefix fits."""
        for prefix, namespace in self._prefixes:
            rest = iri.removeprefix(namespace)
            if rest != iri and rest and not set(rest) & set("/#?"):
                return f"{prefix}:{rest}"
        return iri


def _distance(language: str | None, lang: str) -> int:
    """Rank a language: the one asked for, no language, English, any other."""
    order = (lang, None, "en")
    return order.index(language) if language in order else len(order)


def path_of(iri: str) -> str:
    """Return the path under which this server answers for an IRI of ours.

    Args:
        iri: an IRI under our base. Its path is mirrored, its fragment kept.
    """
    rest, mark, fragment = iri.removeprefix(names.BASE).partition("#")
    return "/" + quote(rest, safe="/:@!$&'()*+,;=-._~") + mark + quote(fragment, safe="-._~")


def ascii_iri(iri: str) -> str:
    """Return an IRI as a URI, which is what a header may hold."""
    return quote(iri, safe="%/:=&?~#+!$,;'@()*[]")


def href_of(iri: str, record: TripleIndex) -> str | None:
    """Return where a link to a resource leads, or None if it must not be a link.

    Args:
        iri: ours (linked if anything is said about it) or foreign (linked if http or https).
        record: the facts that tell what is described here.
    """
    if names.ours(iri):
        return path_of(iri) if record.describes(iri) or iri in record.dataset.graphs else None
    return iri if iri.startswith(("http://", "https://")) else None
