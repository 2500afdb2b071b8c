r"""Regular expressions of XPath, as ``sh:pattern`` and SPARQL's REGEX have them.

Source: XQuery 1.0 and XPath 2.0 Functions and Operators, section 7.6.1, which builds on XML Schema
Part 2, appendix F. No library at hand runs that dialect, so an expression is read here by its
grammar and rewritten in two dialects that have the same parts: that of the Rust crate ``regex``
(without references to groups, blocks and multi-line mode) and that of the Python package ``regex``,
version 1 (with all of them).

Real patterns use a little more than the grammar has, and mean the same by it everywhere. So these
are taken too: look-ahead and look-behind, ``(?:``, ``(?i)``, ``\b``, a backslash before any mark,
``\xHH`` and ``\uHHHH``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

__all__ = ["Pattern", "PatternError", "read"]

_FLAGS: Final = "smixq"
_CONTROL: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a"}
_START: Final = (
    r"\:A-Z_a-z\xC0-\xD6\xD8-\xF6\xF8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME: Final = _START + r"\-\.0-9\xB7\u0300-\u036F\u203F-\u2040"
_CLASSES: Final = {
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "s": r"[ \t\n\r]",
    "S": r"[^ \t\n\r]",
    "w": r"[^\p{P}\p{Z}\p{C}]",
    "W": r"[\p{P}\p{Z}\p{C}]",
    "i": f"[{_START}]",
    "I": f"[^{_START}]",
    "c": f"[{_NAME}]",
    "C": f"[^{_NAME}]",
}
_CATEGORY: Final = re.compile(r"L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?")
_QUANTIFIER: Final = re.compile(r"(?:[?*+]|\{(\d*)(?:,(\d*))?\})\??")
_OUTSIDE: Final = re.compile(r"\\.|\[\^?\]?|\]|[ \t\n\r]+", re.DOTALL)
_CODE: Final = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
_INLINE: Final = re.compile(r"\(\?([smix]+)\)")
_LOOKS: Final = ("(?=", "(?!", "(?<=", "(?<!")
_SECONDS: Final = 10.0


class PatternError(ValueError):
    """A regular expression that XPath does not have, or flags; the text says why."""


@dataclass(frozen=True)
class Pattern:
    """A regular expression that can be run.

    Args:
        rust: the same for the Rust crate ``regex``, its flags included; None where it cannot be
            written for it.
        python: the same for the Python package ``regex``, flags included.
        same: whether the Rust crate reads the expression and its flags as they were given to mean
            the same.
    """

    rust: str | None
    python: str
    same: bool

    @property
    def compiled(self) -> Any:
        """The expression of the Python package, compiled; it is made once."""
        return _compiled(self.python)

    def matches(self, text: str) -> bool:
        """Return whether a part of a text matches, as ``fn:matches`` does.

        Raises:
            TimeoutError: to find that out takes more than ten seconds.
        """
        return self.compiled.search(text, timeout=_SECONDS) is not None


@lru_cache(maxsize=1024)
def read(pattern: str, flags: str = "") -> Pattern:
    r"""Read a regular expression.

    Args:
        pattern: the expression.
        flags: any of ``s``, ``m``, ``i``, ``x`` and ``q``.

    Raises:
        PatternError: it is none.

    >>> read("^[a-z-[aeiou]]+$").rust
    '\\A[[a-z]--[aeiou]]+\\z'
    >>> read(r"(-?)\d\1").rust is None
    True
    """
    strange = next((flag for flag in flags if flag not in _FLAGS), None)
    if strange is not None:
        raise PatternError(f"there is no flag {strange!r}; there are {', '.join(_FLAGS)}")
    reader = _Reader(pattern, flags)
    try:
        text = reader.read()
    except RecursionError as error:
        raise PatternError("its parentheses are nested too deeply") from error
    python, rust = text.replace(_END, r"\Z"), text.replace(_END, r"\z")
    if "i" in reader.flags:
        # Characters are compared one by one: full case folding would take "ss" for a sharp s.
        python, rust = f"(?i-f:{python})", f"(?i){rust}"
    if reader.wide:
        _compiled(python)
    same = reader.same and not reader.wide and not set(flags) & {"x", "q", "m"}
    return Pattern(None if reader.wide else rust, python, same)


@lru_cache(maxsize=1024)
def _compiled(python: str) -> Any:
    import regex  # takes time, and most patterns do not need it

    try:
        return regex.compile(python, regex.VERSION1)
    except (regex.error, OverflowError, RecursionError) as error:
        raise PatternError(str(error)) from error


_END: Final = "\0end\0"
"""Stands for the end of the text, which the two dialects write differently."""


class _Reader:
    """Reads one expression by the grammar and writes it again.

    Args:
        text: the expression.
        flags: its flags.
    """

    def __init__(self, text: str, flags: str) -> None:
        self.text = text
        self.flags = set(flags)
        self.wide = False
        """Whether only the Python package can run it."""
        self.same = not re.search(r"&&|--|~~|\{,", text)
        """Whether the Rust crate reads it as it is to mean the same."""
        self._groups = 0
        self._at = 0
        self._closed: set[int] = set()

    def read(self) -> str:
        """Return the expression rewritten."""
        if "\0" in self.text:
            raise PatternError("it holds the character U+0000")
        if "q" in self.flags:
            return "".join(map(_escaped, self.text))
        while inline := _INLINE.match(self.text, self._at):
            self.flags |= set(inline[1])
            self._at = inline.end()
        if "x" in self.flags:
            self.text = _packed(self.text)
        found = self._branches()
        if self._at < len(self.text):
            raise PatternError(f"the parenthesis at character {self._at + 1} closes none")
        return found

    def _branches(self) -> str:
        found = []
        while self._at < len(self.text) and self._here() != ")":
            if self._here() == "|":
                self._at += 1
                found.append("|")
            else:
                found.append(self._piece())
        return "".join(found)

    def _here(self) -> str:
        return self.text[self._at : self._at + 1]

    def _piece(self) -> str:
        start = self._at
        atom = self._atom()
        quantifier = _QUANTIFIER.match(self.text, self._at)
        if quantifier is None:
            return atom
        least, most = quantifier.groups()
        if (least, most) in {("", None), ("", "")}:
            raise PatternError(f"the quantifier {quantifier[0]} has no number")
        if least and most and int(most) < int(least):
            raise PatternError(f"the quantifier {quantifier[0]} ends below where it begins")
        self._at = quantifier.end()
        if self._here() and self._here() in "*+?{":
            raise PatternError(f"two quantifiers follow each other at character {self._at + 1}")
        if atom in (r"\A", _END) or self.text.startswith(_LOOKS, start):
            atom = f"(?:{atom})"
        return atom + quantifier[0].replace("{,", "{0,")

    def _atom(self) -> str:
        mark = self._here()
        if mark in _ATOMS:
            return _ATOMS[mark](self)
        if mark == "{":
            raise PatternError(f"{{ at character {self._at + 1} begins no quantifier; write \\{{")
        if mark in "*+?":
            raise PatternError(f"nothing is before {mark} at character {self._at + 1}")
        self._at += 1
        return _escaped(mark)

    def _any(self) -> str:
        self._at += 1
        return "(?s:.)" if "s" in self.flags else r"[^\n]"

    def _start(self) -> str:
        self._at += 1
        if "m" not in self.flags:
            return r"\A"
        # A line feed that ends the text begins no line.
        self.wide = True
        return rf"(?:\A|(?<=\n)(?!{_END}))"

    def _end(self) -> str:
        self._at += 1
        if "m" not in self.flags:
            return _END
        self.wide = True
        return rf"(?=\n|{_END})"

    def _group(self) -> str:
        opened = self._at
        head = next((look for look in _LOOKS if self.text.startswith(look, opened)), None)
        number = None
        if head is not None:
            self.wide = True
        elif self.text.startswith("(?:", opened):
            head = "(?:"
        elif self.text.startswith("(?", opened):
            raise PatternError(f"the group at character {opened + 1} is of no known kind")
        else:
            head = "("
            self._groups += 1
            number = self._groups
        self._at += len(head)
        inside = self._branches()
        if self._here() != ")":
            raise PatternError(f"the parenthesis at character {opened + 1} is not closed")
        self._at += 1
        if number is not None:
            self._closed.add(number)
        return f"{head}{inside})"

    def _escape(self) -> str:
        self._at += 1
        mark = self._here()
        if mark.isascii() and mark.isdigit() and mark != "0":
            return self._reference()
        if mark in ("b", "B"):
            self._at += 1
            self.wide = True
            return "\\" + mark
        return self._class_escape() or _escaped(self._character())

    def _reference(self) -> str:
        # As many digits as make the number of a group that has been closed.
        end = self._at + 1
        while self.text[end : end + 1].isdigit() and int(self.text[self._at : end + 1]) in (
            self._closed
        ):
            end += 1
        number = int(self.text[self._at : end])
        if number not in self._closed:
            raise PatternError(f"\\{number} refers to a group that is not closed before it")
        self._at = end
        self.wide = True
        # A group that took part in nothing is an empty text.
        return rf"(?({number})\g<{number}>|)"

    def _class_escape(self) -> str:
        mark = self._here()
        if mark in _CLASSES:
            self._at += 1
            self.same = self.same and mark in "dD"
            return _CLASSES[mark]
        if mark not in ("p", "P"):
            return ""
        end = self.text.find("}", self._at)
        if self.text[self._at + 1 : self._at + 2] != "{" or end < 0:
            raise PatternError(f"\\{mark} needs a category in braces")
        name = self.text[self._at + 2 : end]
        self._at = end + 1
        if _CATEGORY.fullmatch(name):
            return f"\\{mark}{{{name}}}"
        if not name.startswith("Is"):
            raise PatternError(f"there is no category {name!r}")
        self.wide = True
        return f"\\{mark}{{Block={name.removeprefix('Is')}}}"

    def _character(self) -> str:
        """Read what stands after a backslash as one character."""
        mark = self._here()
        code = _CODE.match(self.text, self._at)
        if code:
            self._at = code.end()
            return chr(int(code[1] or code[2], 16))
        if not mark or (mark.isalnum() and mark not in _CONTROL):
            raise PatternError(f"there is no escape \\{mark}")
        self._at += 1
        return _CONTROL.get(mark, mark)

    def _class(self) -> str:
        opened = self._at
        self._at += 1
        negated = self._here() == "^"
        self._at += negated
        parts: list[str] = []
        while self._here() != "]" or not parts:
            if self._at >= len(self.text):
                raise PatternError(f"the bracket at character {opened + 1} is not closed")
            if self.text.startswith("-[", self._at) and parts:
                self._at += 1
                return self._less(parts, negated=negated)
            parts.append(self._member())
        self._at += 1
        return f"[{'^' * negated}{''.join(parts)}]"

    def _less(self, parts: list[str], *, negated: bool) -> str:
        taken = self._class()
        self.same = False
        if self._here() != "]":
            raise PatternError(f"a subtraction must end its class, at character {self._at + 1}")
        self._at += 1
        return f"[[{'^' * negated}{''.join(parts)}]--{taken}]"

    def _member(self) -> str:
        if self._here() == "\\":
            self._at += 1
            found = self._class_escape()
            if found:
                return found
            first = self._character()
        else:
            first = self._plain()
        if self._here() != "-" or self.text[self._at + 1 : self._at + 2] in ("", "]", "["):
            return _escaped(first)
        self._at += 1
        if self._here() == "\\":
            self._at += 1
            last = self._character()
        else:
            last = self._plain()
        if last < first:
            raise PatternError(f"the range {first}-{last} ends before it begins")
        return f"{_escaped(first)}-{_escaped(last)}"

    def _plain(self) -> str:
        mark = self._here()
        if mark == "[":
            raise PatternError(f"a class holds the bracket at character {self._at + 1}; write \\[")
        self._at += 1
        return mark


_ATOMS: Final[dict[str, Callable[[_Reader], str]]] = {
    ".": _Reader._any,
    "^": _Reader._start,
    "$": _Reader._end,
    "(": _Reader._group,
    "[": _Reader._class,
    "\\": _Reader._escape,
}


def _packed(text: str) -> str:
    """Return an expression without the white space that is in no class."""
    depth = 0

    def kept(match: re.Match[str]) -> str:
        nonlocal depth
        found = match[0]
        if found[0] == "[":
            depth += 1
        elif found == "]" and depth:
            depth -= 1
        return "" if found.isspace() and not depth else found

    return _OUTSIDE.sub(kept, text)


def _escaped(character: str) -> str:
    # Both dialects take a backslash before a mark of ASCII for the mark itself.
    mark = character.isascii() and character.isprintable() and not character.isalnum()
    return "\\" + character if mark and character not in " _" else character
