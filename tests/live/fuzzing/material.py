"""What the fuzzer starts from: queries, documents and shapes of the repository, and its dice."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Final, TypeVar

import pyoxigraph
from tests.live.arrivals import QUERIES as HEAVY
from tests.live.fuzzing.play import PLACE
from tests.live.serving import ROOT
from tests.service.test_fuzz import HOSTILE

Dice = random.Random
Made = TypeVar("Made")

AWAY: Final = f"http://{PLACE.decode()}/secret"
"""An address that nothing may be fetched from."""
MOST: Final = 300_000
"""Bytes that a text has at most, unless it is a body that is too large on purpose."""
_LARGEST: Final = 30_000
"""Bytes of a file that is taken: mutations of a larger one find no more."""

ODD: Final = (
    *(word.encode("utf-8", "surrogatepass") for word in HOSTILE),
    b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"now#", b"uuid (", b"rand#", b"\\a", b"?a",
    b"%41", b"<<", b">>", b"{|", b"|}", b"[ ", b"( ", b"(?", b"<!--", b"<![CDATA[", b"<!DOCTYPE x>",
    b"&#0;", b"&x;", b"'''", b'"""', b"@prefix", b"\r\n\r\n", b"\r", b"--", b"@type", b"{}", b"[]",
    AWAY.encode(), b"9223372036854775808", b"1.0e400", b"-1", b"0000", b"_:", b"\x1b", b"a" * 300,
)  # fmt: skip
"""What parsers and scanners have stumbled over before."""

FORMATS: Final = {
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "application/rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
    "application/ld+json": pyoxigraph.RdfFormat.JSON_LD,
    "application/trig": pyoxigraph.RdfFormat.TRIG,
    "application/n-quads": pyoxigraph.RdfFormat.N_QUADS,
}


@cache
def queries() -> tuple[str, ...]:
    """Return the queries of the library and those that cost much."""
    library = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "queries").glob("*.rq"))]
    return (*library, *HEAVY.values())


@cache
def words() -> tuple[str, ...]:
    """Return the tokens of all queries."""
    return tuple(dict.fromkeys(re.findall(r"\w+|[^\w\s]", " ".join(queries()))))


@cache
def documents(media_type: str) -> tuple[bytes, ...]:
    """Return documents of the repository in a syntax."""
    form, found = FORMATS[media_type], []
    for folder in ("data", "examples", "links", "ontology"):
        for path in sorted((ROOT / folder).rglob("*.ttl")):
            if path.stat().st_size > _LARGEST:
                continue
            if form is pyoxigraph.RdfFormat.TURTLE:
                found.append(path.read_bytes())
            else:
                # One of the examples is faulty on purpose.
                with suppress(SyntaxError):
                    found.append(_in(path.read_bytes(), form))
    return tuple(found)


def _in(turtle: bytes, form: pyoxigraph.RdfFormat) -> bytes:
    quads = list(pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE))
    rows = quads if form.supports_datasets else [quad.triple for quad in quads]
    written: bytes = pyoxigraph.serialize(rows, format=form)
    return written


@cache
def shapes() -> tuple[bytes, ...]:
    """Return the shapes of the repository, those of its tests among them."""
    folders = (ROOT / "shapes", ROOT / "tests" / "shapes")
    paths = sorted(path for folder in folders for path in folder.rglob("*.ttl"))
    return tuple(path.read_bytes() for path in paths if path.stat().st_size <= _LARGEST)


def one(dice: Dice, makers: Sequence[Callable[[Dice], Made]]) -> Made:
    """Make something by one of several ways."""
    return dice.choice(makers)(dice)


def nested(dice: Dice, start: bytes, inner: bytes, end: bytes) -> bytes:
    """Nest something in itself, as deep as a text may be."""
    most = max(1, MOST // (len(start) + len(end)))
    depth = min(most, dice.choice((3, 30, 90, 130, 300, 900, 3_000, 50_000)))
    return start * depth + inner + end * depth


def mutated(dice: Dice, text: bytes, others: Sequence[bytes] = ()) -> bytes:
    """Change a text in some places: cut, repeat, move, put in, flip, splice."""
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        start = dice.randint(0, len(text))
        end = min(len(text), start + dice.choice((1, 3, 20, 200)))
        piece = text[start:end]
        match dice.randrange(8):
            case 0:
                piece = b""
            case 1:
                piece *= dice.choice((2, 3, 50, 2_000))
            case 2:
                piece = dice.choice(ODD)
            case 3:
                piece += dice.choice(ODD) * dice.choice((1, 1, 2, 500))
            case 4:
                piece = dice.choice(words()).encode() + b" "
            case 5:
                piece = bytes(byte ^ (1 << dice.randrange(8)) for byte in piece[:4]) + piece[4:]
            case 6:
                other = dice.choice(others) if others else text
                piece = other[dice.randint(0, len(other)) :][: dice.choice((10, 100, 2_000))]
            case 7:
                end = len(text)
        text = (text[:start] + piece + text[end:])[:MOST]
    return text
