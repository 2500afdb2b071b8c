"""Writes a query so that the engine answers it as the Recommendation says.

Only what the engine answers otherwise is changed: path alternatives, GROUP_CONCAT, REGEX, REPLACE,
ORDER BY, and the truth of literals that are not well-formed. All else stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from samsyn.sparql.grammar import paths
from samsyn.sparql.grammar.tokens import STRING, token
from samsyn.sparql.grammar.tree import (
    Blank,
    Call,
    Concatenation,
    Expression,
    Group,
    Logical,
    Ordering,
    Part,
    Path,
    Select,
    Term,
    Triples,
)
from samsyn.sparql.regex import Pattern, PatternError, read

FUNCTIONS: Final = "urn:x-samsyn:function:"
MATCHES: Final = FUNCTIONS + "matches"
REPLACED: Final = FUNCTIONS + "replaced"
TRUTH: Final = FUNCTIONS + "truth"
FAILING: Final = FUNCTIONS + "failing"
NOTHING: Final = FUNCTIONS + "nothing"
KIND: Final = FUNCTIONS + "kind"
CONCATENATED: Final = FUNCTIONS + "concatenated:"

_KEY: Final = r"(?:(?:ASC|DESC)\s*\(\s*[?$]\w+\s*\)|[?$]\w+)"
_ORDER: Final = re.compile(
    rf"""
    ORDER \s+ BY (?P<keys> (?:\s+ {_KEY})+ ) \s*
    (?: (?:LIMIT|OFFSET) \s+ \d+ \s* ){{0,2}}
    (?: VALUES \s* (?:\([^()"'<\#]*\) | [?$]\w+) \s*
        {{ (?:[^"'<>{{}}\#] | "[^"\\\n]*" | <[^<>\s]*>)* }} \s* )?
    \Z
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""How a query ends that orders by variables. Behind it, quotes come in pairs, so unless the query
has long strings, this is in none."""
_KEYS: Final = re.compile(r"(?:(?:ASC|DESC)\s*)?(?P<value>\([^)]*\)|[?$]\w+)", re.IGNORECASE)

_STRING: Final = re.compile(r"\"\"\"(.*)\"\"\"|'''(.*)'''|\"(.*)\"|'(.*)'", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_MARKS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_VARIABLE: Final = re.compile(r"[?$](\w+)")
_REFERENCE: Final = re.compile(r"\\(?P<mark>[\\$])|\$(?P<group>[0-9]+)|(?P<wrong>[\\$])")
_BARE: Final = r"[?$]\w+"
_NAME: Final = r"(?: \^ | < | [\w.-]*: | a\b )"
_NEGATED: Final = re.compile(rf"! \s* (?: {_NAME} | \( \s* (?: {_NAME} | \) ) )", re.VERBOSE)
_PASSING: Final = r"(?:coalesce|strdt|sample|min|max|object|if)\s*\("
_ILL: Final = r"[\"'](?:@[\w-]+|\^\^(?:<[^<>]*>|[^\s()&|,]+))"
_DOUBTED: Final = rf"[\s(]*(?:{_BARE}[\s)]*(?:\)|&&|\|\||,|as\b|\Z)|{_PASSING}|[^\s()]*{_ILL})"
# Behind a name, brackets hold the argument of a function.
_OPERAND_BEFORE: Final = re.compile(
    rf"[(,]\s*(?:{_BARE}\s*|{_PASSING}.*|.*{_ILL}[\s)]*)\Z|[^\w>\s]\s*\(\s*{_BARE}[\s)]*\Z",
    re.DOTALL,
)
_OPERAND_BEHIND: Final = re.compile(_DOUBTED)
_CONDITION: Final = re.compile(rf"(?:if|filter|having)\s*\({_DOUBTED}|!\s*{_BARE}")
_CONDITIONS: Final = ("filter", "if", "having", "!")
_LOGICAL: Final = re.compile(r"&&|\|\||!(?!=)")
_NEAR: Final = 200
_LONG: Final = 20_000


class Unwritable(Exception):  # noqa: N818  no error of the program: the query is refused
    """A query that cannot be written so that the engine answers it rightly.

    Args:
        start: offset of what cannot be written.
    """

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.start = start


@dataclass(frozen=True)
class Rewritten:
    """A text for the engine.

    Args:
        text: the text.
        concatenations: of each aggregate that it calls by an IRI, whether it takes each value once,
            and the separator.
    """

    text: str
    concatenations: Mapping[str, tuple[bool, str]] = field(default_factory=dict)


def concerns(text: str) -> bool:
    """Return whether a text may hold what the engine answers otherwise; most do not.

    Args:
        text: a query or update.
    """
    if len(text) > _LONG:
        # To read it takes less than to look for signs that need not be there.
        return True
    if "|" in text and "|" in text.replace("||", ""):
        return True
    if "!" in text and _NEGATED.search(text):
        return True
    lower = text.lower()
    if any(word in lower for word in ("group_concat", "regex", "replace")) or _orders(text, lower):
        return True
    if any(word in lower for word in _CONDITIONS) and _CONDITION.search(lower):
        return True
    return any(
        _OPERAND_BEHIND.match(lower, mark.end())
        or _OPERAND_BEFORE.search(lower, max(0, mark.start() - _NEAR), mark.start())
        for mark in _LOGICAL.finditer(lower)
    )


def _order(text: str, lower: str) -> re.Match[str] | None:
    long = '"""' in text or "'''" in text
    return None if long else _ORDER.match(text, lower.find("order"))


def _orders(text: str, lower: str) -> bool:
    orders = lower.count("order")
    return orders > 1 or (orders == 1 and _order(text, lower) is None)


def ordered(text: str) -> str:
    """Write a text that is of no other concern so that values of many kinds have an order.

    Args:
        text: a query or update.
    """
    lower = text.lower()
    found = _order(text, lower) if "order" in lower else None
    if found is None:
        return text
    keys = _KEYS.sub(_keyed, found["keys"])
    return text[: found.start("keys")] + keys + text[found.end("keys") :]


def _keyed(key: re.Match[str]) -> str:
    return _after_kind(key[0], key["value"], descending=key[0][0] in "Dd")


def rewrite(text: str, whole: Part) -> Rewritten:
    """Write a text for the engine.

    Args:
        text: a query or update without a fault.
        whole: what was read of it.

    Raises:
        Unwritable: it cannot be written so.
    """
    writer = _Writer(text)
    return Rewritten(writer.part(whole), writer.concatenations)


class _Writer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.concatenations: dict[str, tuple[bool, str]] = {}
        self._names = set(_VARIABLE.findall(text))
        self._numbers = True
        self._made = False

    def part(self, part: Part) -> str:
        """Write a part."""
        match part:
            case Select():
                found = self._select(part)
            case Group():
                found = self._group(part)
            case Concatenation():
                found = self._concatenation(part)
            case Logical():
                found = self._logical(part)
            case Ordering():
                found = self._ordering(part)
            case Call(name="REGEX"):
                found = self._regex(part)
            case Call(name="REPLACE"):
                found = self._replace(part)
            case _:
                found = self._with(part, {})
        return found

    def _with(self, part: Part, written: Mapping[int, str]) -> str:
        """Write a part whose inner parts are written as given, or as they are to be."""
        pieces: list[str] = []
        end = part.start
        for inner in part.parts:
            pieces += [self.text[end : inner.start], written.get(id(inner)) or self.part(inner)]
            end = inner.end
        return "".join(pieces) + self.text[end : part.end]

    def _logical(self, part: Logical) -> str:
        return self._with(
            part,
            {
                id(operand): f"<{TRUTH}>({self.part(operand)})"
                for operand in part.operands
                if operand.doubtful
            },
        )

    def _ordering(self, part: Ordering) -> str:
        """Have values of one kind ordered among themselves, before those of the next kind.

        The engine compares numbers as numbers and a number with a text as texts. So 22 is less than
        185, 185 than "2", and "2" than 22: where rows have no order it ends its process.
        """
        written = self._with(part, {})
        if part.value is None:
            return written
        return _after_kind(written, self.part(part.value), descending=part.descending)

    def _concatenation(self, part: Concatenation) -> str:
        assert part.value is not None  # noqa: S101  for the types
        separator = " "
        if part.separator is not None:
            separator = unquoted(self.text[slice(*part.separator)])
        iri = f"{CONCATENATED}{len(self.concatenations)}"
        self.concatenations[iri] = part.distinct, separator
        return f"<{iri}>(COALESCE({self.part(part.value)}, <{NOTHING}>))"

    def _constants(self, *arguments: Expression) -> list[str] | None:
        found = []
        for argument in arguments:
            here = token(self.text, argument.start)
            if here.kind != STRING or here.end != argument.end:
                return None
            found.append(unquoted(self.text[here.start : here.end]))
        return found

    def _regex(self, part: Call) -> str:
        subject, *rest = part.arguments
        constants = self._constants(*rest)
        if constants is not None:
            try:
                pattern = read(*constants)
            except PatternError:
                return f"<{FAILING}>({self.part(subject)})"
            if pattern.rust is not None:
                return f"REGEX({self.part(subject)}, {quoted(pattern.rust)})"
        return f"<{MATCHES}>({', '.join(map(self.part, part.arguments))})"

    def _replace(self, part: Call) -> str:
        subject, expression, by, *flags = part.arguments
        constants = self._constants(expression, by, *flags)
        if constants is not None:
            given, replacement, *rest = constants
            try:
                pattern = read(given, *rest)
                template = None if pattern.rust is None else _template(pattern, replacement, *rest)
            except PatternError:
                return f"<{FAILING}>({self.part(subject)})"
            if pattern.rust is not None and template is not None:
                rust, with_ = quoted(pattern.rust), quoted(template)
                return f"REPLACE({self.part(subject)}, {rust}, {with_})"
        return f"<{REPLACED}>({', '.join(map(self.part, part.arguments))})"

    def _select(self, part: Select) -> str:
        numbers, made = self._numbers, self._made
        self._numbers, self._made = part.form != "ASK", False
        where = "" if part.where is None else self.part(part.where)
        names = None
        if self._made and (part.star is not None or part.counts_all):
            names = self._visible(part)
            if part.counts_all:
                where = f"{{ SELECT {names} WHERE {where} }}"
        written = self._with(part, {id(part.where): where})
        if names is not None and part.star is not None:
            at = part.star - part.start
            written = written[:at] + names + written[at + 1 :]
        self._numbers, self._made = numbers, made
        return written

    def _visible(self, part: Select) -> str:
        """Name the variables of a query, so that those made here stay out of sight."""
        assert part.where is not None  # noqa: S101  it is what made variables
        if not part.where.visible:
            raise Unwritable("It names no variable beside its property paths.", part.start)
        return " ".join(f"?{name}" for name in part.where.visible)

    def _group(self, part: Group) -> str:
        numbers = self._numbers
        self._numbers = numbers and not part.only_exists
        rows = [row for inner in part.parts if isinstance(inner, Triples) for row in inner.rows]
        if self._numbers and any(paths.alternates(path) for _, path, _ in rows):
            blanks = self._blanks(rows)
            written = self._with(
                part,
                {
                    id(inner): " . ".join(
                        paths.pattern(
                            _text(subject, blanks), path, _text(object_, blanks), self._fresh
                        )
                        for subject, path, object_ in inner.rows
                    )
                    for inner in part.parts
                    if isinstance(inner, Triples)
                },
            )
        else:
            written = self._with(part, {})
        self._numbers = numbers
        return written

    def _blanks(self, rows: list[tuple[Term, Path, Term]]) -> dict[Blank, str]:
        """Return what stands for the blank nodes of a pattern that becomes several."""
        met: dict[Blank, int] = {}
        for subject, _, object_ in rows:
            for piece in (*subject, *object_):
                if isinstance(piece, Blank):
                    met[piece] = met.get(piece, 0) + 1
        return {blank: "[]" if times == 1 else self._fresh() for blank, times in met.items()}

    def _fresh(self) -> str:
        number = len(self._names)
        while f"_{number}" in self._names:
            number += 1
        self._names.add(f"_{number}")
        self._made = True
        return f"?_{number}"


def _after_kind(key: str, value: str, *, descending: bool = False) -> str:
    return f"DESC({_kind(value)}) {key}" if descending else f"({_kind(value)}) {key}"


def _kind(value: str) -> str:
    # Nothing comes before blank nodes and IRIs, and these before literals (section 15.1). NaN and a
    # number have no order, though both are numeric.
    number = f'IF({value} = {value}, "1", "2")'
    return (
        f"IF(isNumeric({value}), {number}, <{KIND}>({value}, COALESCE({value} <= {value}, false)))"
    )


def _text(term: Term, blanks: Mapping[Blank, str]) -> str:
    return "".join(blanks[piece] if isinstance(piece, Blank) else piece for piece in term)


def _template(pattern: Pattern, replacement: str, flags: str = "") -> str | None:
    """Write a replacement for the Rust crate; None where only the Python package can do it.

    Raises:
        PatternError: the replacement or what it replaces is none (FORX0003, FORX0004).
    """
    if pattern.matches(""):
        raise PatternError("it matches a text of no characters")
    pieces = []
    for kind, found in references(replacement, flags):
        if kind == "group":
            if len(found) > 1:
                return None
            pieces.append(f"${{{found}}}")
        else:
            pieces.append(found.replace("$", "$$"))
    return "".join(pieces)


def references(replacement: str, flags: str = "") -> list[tuple[str, str]]:
    """Split a replacement of ``fn:replace`` into text and references to groups.

    Args:
        replacement: the replacement.
        flags: with ``q`` among them, the replacement is plain text.

    Returns:
        Pairs of ``text`` and the text, or ``group`` and its number.

    Raises:
        PatternError: a dollar or backslash in it is none (FORX0004).
    """
    if "q" in flags:
        return [("text", replacement)]
    pieces: list[tuple[str, str]] = []
    end = 0
    for found in _REFERENCE.finditer(replacement):
        if found["wrong"]:
            raise PatternError(f"{found['wrong']} in a replacement is written \\{found['wrong']}")
        pieces.append(("text", replacement[end : found.start()]))
        pieces.append(("group", found["group"]) if found["group"] else ("text", found["mark"]))
        end = found.end()
    return [*pieces, ("text", replacement[end:])]


def unquoted(written: str) -> str:
    r"""Return the text that a string is.

    >>> unquoted(r"'a\tb'") == "a\tb"
    True
    """
    found = _STRING.fullmatch(written)
    assert found is not None  # noqa: S101  the grammar has read it
    return _ESCAPE.sub(_character, found[found.lastindex or 0])


def _character(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else _MARKS.get(escape[3], escape[3])


def quoted(text: str) -> str:
    r"""Write a text as a string.

    >>> quoted('a"b')
    '"a\\"b"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.replace("\n", "\\n").replace("\r", "\\r")
