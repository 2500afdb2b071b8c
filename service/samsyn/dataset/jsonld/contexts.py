"""Contexts of JSON-LD that a document names: taken from files that are given, never fetched.

A document is read with what its references stand for in their place, on the line of the reference,
since the engine's reader cannot be handed contexts (docs/engines.md).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NoReturn
from urllib.parse import unquote, urljoin, urlsplit

from samsyn.dataset.flaws import FlawError
from samsyn.dataset.jsonld.json_text import Value, point_of, read
from samsyn.errors import NotFoundError, UsageError

_CONTEXT: Final = "@context"
_IMPORT: Final = "@import"
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_LIKELY: Final = re.compile(r'"@context"\s*:\s*(?:"|\[)|"@import"|\\u0040')
_DEEPEST: Final = 32
_MOST: Final = 1 << 26
"""How many characters contexts may have that are put into one document."""

Place = Path | str
"""Where a document or context is: a file, or the IRI that a context is known by."""


@dataclass(frozen=True)
class Contexts:
    """Where contexts may be taken from.

    Args:
        given: files by the IRI, or by the reference as written, that they stand for.
        document: the file that names them, whose folder may be read, or the IRI that its relative
            references are resolved against.
    """

    given: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))
    document: Place | None = None

    @classmethod
    def of(cls, pairs: Iterable[str]) -> Contexts:
        """Return where contexts are that a user gives as ``IRI=FILE``.

        Raises:
            UsageError: one names no context or no file, or the file is not there.
        """
        found = cls.named(pairs)
        for iri, path in found.given.items():
            if not path.is_file():
                raise NotFoundError(
                    f"There is no file {path} for the context {iri}.",
                    advice="Save the context there, or correct the path.",
                )
        return found

    @classmethod
    def named(cls, pairs: Iterable[str]) -> Contexts:
        """Return the same without looking for the files.

        Raises:
            UsageError: one names no context or no file.
        """
        given = {}
        for pair in pairs:
            iri, _, file = pair.rpartition("=")
            if not iri or not file:
                raise UsageError(
                    f"{pair!r} names no context and file.",
                    advice="Write IRI=FILE: the address as the documents name it, and the file.",
                )
            given[iri] = Path(file)
        return cls(given)

    def beside(self, document: Place | None) -> Contexts:
        """Return the same for another document."""
        return Contexts(self.given, document)


NO_CONTEXTS: Final = Contexts()


@dataclass(frozen=True)
class Expanded:
    """A document with its contexts in place.

    Args:
        text: the text.
        pieces: the offsets in the text at which something else begins, each with the offset in the
            document, and whether it is a context that was put in.
    """

    text: str
    pieces: tuple[tuple[int, int, bool], ...] = ((0, 0, False),)

    def back(self, offset: int) -> int:
        """Return the offset in the document of an offset in the text."""
        start, origin, put = self._piece(offset)
        return origin if put else origin + offset - start

    def put_in(self, offset: int) -> bool:
        """Return whether an offset in the text is in a context that was put in."""
        return self._piece(offset)[2]

    def _piece(self, offset: int) -> tuple[int, int, bool]:
        number = bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1
        return self.pieces[max(number, 0)]


def expanded(text: str, contexts: Contexts | None) -> Expanded:
    """Put contexts in place of their references.

    Args:
        text: the document.
        contexts: where they may be taken from.

    Raises:
        FlawError: one is not given, is not there, or is no context.
    """
    if not _LIKELY.search(text):
        return Expanded(text)
    try:
        tree = read(text)
        edits = sorted(_Edits(text, contexts or NO_CONTEXTS).of(tree))
    except (ValueError, RecursionError) as error:
        if isinstance(error, FlawError):
            raise
        return Expanded(text)  # the reader will tell what is wrong
    parts, pieces, position, length = [], [], 0, 0
    for start, end, put in edits:
        for piece, origin, new in ((text[position:start], position, False), (put, start, True)):
            pieces.append((length, origin, new))
            parts.append(piece)
            length += len(piece)
        position = end
    pieces.append((length, position, False))
    return Expanded("".join([*parts, text[position:]]), tuple(pieces))


class _Edits:
    # What to put where in a document.
    def __init__(self, text: str, contexts: Contexts) -> None:
        self._text = text
        self._contexts = contexts
        self._loaded: dict[Place, Any] = {}
        self._literal: set[str] = set()
        self._texts: dict[str, str] = {}
        self._size = 0

    def of(self, value: Value) -> Iterator[tuple[int, int, str]]:
        """Yield the stretches to replace, and by what."""
        literal = value.kind == "object" and _is_json(value)
        for key, inner in value.members:
            if key.text == _CONTEXT:
                yield from self._context(inner)
            elif key.text not in self._literal and not (literal and key.text == "@value"):
                yield from self.of(inner)
        for item in value.items:
            yield from self.of(item)

    def _context(self, value: Value) -> Iterator[tuple[int, int, str]]:
        for part in value.each():
            if part.kind == "string":
                yield part.start, part.end, self._put(part)
            elif part.kind == "object" and part.get(_IMPORT) is not None:
                yield part.start, part.end, self._imported(part)
            elif part.kind == "object":
                self._literal |= {key.text for key, inner in part.members if _is_json(inner)}
                for key, inner in part.members:
                    if not key.text.startswith("@"):
                        yield from self.of(inner)

    def _put(self, part: Value) -> str:
        known = self._texts.get(part.text)
        if known is None:
            reached = self._reached(part, part.text, ())
            known = self._texts[part.text] = json.dumps(reached, ensure_ascii=False)
        self._size += len(known)
        if self._size > _MOST:
            self._fail(part, "context-flood", name=part.text)
        return known

    def _imported(self, part: Value) -> str:
        whole = json.loads(self._text[part.start : part.end])
        at = part.get(_IMPORT)
        assert at is not None  # noqa: S101  it was asked for
        filled = self._filled(whole, self._contexts.document, (), at)
        lines = self._text.count("\n", part.start, part.end)
        return json.dumps(filled, ensure_ascii=False) + "\n" * lines

    def _reached(self, at: Value, reference: str, chain: tuple[Place, ...]) -> Any:
        """Return the context that a reference stands for, with what it refers to in place."""
        where = chain[-1] if chain else self._contexts.document
        place, path = self._sought(at, reference, where)
        if place in chain or len(chain) > _DEEPEST:
            self._fail(at, "cyclic-context", name=reference)
        if place not in self._loaded:
            self._loaded[place] = self._load(at, reference, path)
        return self._filled(self._loaded[place], place, (*chain, place), at)

    def _filled(
        self, context: Any, where: Place | None, chain: tuple[Place, ...], at: Value
    ) -> Any:
        if isinstance(context, str):
            return self._reached(at, context, chain)
        if isinstance(context, list):
            found: list[Any] = []
            for part in context:
                filled = self._filled(part, where, chain, at)
                found += filled if isinstance(filled, list) else [filled]
            return found
        if not isinstance(context, dict):
            return context
        # The base of a context from elsewhere counts for nothing (JSON-LD 1.1 API, 5.1.5.7).
        own = {key: value for key, value in context.items() if not (chain and key == "@base")}
        if _IMPORT in own:
            own = self._merged(own, chain, at)
        self._literal |= {
            key
            for key, value in own.items()
            if isinstance(value, dict) and value.get("@type") == "@json"
        }
        return {key: self._scoped(value, where, chain, at) for key, value in own.items()}

    def _merged(self, own: dict[str, Any], chain: tuple[Place, ...], at: Value) -> dict[str, Any]:
        reference = own.pop(_IMPORT)
        if not isinstance(reference, str):
            self._fail(at, "bad-import", name=json.dumps(reference))
        where = chain[-1] if chain else self._contexts.document
        place, path = self._sought(at, reference, where)
        loaded = self._loaded.setdefault(place, self._load(at, reference, path))
        if not isinstance(loaded, dict) or _IMPORT in loaded:
            self._fail(at, "bad-import", name=reference)
        scoped = {
            key: self._scoped(value, place, (*chain, place), at)
            for key, value in loaded.items()
            if key != "@base"
        }
        return {**scoped, **own}

    def _scoped(
        self, definition: Any, where: Place | None, chain: tuple[Place, ...], at: Value
    ) -> Any:
        if not isinstance(definition, dict) or _CONTEXT not in definition:
            return definition
        return {**definition, _CONTEXT: self._filled(definition[_CONTEXT], where, chain, at)}

    def _sought(self, at: Value, reference: str, where: Place | None) -> tuple[Place, Path]:
        """Return what a reference is known by, and the file."""
        given = self._contexts.given
        if reference in given:
            return reference, given[reference]
        if isinstance(where, str):
            reference = urljoin(where, reference)
            if reference in given:
                return reference, given[reference]
        scheme = _SCHEME.match(reference)
        elsewhere = reference.startswith("//") or (scheme and not reference.startswith("file:"))
        if elsewhere or not isinstance(where, Path):
            self._fail(at, "context-not-given", name=reference)
        named = unquote(urlsplit(reference).path)
        path = Path(named) if scheme else where.parent / named
        document = self._contexts.document
        root = document.resolve().parent if isinstance(document, Path) else None
        if root is None or not path.resolve().is_relative_to(root):
            self._fail(at, "context-outside", name=reference)
        return path.resolve(), path

    def _load(self, at: Value, reference: str, path: Path) -> Any:
        try:
            whole = json.loads(path.read_bytes().decode("utf-8-sig"))
        except OSError as error:
            reason = error.strerror or str(error)
            self._fail(at, "context-not-there", name=reference, file=path.as_posix(), said=reason)
        except (ValueError, RecursionError) as error:
            self._fail(at, "bad-context", name=reference, file=path.as_posix(), said=str(error))
        if not isinstance(whole, dict) or _CONTEXT not in whole:
            said = f"no member {_CONTEXT}"
            self._fail(at, "bad-context", name=reference, file=path.as_posix(), said=said)
        return whole[_CONTEXT]

    def _fail(self, at: Value, kind: str, **words: object) -> NoReturn:
        start, end = point_of(self._text, at.start), point_of(self._text, at.end)
        raise FlawError(kind, start, end, **words)


def _is_json(value: Value) -> bool:
    type_ = value.get("@type")
    return type_ is not None and type_.text == "@json"
