"""XML 1.0 with namespaces as expat reads it: encodings, entities, and faults with their places.

Nothing but the document itself is ever read: an entity that stands for another file is refused, and
so are entities that grow beyond a limit.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final

from samsyn.dataset.flaws import FlawError, Point, shortened

if TYPE_CHECKING:
    from xml.parsers.expat import ExpatError, XMLParserType

SEPARATOR: Final = "\x01"
"""What is between the parts of a name; XML cannot hold it."""

GROWTH: Final = 100
"""How many times the size of its document the text of its entities may reach,"""
FREE: Final = 1 << 23
"""and how many characters they may have in any case."""

_CHUNK: Final = 1 << 18
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BARE: Final = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED: Final = re.compile(
    rb"""<\?xml[^>]*?encoding\s*=\s*["'](?P<name>[A-Za-z0-9._-]+)["']""", re.DOTALL
)
_WIDE: Final = re.compile(r"(?:utf|ucs|iso-10646-ucs).?(?:16|32|2|4)", re.IGNORECASE)
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_REFERENCE: Final = re.compile(r"&(?P<name>[^\W\d][\w.:-]*);")
_EXTERNAL: Final = re.compile(
    r"""(?P<before><!DOCTYPE\s+[^\s\[>]+)(?P<id>\s+(?:SYSTEM|PUBLIC\s+(?:"[^"]*"|'[^']*'))"""
    r"""\s+(?:"[^"]*"|'[^']*'))"""
)
_PROLOG: Final = re.compile(r"(?>\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_TAG: Final = re.compile(r"""<[^\s"'<>/]+(?:"[^"]*"|'[^']*'|[^"'<>])*>?""")
_ATTRIBUTE: Final = re.compile(
    r"""(?P<name>[^\s=/>"']+)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')"""
)


def lines_of(stream: BinaryIO) -> Iterator[str]:
    """Yield the text of a document in parts, in whatever encoding it is.

    Raises:
        FlawError: it is in no known encoding, or not in that which it names.
    """
    first = stream.read(_CHUNK)
    encoding = _encoding(first)
    try:
        b" ".decode(encoding, "ignore")  # fails for what Python decodes, but not to text
        decoder = codecs.getincrementaldecoder(encoding)()
    except (LookupError, UnicodeError) as error:
        raise FlawError("unknown-encoding", (1, 1), encoding=encoding) from error
    point = (1, 1)
    for part in chain([first], iter(lambda: stream.read(_CHUNK), b""), [b""]):
        try:
            text = decoder.decode(part, final=not part)
        except UnicodeError as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            before = part[:start].decode(encoding, "replace")
            place = moved(point, before)
            raise FlawError("bad-encoding", place, encoding=encoding.upper()) from error
        point = moved(point, text)
        yield text.removeprefix("\ufeff") if part is first else text


def _encoding(start: bytes) -> str:
    for mark, name in (*_MARKS, *_BARE):
        if start.startswith(mark):
            return name
    declared = _DECLARED.match(start)
    if declared is None:
        return "utf-8"
    name = declared["name"].decode("ascii")
    if _WIDE.fullmatch(name):
        # It could not be read as ASCII if it were true.
        place = moved((1, 1), start[: declared.start("name")].decode("ascii", "replace"))
        raise FlawError("wrong-encoding", place, encoding=name)
    return name


def moved(point: Point, text: str) -> Point:
    """Return the place after some text that begins at a place."""
    breaks = text.count("\n") + text.count("\r") - text.count("\r\n")
    if not breaks:
        return point[0], point[1] + len(text)
    return point[0] + breaks, len(text) - max(text.rfind("\n"), text.rfind("\r"))


class XmlReader:
    """A reader of one document; who inherits it takes its elements and texts.

    Attributes:
        parser: the expat parser.
        open: the elements that are open, each with its name as written and its line.
        expands: whether the document declares entities.
    """

    def __init__(self) -> None:
        from xml.parsers import expat

        self.open: list[tuple[str, int]] = []
        self.parser: XMLParserType = expat.ParserCreate("utf-8", SEPARATOR)
        self.parser.namespace_prefixes = True
        self.parser.ordered_attributes = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
        self.parser.ExternalEntityRefHandler = self._refuse
        self.parser.SkippedEntityHandler = self._skipped
        self.parser.EntityDeclHandler = self._declared
        self.parser.StartNamespaceDeclHandler = self._bound
        self.parser.EndNamespaceDeclHandler = self._unbound
        self.parser.EndDoctypeDeclHandler = self._check_entities
        self._source: list[str] = []
        self._origin: Point = (1, 1)
        self._entities = dict.fromkeys(("amp", "lt", "gt", "quot", "apos"), "")
        self._spaces: dict[str, list[str]] = {}
        self._unsure = False
        self.expands = False
        self._size = self._grown = 0

    def run(self, source: bytes | BinaryIO) -> None:
        """Read a document.

        Raises:
            FlawError: it is not well formed.
        """
        stream = BytesIO(source) if isinstance(source, bytes) else source
        from xml.parsers.expat import ExpatError

        try:
            for part in self._parts(lines_of(stream)):
                self.parser.Parse(part.encode(), False)  # noqa: FBT003  expat has no names for it
            self.parser.Parse(b"", True)  # noqa: FBT003
        except ExpatError as error:
            raise self._worded(error) from error

    def _parts(self, parts: Iterable[str]) -> Iterator[str]:
        for number, part in enumerate(parts):
            self._size += len(part)
            shown = _without_external(part) if number == 0 else part
            # The last two are enough to say what is at a fault.
            if len(self._source) > 1:
                self._origin = moved(self._origin, self._source.pop(0))
            self._source.append(part)
            yield shown

    def point(self) -> Point:
        """Return where the current event begins."""
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def grow(self, by: int) -> None:
        """Count some text that entities may have brought.

        Raises:
            FlawError: it is too much.
        """
        self._grown += by
        if self._grown > FREE + GROWTH * self._size:
            raise FlawError("entity-flood", self.point(), limit=GROWTH)

    def attribute(self, name: str) -> tuple[Point, Point]:
        """Return where an attribute of the current tag stands, or else the tag.

        Args:
            name: its name as written.
        """
        start = self.point()
        tag = _TAG.match(self.context())
        if tag is None:
            return start, start
        for found in _ATTRIBUTE.finditer(tag[0]):
            if found["name"] == name:
                first = moved(start, tag[0][: found.start()])
                return first, moved(first, found[0])
        return start, moved(start, tag[0].split(None, 1)[0].rstrip("/>"))

    def context(self) -> str:
        """Return the source from the current event on, as far as it is at hand."""
        found = self.parser.GetInputContext()
        return found.decode("utf-8", "replace") if found else ""

    def namespaces(self) -> dict[str, str]:
        """Return the prefixes in force and their namespaces."""
        return {prefix: spaces[-1] for prefix, spaces in self._spaces.items() if spaces}

    def opened(self, name: str, attributes: list[str]) -> Point:
        """Take in a start tag, and return where it begins.

        Args:
            name: its name as written.
            attributes: their names and values.

        Raises:
            FlawError: it has an entity that is not declared, or the entities grow too much.
        """
        line = self.parser.CurrentLineNumber
        self.open.append((name, line))
        if self.expands:
            self.grow(sum(map(len, attributes)))
            if self._unsure:
                self._check_references()
        return line, self.parser.CurrentColumnNumber + 1

    def closed(self) -> None:
        """Take in an end tag."""
        self.open.pop()

    def unknown(self, text: str) -> re.Match[str] | None:
        """Find the first reference to an entity that is not declared."""
        references = _REFERENCE.finditer(text)
        return next((each for each in references if each["name"] not in self._entities), None)

    def _check_references(self) -> None:
        # Where a parameter entity could have declared one, expat passes over others in silence.
        tag = _TAG.match(self.context())
        found = self.unknown(tag[0]) if tag else None
        if tag is not None and found is not None:
            start = moved(self.point(), tag[0][: found.start()])
            raise FlawError("undeclared-entity", start, moved(start, found[0]), name=found["name"])

    def _check_entities(self) -> None:
        for value in self._entities.values() if self._unsure else ():
            found = self.unknown(value)
            if found is not None:
                raise FlawError("undeclared-entity", self.point(), name=found["name"])

    def _bound(self, prefix: str | None, space: str | None) -> None:
        self._spaces.setdefault(prefix or "", []).append(space or "")

    def _unbound(self, prefix: str | None) -> None:
        self._spaces[prefix or ""].pop()

    def _declared(
        self,
        name: str,
        parameter: bool,  # noqa: FBT001  expat calls it
        value: str | None,
        *_rest: object,
    ) -> None:
        self.expands = True
        if parameter:
            self._unsure = True
        else:
            self._entities.setdefault(name, value or "")

    def _refuse(
        self, context: str | None, _base: str | None, system: str | None, _public: str | None
    ) -> int:
        name = (context or "").rpartition("\f")[2]
        shown = f"&{name};" if name else "%…;"
        start = self.point()
        raise FlawError("external-entity", start, name=shown, system=system or "")

    def _skipped(self, name: str, parameter: bool) -> None:  # noqa: FBT001
        start = self.point()
        shown = f"%{name};" if parameter else f"&{name};"
        raise FlawError("undeclared-entity", start, moved(start, shown), name=name)

    def _worded(self, error: ExpatError) -> FlawError:
        fault = _Fault("".join(self._source), self._origin, self, error)
        return fault.worded()


def _without_external(text: str) -> str:
    # What an external subset declares is not known, so what it may declare is not declared.
    prolog = _PROLOG.match(text)
    found = _EXTERNAL.match(text, prolog.end() if prolog else 0)
    if found is None:
        return text
    blank = re.sub(r"[^\r\n]", " ", found["id"])
    return f"{text[: found.start('id')]}{blank}{text[found.end('id') :]}"


class _Fault:
    # An error of expat, and the text around it.
    def __init__(self, text: str, origin: Point, reader: XmlReader, error: ExpatError) -> None:
        self.reader = reader
        self.code = error.code
        self.start: Point = (error.lineno, error.offset + 1)
        self.text = text
        starts = [0, *(match.end() for match in _BREAK.finditer(text))]
        line = min(max(error.lineno - origin[0], 0), len(starts) - 1)
        # The text may begin in the middle of a line.
        before = 0 if line else origin[1] - 1
        self.offset = min(starts[line] + error.offset - before, len(text))
        self.line = text[starts[line] : self.offset]
        self.column = 1 + before

    def worded(self) -> FlawError:
        from xml.parsers.expat import errors

        code = self.code
        messages: dict[int, Callable[[], FlawError]] = {
            errors.codes[errors.XML_ERROR_TAG_MISMATCH]: self._mismatch,
            errors.codes[errors.XML_ERROR_INVALID_TOKEN]: self._token,
            errors.codes[errors.XML_ERROR_UNDEFINED_ENTITY]: self._entity,
            errors.codes[errors.XML_ERROR_EXTERNAL_ENTITY_HANDLING]: self._external,
            errors.codes[errors.XML_ERROR_ATTRIBUTE_EXTERNAL_ENTITY_REF]: self._external,
            errors.codes[errors.XML_ERROR_UNBOUND_PREFIX]: self._prefix,
            errors.codes[errors.XML_ERROR_NO_ELEMENTS]: self._ended,
            errors.codes[errors.XML_ERROR_SYNTAX]: self._syntax,
        }
        plain = {
            errors.codes[errors.XML_ERROR_DUPLICATE_ATTRIBUTE]: "repeated-attribute",
            errors.codes[errors.XML_ERROR_UNCLOSED_TOKEN]: "unclosed-markup",
            errors.codes[errors.XML_ERROR_PARTIAL_CHAR]: "unclosed-markup",
            errors.codes[errors.XML_ERROR_UNCLOSED_CDATA_SECTION]: "unclosed-markup",
            errors.codes[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: "after-the-end",
            errors.codes[errors.XML_ERROR_MISPLACED_XML_PI]: "late-declaration",
            errors.codes[errors.XML_ERROR_RECURSIVE_ENTITY_REF]: "entity-loop",
        }
        if code in messages:
            return messages[code]()
        if code in plain:
            return FlawError(plain[code], self.start, self._end())
        if code == _FLOOD:
            return FlawError("entity-flood", self.start, limit=GROWTH)
        return self._markup(errors.messages.get(code, "not well-formed"))

    def _end(self) -> Point:
        return self.start[0], self.start[1] + len(self._there())

    def _there(self) -> str:
        found = re.compile(r"</?[^\s<>/\"'=]*|[^\s<>&\"'=/]+|.").match(self.text, self.offset)
        return shortened(found[0]) if found else ""

    def _at(self, offset: int) -> Point:
        between = self.text[offset : self.offset]
        lines = moved((0, 0), between)[0]
        first = max(self.text.rfind(mark, 0, offset) for mark in "\r\n") + 1
        column = offset - first + 1 if lines else self.start[1] - len(between)
        return self.start[0] - lines, column

    def _mismatch(self) -> FlawError:
        found = re.compile(r"[^\s<>/]+").match(self.text, self.offset)
        name = found[0] if found else ""
        opened, line = self.reader.open[-1] if self.reader.open else ("", 0)
        start = (self.start[0], max(1, self.start[1] - len("</")))
        end = (self.start[0], self.start[1] + len(name) + 1)
        return FlawError("mismatched-tag", start, end, found=name, open=opened, line=line)

    def _token(self) -> FlawError:
        at = self.text[self.offset : self.offset + 1]
        ampersand = re.search(r"&#?[\w.:-]*\Z", self.line)
        if ampersand:
            return FlawError(
                "bare-ampersand", (self.start[0], ampersand.start() + self.column), self.start
            )
        if self.line.endswith("]]") and at == ">":
            start = (self.start[0], self.start[1] - 2)
            return FlawError("bare-section-end", start, (self.start[0], self.start[1] + 1))
        if at and not _CHARACTER.match(at):
            code = f"U+{ord(at):04X}"
            return FlawError("forbidden-character", self.start, self._end(), code=code)
        return self._in_markup(at)

    def _in_markup(self, at: str) -> FlawError:
        before = self.text[: self.offset]
        if not before.strip():
            return self._no_xml()
        comment = before.rfind("<!--")
        if comment >= 0 and before.endswith("--") and "-->" not in before[comment:]:
            start = (self.start[0], max(1, self.start[1] - 2))
            return FlawError("double-hyphen", start, self.start)
        if self._in_doctype():
            return FlawError("bad-doctype", self.start, self._end(), there=self._there())
        opening = before.rfind("<")
        if opening > before.rfind(">"):
            return self._in_tag(at, before[opening:], opening)
        return self._markup("not well-formed")

    def _in_tag(self, at: str, tag: str, opening: int) -> FlawError:
        if at == "<" and re.search("[\"']", _QUOTED.sub("", tag)):
            return FlawError("bare-less-than", self.start, self._end())
        if at == "<":
            return FlawError("unclosed-markup", self._at(opening), self.start)
        if re.match(r"<[^\s<>!?/]+(?:\s|[\"'])", tag + " "):
            return FlawError("unquoted-value", self.start, self._end(), there=self._there())
        return self._markup("not well-formed")

    def _in_doctype(self) -> bool:
        return not self.reader.open and "<!DOCTYPE" in self.text[: self.offset]

    def _markup(self, said: str) -> FlawError:
        return FlawError(
            "bad-markup", self.start, self._end(), there=self._there() or " ", said=said
        )

    def _syntax(self) -> FlawError:
        if not self.text[: self.offset].strip():
            return self._no_xml()
        if self._in_doctype():
            return FlawError("bad-doctype", self.start, self._end(), there=self._there())
        return self._markup("not well-formed")

    def _no_xml(self) -> FlawError:
        there = shortened(self.text[self.offset :].strip(), 30)
        return FlawError("no-xml", self.start, self._end(), there=there)

    def _entity(self) -> FlawError:
        tag = _TAG.match(self.text, self.offset)
        text = tag[0] if tag else self.text[self.offset :]
        found = self.reader.unknown(text)
        start = moved(self.start, text[: found.start()]) if found else self.start
        shown, name = (found[0], found["name"]) if found else ("", "…")
        return FlawError("undeclared-entity", start, moved(start, shown), name=name)

    def _external(self) -> FlawError:
        found = _REFERENCE.match(self.text, self.offset)
        name = found[0] if found else ""
        return FlawError(
            "external-entity", self.start, moved(self.start, name), name=name, system="…"
        )

    def _prefix(self) -> FlawError:
        tag = _TAG.match(self.text, self.offset)
        known = self.reader.namespaces()
        text = tag[0] if tag else ""
        for found in re.finditer(r"(?<=[<\s])(?P<prefix>[^\s=/>\"'<:]+):[^\s=/>\"']+", text):
            prefix = found["prefix"]
            if prefix not in known and prefix not in {"xml", "xmlns"}:
                start = moved(self.start, text[: found.start()])
                end = moved(start, found[0])
                return FlawError("undeclared-prefix", start, end, there=found[0], name=prefix)
        return FlawError("undeclared-prefix", self.start, there=self._there(), name="…")

    def _ended(self) -> FlawError:
        if not self.reader.open:
            return FlawError("empty-document", self.start)
        opened, line = self.reader.open[-1]
        return FlawError("unclosed-element", self.start, open=opened, line=line)


_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_FLOOD: Final = 43
_CHARACTER: Final = re.compile("[\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
