"""What tags, parameters and columns of the library are called, in English and Swedish.

The names are in ``queries/words.toml``, one table for each kind: a name, its English and its
Swedish words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from samsyn.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES: Final = ("en", "sv")
KINDS: Final = ("tags", "parameters", "columns")
FILE: Final = "words.toml"

Table = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Words:
    """The words of the library.

    Args:
        tags: English and Swedish by tag.
        parameters: the same by the name of a parameter.
        columns: the same by the variable of a column.
    """

    tags: Table = field(default_factory=dict)
    parameters: Table = field(default_factory=dict)
    columns: Table = field(default_factory=dict)

    def tag(self, name: str, language: str) -> str:
        """Return what a tag is called; the tag itself if the table lacks it."""
        return _of(self.tags, name, language)

    def parameter(self, name: str, language: str) -> str:
        """Return what a parameter is called; its name if the table lacks it."""
        return _of(self.parameters, name, language)

    def column(self, name: str, language: str) -> str:
        """Return the heading of a column; its variable if the table lacks it."""
        return _of(self.columns, name, language)


def _of(table: Table, name: str, language: str) -> str:
    words = table.get(name)
    return name if words is None else words[LANGUAGES.index("sv" if language == "sv" else "en")]


def read(path: Path) -> Words:
    """Read the words of a library; none if there is no such file.

    Args:
        path: the TOML file.

    Raises:
        SourceError: it is not TOML, or a row does not have two texts.
    """
    if not path.is_file():
        return Words()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"this is not TOML: {error}", path=path.name) from error
    tables: dict[str, dict[str, tuple[str, str]]] = {}
    for kind in KINDS:
        rows = found.get(kind, {})
        for name, words in rows.items():
            if not _is_pair(words):
                raise SourceError(
                    f"[{kind}] {name} does not have two texts",
                    path=path.name,
                    advice=f'Write {name} = ["in English", "på svenska"].',
                )
        tables[kind] = {name: (words[0], words[1]) for name, words in rows.items()}
    return Words(**tables)


def _is_pair(words: object) -> bool:
    texts = words if isinstance(words, list) else []
    return len(texts) == len(LANGUAGES) and all(isinstance(each, str) and each for each in texts)
