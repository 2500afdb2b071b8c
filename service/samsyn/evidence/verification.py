"""Check the recorded passages against a reader's own copy of the brief."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from samsyn.errors import NotFoundError, UsageError
from samsyn.evidence.passages import Passage
from samsyn.evidence.skeleton import Copy, checksum

_WINDOWS: Final = 2_000_000
"""How many windows that begin or end inside a word are tried at most (a second or two)."""
_NEAR: Final = 1_000
"""How far from its expected place a passage is looked for inside words in a longer text."""


@dataclass(frozen=True)
class Finding:
    """Where one passage is in a reader's copy.

    Args:
        passage: the passage looked for.
        places: every place where it was found, in skeleton characters of the copy.
    """

    passage: Passage
    places: tuple[int, ...]

    @property
    def holds(self) -> bool:
        """Whether the passage is in the copy exactly once."""
        return len(self.places) == 1


class _Page(HTMLParser):
    """The words of a web page, without its markup."""

    _SILENT: Final = frozenset({"script", "style", "template", "title"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  the base class passes them
        """Enter an element whose text no reader sees."""
        self._silent += tag in self._SILENT

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        self._silent -= tag in self._SILENT

    def handle_data(self, data: str) -> None:
        """Keep the text that a reader sees."""
        if not self._silent:
            self.words.append(data)


def _is_page(text: str) -> bool:
    """Whether a text is a web page with its markup."""
    return text[:1024].lstrip().casefold().startswith(("<!doctype html", "<html"))


def read_copy(path: Path) -> str:
    """Read a reader's copy of the brief: plain text, a web page, or the text taken from a PDF.

    Args:
        path: a file in UTF-8.

    Raises:
        NotFoundError: there is no such file.
        UsageError: it is a PDF, is not UTF-8, or holds no text.
    """
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is not there"
        raise NotFoundError(f"{path} {what}.", advice="Give the path of the file of your copy.")
    content = path.read_bytes()
    if content[:1024].lstrip().startswith(b"%PDF"):
        raise UsageError(
            f"{path} is a PDF, and passages are looked for in its text.",
            advice=f"Take the text out first: pdftotext -enc UTF-8 {path} brief.txt",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not text in UTF-8 (byte {error.start}).",
            advice="Save it as UTF-8, for example: iconv -f LATIN1 -t UTF-8 FILE > brief.txt",
        ) from error
    if _is_page(text):
        text = " ".join(_Page(text).words)
    if not Copy(text).letters:
        raise UsageError(f"{path} holds no text.", advice="A scanned PDF needs OCR first.")
    return text


def verify(text: str, passages: Iterable[Passage]) -> list[Finding]:
    """Look for every passage in a text, wherever it stands.

    The recorded positions are tried first; the window then slides from word to word, and at last
    from letter to letter: over the whole of a text as short as the brief, or near the expected
    place in a longer one. Once found, a passage's further occurrences are counted as well.

    Args:
        text: a reader's copy.
        passages: those to look for.
    """
    copy = Copy(text)
    wanted = sorted(passages, key=lambda each: each.start)
    found: dict[Passage, int] = {}
    for each in wanted:
        expected = each.start + _shift(each, found)
        place = _first(copy, each, _words(copy, each.length, expected))
        if place is not None:
            found[each] = place
    missing = [each for each in wanted if each not in found]
    whole = len(missing) * len(copy.letters) <= _WINDOWS
    for each in missing:
        expected = each.start + _shift(each, found)
        place = _first(copy, each, _letters(copy, each.length, None if whole else expected))
        if place is not None:
            found[each] = place
    return [Finding(each, _all_places(copy, each, found.get(each))) for each in wanted]


def _shift(passage: Passage, found: dict[Passage, int]) -> int:
    """Return how much later than recorded the text around a passage is in the copy."""
    if not found:
        return 0
    nearest = min(found, key=lambda other: abs(other.start - passage.start))
    return found[nearest] - nearest.start


def _first(copy: Copy, passage: Passage, places: Iterable[int]) -> int | None:
    letters, length = copy.letters, passage.length
    for place in places:
        if checksum(letters[place : place + length]) == passage.checksum:
            return place
    return None


def _words(copy: Copy, length: int, expected: int) -> Iterator[int]:
    """Yield the expected place, then all where a window covers whole words."""
    last = len(copy.letters) - length
    if 0 <= expected <= last:
        yield expected
    # Byte by byte "and" of where words begin and where they end one length later.
    starts = int.from_bytes(copy.starts[: last + 1], "big")
    ends = int.from_bytes(copy.ends[length : length + last + 1], "big")
    both = (starts & ends).to_bytes(max(last + 1, 0), "big")
    place = both.find(1)
    while place >= 0:
        yield place
        place = both.find(1, place + 1)


def _letters(copy: Copy, length: int, expected: int | None) -> range:
    """Return all places for a window, or those near the expected one."""
    last = len(copy.letters) - length
    if expected is None:
        return range(last + 1)
    return range(max(0, expected - _NEAR), min(last, expected + _NEAR) + 1)


def _all_places(copy: Copy, passage: Passage, place: int | None) -> tuple[int, ...]:
    if place is None:
        return ()
    return tuple(copy.places(copy.letters[place : place + passage.length]))


def report(findings: Sequence[Finding]) -> list[str]:
    """Return the findings as lines of text, the last of which sums them up.

    Args:
        findings: what :func:`verify` returned.
    """
    lines = [f"{_state(each):<10}  {each.passage.name:<8}  {_remark(each)}" for each in findings]
    held = sum(each.holds for each in findings)
    lines.append(f"{held} of {len(findings)} passages were found exactly once.")
    if not any(each.places for each in findings):
        lines.append("Is this the brief, and its text in Swedish?")
    elif held < len(findings):
        lines.append(_ADVICE)
    return lines


_ADVICE: Final = (
    "A passage is missed when its words differ, or when a page number or a note is between "
    "them; it is found more than once when the copy holds the text more than once."
)


def _state(finding: Finding) -> str:
    return {0: "missing", 1: "found"}.get(len(finding.places), "repeated")


def _remark(finding: Finding) -> str:
    text = finding.passage.label()
    if len(finding.places) > 1:
        text += f", found {len(finding.places)} times"
    return text
