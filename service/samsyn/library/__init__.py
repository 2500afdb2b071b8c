"""The query library: one ``.rq`` file, one question.

A file begins with a header in grlc's style, keys in a fixed order, texts in both languages::

    #+ summary: Networks that inform a given one
    #+ summary-sv: Nätverk som informerar ett visst nätverk
    #+ description: All steps of the chain, the nearest first.
    #+ description-sv: Alla steg i kedjan, det närmaste först.
    #+ tags:
    #+   - networks
    #+ question: CQ7 Who informs the political level?
    #+ question-sv: CQ7 Vem informerar den politiska nivån?

A parameter is a variable that begins with an underscore, as in grlc; its suffix names its type:
``?_network_iri``, ``?_depth_int``, ``?_label_lang``, any other a string. The file ends with one
VALUES that gives each parameter its default, so that every engine answers the file as it is::

    VALUES ?_network_iri { network:return-working-group }

Other values take the place of this VALUES, as the engine prints them. No text is put into a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from samsyn import names
from samsyn.dataset.exact import Dataset, Literal, NamedNode, Term, load_graph
from samsyn.errors import NotFoundError, SourceError, UsageError
from samsyn.library.words import FILE, Words
from samsyn.library.words import read as read_words

if TYPE_CHECKING:
    from pathlib import Path

    from samsyn.layout import Layout

KEYS: Final = (
    *("summary", "summary-sv", "description", "description-sv", "tags"),
    *("question", "question-sv"),
)
_TEXTS: Final = ("summary", "description", "question")
_PARAMETER: Final = re.compile(r"[?$]_(\w+?)(?:_(iri|int|lang))?(?!\w)")
_PREFIX: Final = re.compile(r"^\s*PREFIX\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_OPAQUE: Final = frozenset({"doi", "info", "mailto", "tag", "urn"})
"""Schemes of IRIs without two slashes; any other word before a colon is taken for a prefix."""
_VALUES: Final = re.compile(
    r"^VALUES\s+(?:(?P<variable>[?$]\w+)\s*\{\s*(?P<value>[^{}()]+?)\s*\}"
    r"|\((?P<variables>[^()]*)\)\s*\{\s*\((?P<values>[^{}()]*)\)\s*\})\s*\Z",
    re.IGNORECASE | re.MULTILINE,
)
_TERM: Final = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")
_ENTRY: Final = re.compile(r"#\+ ([\w-]+):\s*(.*)")
_MORE: Final = re.compile(r"#\+ {2,}(?:- +)?(.*)")


@dataclass(frozen=True)
class Parameter:
    """One parameter of a query.

    Args:
        name: its name for callers, such as ``network``.
        variable: its variable without question mark, such as ``_network_iri``.
        kind: ``iri``, ``int``, ``lang`` or ``string``.
        default: the value used where none is given.
    """

    name: str
    variable: str
    kind: str
    default: str | None


@dataclass(frozen=True)
class Query:
    """One question with the query that answers it.

    Args:
        name: the file's name without ending.
        texts: by key (``summary``, ``description``, ``question``) and language.
        tags: subjects, for lists.
        defaults: values of its parameters by name.
        parameters: its parameters, by name.
        text: the whole file.
        body: the file without the VALUES at its end, to which values can be added.
        table: prefixes that may be used in values beside those that the query declares.
        words: what its tags, parameters and columns are called.
    """

    name: str
    texts: Mapping[tuple[str, str], str]
    tags: tuple[str, ...]
    defaults: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    text: str
    body: str
    table: Mapping[str, str] = field(default_factory=dict)
    words: Words = field(default_factory=Words)

    @property
    def summary(self) -> str:
        """What it answers, in one line, in English."""
        return self.texts["summary", "en"]

    @property
    def description(self) -> str:
        """More about it, in English."""
        return self.texts["description", "en"]

    @property
    def question(self) -> str:
        """Number and wording of the competency question, in English."""
        return self.texts["question", "en"]

    def bindings(self, values: Mapping[str, str] | None = None) -> dict[str, Term]:
        """Turn values for the parameters into terms by variable, defaults filled in.

        Args:
            values: by parameter name; an IRI may be written with a prefix.

        Raises:
            UsageError: a parameter is unknown, has no value, or its value does not fit its type.
        """
        given = dict(values or {})
        unknown = sorted(set(given) - set(self.parameters))
        if unknown:
            valid = ", ".join(self.parameters) or "none; this query has no parameters"
            raise UsageError(
                f"{self.name} has no parameter {unknown[0]!r}.", advice=f"Parameters: {valid}"
            )
        return {p.variable: self._term(p, given) for p in self.parameters.values()}

    def _term(self, parameter: Parameter, given: Mapping[str, str]) -> Term:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            raise UsageError(
                f"{self.name} needs a value for {parameter.name}.",
                advice=f"Parameters: {', '.join(self.parameters)}",
            )
        try:
            return _TERMS[parameter.kind](value, self)
        except ValueError as error:
            raise UsageError(
                f"{parameter.name} must be {_TYPES[parameter.kind]}; got {value!r}.",
                advice=f"{error} Example: {parameter.default}" if parameter.default else str(error),
            ) from error

    @property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that may be used in values: the query's own, then those of the table."""
        own = {found[1]: found[2] for found in _PREFIX.finditer(self.text)}
        return own | {key: space for key, space in self.table.items() if key not in own}


def _iri(value: str, query: Query) -> Term:
    scheme, colon, rest = value.partition(":")
    if colon and not rest.startswith("//") and scheme in query.prefixes:
        return NamedNode(query.prefixes[scheme] + rest)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) or not (
        rest.startswith("//") or scheme in _OPAQUE
    ):
        known = ", ".join(query.prefixes)
        raise ValueError(f"Write an IRI in full, or a name with one of the prefixes {known}.")
    return NamedNode(value)


def _integer(value: str, _: Query) -> Term:
    try:
        number = int(value)
    except ValueError:
        raise ValueError("Write digits only.") from None
    return Literal(str(number), datatype=NamedNode(names.XSD + "integer"))


def _language(value: str, _: Query) -> Term:
    if not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", value):
        raise ValueError("Write a language tag such as sv or en.")
    return Literal(value.lower())


def _string(value: str, _: Query) -> Term:
    return Literal(value)


_TYPES: Final = {
    "iri": "an IRI",
    "int": "a whole number",
    "lang": "a language tag",
    "string": "a text",
}
_TERMS: Final = {"iri": _iri, "int": _integer, "lang": _language, "string": _string}


def load(layout: Layout) -> dict[str, Query]:
    """Read every query of the library, by name.

    Raises:
        SourceError: a header is not as the house style has it.
    """
    table = _table(layout)
    paths = sorted(layout.queries.glob("*.rq"))
    words = read_words(layout.queries / FILE)
    return {path.stem: replace(read(path), table=table, words=words) for path in paths}


def _table(layout: Layout) -> Mapping[str, str]:
    """Read the ontology's prefix table, if there is one."""
    path = layout.ontology / "prefixes.ttl"
    if not path.is_file():
        return {}
    empty = Dataset(MappingProxyType({}), layout.root)
    return empty.with_graph(load_graph(path, layout.root)).prefixes


def find(queries: Mapping[str, Query], name: str) -> Query:
    """Return a query by its whole name, or by its number (``cq07``).

    Raises:
        NotFoundError: there is none; it names the nearest.
    """
    if name in queries:
        return queries[name]
    numbered = [query for key, query in queries.items() if key.split("-")[0] == name]
    if len(numbered) == 1:
        return numbered[0]
    near = get_close_matches(name, queries, n=5, cutoff=0.3) or list(queries)[:5]
    raise NotFoundError(
        f"There is no query {name!r}.",
        advice=f"Nearest: {', '.join(near)}. `samsyn query --list` lists all {len(queries)}.",
    )


def read(path: Path) -> Query:
    """Read one query file.

    Raises:
        SourceError: its header is not as the house style has it.
    """
    return parse(path.stem, path.read_text(encoding="utf-8-sig"), path=path.name)


def parse(name: str, text: str, *, path: str = "query") -> Query:
    """Make a query from the text of its file."""
    header = dict(_header(text, path))
    missing = [key for key in KEYS if not header.get(key)]
    if missing:
        raise SourceError(
            f"the header lacks {missing[0]}", path=path, line=1, advice=f"Keys: {', '.join(KEYS)}"
        )
    texts = {(key, "en"): " ".join(header[key]) for key in _TEXTS}
    texts |= {(key, "sv"): " ".join(header[f"{key}-sv"]) for key in _TEXTS}
    values = _VALUES.search(text)
    body = text[: values.start()] if values else text
    defaults = _defaults(values, path) if values else {}
    parameters = _parameters(body, defaults)
    strays = sorted(set(defaults) - set(parameters))
    if strays:
        message = f"the VALUES at the end binds {strays[0]}, which is no parameter"
        raise SourceError(message, path=path, line=text.count("\n", 0, len(body)) + 1)
    return Query(
        name=name,
        texts=MappingProxyType(texts),
        tags=tuple(header["tags"]),
        defaults=MappingProxyType(defaults),
        parameters=MappingProxyType(parameters),
        text=text,
        body=body.rstrip() + "\n",
    )


def _header(text: str, path: str) -> Iterator[tuple[str, list[str]]]:
    entries: list[tuple[str, list[str]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#+"):
            break
        entry, more = _ENTRY.fullmatch(line), _MORE.fullmatch(line)
        if entry:
            entries.append((entry[1], [entry[2]] if entry[2] else []))
        elif more and entries:
            entries[-1][1].append(more[1].strip())
        else:
            raise SourceError("this is no header line", path=path, line=number, column=1)
    keys = [key for key, _ in entries]
    if keys != [key for key in KEYS if key in keys]:
        raise SourceError(
            f"header keys are {', '.join(keys) or 'missing'}",
            path=path,
            line=1,
            advice=f"Write each once, in this order: {', '.join(KEYS)}",
        )
    yield from entries


def _defaults(values: re.Match[str], path: str) -> dict[str, str]:
    names_ = (values["variable"] or values["variables"]).split()
    terms = _TERM.findall(values["value"] or values["values"])
    if len(names_) != len(terms):
        message = f"the VALUES at the end has {len(names_)} variables and {len(terms)} values"
        raise SourceError(message, path=path, line=values.string.count("\n", 0, values.start()) + 1)
    found = (_PARAMETER.fullmatch(name) for name in names_)
    return {
        match[1] if match else name: term.strip("\"'<>")
        for match, name, term in zip(found, names_, terms, strict=True)
    }


def _parameters(text: str, defaults: Mapping[str, str]) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for match in _PARAMETER.finditer(text):
        name, kind = match[1], match[2] or "string"
        found.setdefault(name, Parameter(name, match[0][1:], kind, defaults.get(name)))
    return found
