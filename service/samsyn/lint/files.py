"""Rules on file names, and on files that are made from others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from samsyn.lint.finding import Finding

_KEBAB: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SNAKE: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*|__[a-z]+__")
_SHAPE: Final = re.compile(r"[A-Z][A-Za-z0-9]*Shape")
_ENDINGS: Final = (".sssom.tsv", ".ttl", ".rq", ".tsv", ".py")


def check_names(paths: Iterable[Path]) -> Iterator[Finding]:
    """Yield files and folders that are not named as the house does.

    Args:
        paths: relative to the root of the repository.
    """
    for path in paths:
        python = path.suffix == ".py"
        for part in path.parts[:-1]:
            if not (_KEBAB.fullmatch(part) or _SNAKE.fullmatch(part) or _SHAPE.fullmatch(part)):
                message = f"the folder {part!r} is neither in kebab-case nor in snake_case"
                yield Finding(path.as_posix(), 1, "file-name", message, "rename it")
        ending = next((each for each in _ENDINGS if path.name.endswith(each)), "")
        stem = path.name.removesuffix(ending) if ending else path.stem
        if ending and not (_SNAKE if python else _KEBAB).fullmatch(stem):
            style = "snake_case" if python else "kebab-case"
            message = f"the file is not named in {style}"
            yield Finding(path.as_posix(), 1, "file-name", message, "rename it")


def check_made(root: Path, made: Mapping[Path, bytes]) -> Iterator[Finding]:
    """Yield files that differ from what their sources make of them.

    Args:
        root: the root of the repository.
        made: what each file has to be, by path.
    """
    for path, content in made.items():
        if not path.is_file() or path.read_bytes() != content:
            where = path.relative_to(root).as_posix()
            message = "the file is not what its source makes of it"
            yield Finding(where, 1, "generated", message, "run: samsyn lint --write")
