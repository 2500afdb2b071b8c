"""Random Turtle and TriG, in which everything nests and every gap may hold anything."""

from __future__ import annotations

from random import Random
from typing import Final

HEAD: Final = "@prefix : <http://e/> . prefix ex: <http://x#>\n"
_GAPS: Final = (" ", " ", "\n", "\t", "  ", ' # c . "\n', "\r\n", " ")
_IRIS: Final = (
    ":a", ":b.c", "<x>", "<http://e/\\u00e9>", "ex:å.ä", "ex:a\\,b", ":", "ex:", ":%41b",
    "ex:a:b", ":😀",
)  # fmt: skip
_BLANKS: Final = ("_:x", "_:y.z", "[]", "[ ]", "[\n]")
_LITERALS: Final = (
    '"a"', '"a;.,"', "'b]'", '"""l\n"o" \\" ng"""', "'''x'''", '"x"@en', '"x"@sv-SE', '"x"^^:t',
    '"1" ^^ <t>', "1", "-1.5", "1e3", ".5", "1.5E-2", "true", "false", '""', "''", '"\\t\\u00e5"',
    '"x"@en--ltr', '"😀"',
)  # fmt: skip


class Turtles:
    """A source of documents.

    Args:
        seed: what decides them.
        graphs: whether they are TriG.
        speaking: whether they speak of triples, as RDF 1.2 allows.
    """

    def __init__(self, seed: int, *, graphs: bool, speaking: bool) -> None:
        self._random = Random(seed)  # noqa: S311  no secret
        self._graphs = graphs
        self._speaking = speaking

    def document(self) -> str:
        """Return a document."""
        parts = [HEAD]
        for _ in range(self._random.randint(1, 6)):
            parts += [self._part(), self._gap()]
        return "".join(parts)

    def _one(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _gap(self) -> str:
        return self._one(*_GAPS)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _part(self) -> str:
        if self._chance(0.1):
            return self._one("@base <http://b/c/> .", "BASE <n/>", "PREFIX : <http://f/>")
        if self._graphs and self._chance(0.5):
            label = self._one("", "GRAPH " + self._one(*_IRIS), self._one(*_IRIS), "_:g", "[]")
            said = f"{self._gap()}.{self._gap()}".join(
                self._statement() for _ in range(self._random.randint(0, 3))
            )
            return f"{label}{self._gap()}{{{self._gap()}{said}{self._gap()}}}"
        return f"{self._statement()}{self._gap()}."

    def _statement(self) -> str:
        return f"{self._subject()}{self._gap()}{self._said(2)}"

    def _subject(self) -> str:
        if self._chance(0.1):
            return f"[{self._gap()}{self._said(2)}{self._gap()}]"
        if self._chance(0.1):
            return self._list(2)
        if self._speaking and self._chance(0.1):
            return self._reified(1)
        return self._one(*_IRIS, *_BLANKS)

    def _verb(self) -> str:
        return self._one("a", *_IRIS)

    def _said(self, depth: int) -> str:
        several = f"{self._gap()};{self._one('', self._gap(), ' ;')}"
        said = several.join(
            f"{self._verb()}{self._gap()}{self._objects(depth)}"
            for _ in range(self._random.randint(1, 3))
        )
        return said + self._one("", "", self._gap() + ";")

    def _objects(self, depth: int) -> str:
        return f"{self._gap()},{self._gap()}".join(
            self._object(depth) + self._annotation(depth) for _ in range(self._random.randint(1, 3))
        )

    def _object(self, depth: int) -> str:
        if depth and self._chance(0.15):
            return f"[{self._gap()}{self._said(depth - 1)}{self._gap()}]"
        if depth and self._chance(0.15):
            return self._list(depth - 1)
        if depth and self._speaking and self._chance(0.15):
            return self._reified(depth) if self._chance(0.5) else self._term(depth)
        return self._one(*_IRIS, *_BLANKS, *_LITERALS)

    def _list(self, depth: int) -> str:
        items = [self._object(depth) + self._gap() for _ in range(self._random.randint(0, 3))]
        return f"({self._gap()}{''.join(items)})"

    def _reified(self, depth: int) -> str:
        inner = self._reified(depth - 1) if depth and self._chance(0.3) else self._one(*_IRIS, "[]")
        reifier = self._one("", "", " ~ ", " ~ :r ", " ~ _:x ")
        return f"<<{self._gap()}{inner} {self._verb()} {self._spoken()}{self._gap()}{reifier}>>"

    def _term(self, depth: int) -> str:
        inner = self._term(depth - 1) if depth and self._chance(0.3) else self._spoken()
        subject = self._one(*_IRIS, "_:x", "[]")
        return f"<<({self._gap()}{subject} {self._verb()} {inner}{self._gap()})>>"

    def _spoken(self) -> str:
        # The parser takes no long strings there.
        short = [text for text in _LITERALS if not text.startswith(('"""', "'''"))]
        return self._one(*_IRIS, *_BLANKS, *short)

    def _annotation(self, depth: int) -> str:
        if not self._speaking or not depth or self._chance(0.8):
            return ""
        block = f"{{| {self._said(depth - 1)} |}}"
        return self._gap() + self._one("~ ", "~ :r ", block, f"~ {block}", f"~ _:x {block}")
