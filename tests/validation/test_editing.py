"""Edits made in files."""

from __future__ import annotations

import os
import random
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.errors import ToolError
from samsyn.positions.lines import Lines
from samsyn.positions.text import Region
from samsyn.validation.finding import Edit, Place
from samsyn.validation.fixes import editing
from samsyn.validation.fixes.editing import (
    ELSEWHERE,
    ENCODED,
    OVERLAPS,
    PACKED,
    STREAM,
    apply,
    revise,
)


def edit(start: tuple[int, int], end: tuple[int, int], text: str, file: str = "a.ttl") -> Edit:
    """Make an edit from the place of its first character and the place after its last."""
    return Edit(Place(file, Region(*start, *end), "value"), text)


@given(st.text("aå𝄞\r\n\t", max_size=30), st.data())
def test_a_place_is_that_of_the_characters(text: str, data: st.DataObject) -> None:
    """Offsets and places are turned into each other, by every kind of line break."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    lines = Lines(text)
    region = lines.region(start, end)
    assert lines.stretch(region) == (start, end)
    before = text[:start].replace("\r\n", "\n").replace("\r", "\n")
    if not (text[start - 1 : start] == "\r" and text[start : start + 1] == "\n"):
        assert region.line == before.count("\n") + 1
        assert region.column == len(before) - (before.rfind("\n") + 1) + 1


@given(
    st.text("aå𝄞\r\n", min_size=1, max_size=40), st.randoms(use_true_random=False), st.booleans()
)
def test_nothing_but_the_stretches_is_changed(text: str, chance: random.Random, mark: bool) -> None:  # noqa: FBT001  drawn
    """Whatever stands outside of the edits stays, byte for byte, mark and line breaks included."""
    cuts = sorted(chance.sample(range(len(text) + 1), min(len(text) + 1, 2 * chance.randint(1, 3))))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    lines = Lines(text)
    edits = [
        Edit(Place("a.ttl", lines.region(start, end), "value"), f"<{number}>")
        for number, (start, end) in enumerate(pairs)
    ]
    expected = text
    for number, (start, end) in reversed(list(enumerate(pairs))):
        expected = expected[:start] + f"<{number}>" + expected[end:]
    chance.shuffle(edits)
    sign = b"\xef\xbb\xbf" if mark else b""
    revision = revise(sign + text.encode(), edits)
    assert revision.data == sign + expected.encode()
    assert not revision.left


def test_of_edits_that_overlap_the_first_is_made() -> None:
    """The first edit given counts, wherever it stands; those in its way are left, with a reason."""
    first = edit((1, 3), (1, 5), "X")
    others = [edit((1, 1), (1, 4), "A"), edit((1, 4), (1, 6), "B"), edit((1, 3), (1, 5), "C")]
    fits = [edit((1, 1), (1, 3), "<"), edit((1, 5), (1, 6), ">")]
    revision = revise(b"abcdef", [first, *others, *fits])
    assert revision.data == b"<X>f"
    assert revision.left == tuple((each, OVERLAPS) for each in others)


def test_the_same_edit_is_made_once() -> None:
    """Two findings that ask for the same change get it once."""
    revision = revise(b"abc", [edit((1, 2), (1, 3), "X"), edit((1, 2), (1, 3), "X")])
    assert (revision.data, len(revision.made), revision.left) == (b"aXc", 1, ())


def test_two_insertions_in_one_place_have_no_order() -> None:
    """Of two insertions in the same place only the first is made."""
    revision = revise(b"ab", [edit((1, 2), (1, 2), "X"), edit((1, 2), (1, 2), "Y")])
    assert revision.data == b"aXb"
    assert [reason for _, reason in revision.left] == [OVERLAPS]


@pytest.mark.parametrize(
    "wrong",
    [edit((1, 9), (1, 9), "X"), edit((7, 1), (7, 2), "X"), edit((1, 3), (1, 1), "X"),
     edit((0, 1), (1, 1), "X"), Edit(Place("a.ttl", None, "file"), "X")],
    ids=["column", "line", "backwards", "zero", "no-region"],
)  # fmt: skip
def test_an_edit_outside_of_the_file_is_left(wrong: Edit) -> None:
    """A place that the file does not have is not guessed at."""
    revision = revise(b"abc\n", [wrong])
    assert (revision.data, revision.left) == (b"abc\n", ((wrong, ELSEWHERE),))


def test_a_file_in_another_encoding_is_left() -> None:
    """A file that is not in UTF-8 is not rewritten."""
    wanted = edit((1, 1), (1, 2), "X")
    assert revise("å".encode("latin-1"), [wanted]).left == ((wanted, ENCODED),)


def test_files_are_edited_in_place(tmp_path: Path) -> None:
    """The files named are replaced, with their permissions; links stay links; no rest is left."""
    first, second, link = tmp_path / "a.ttl", tmp_path / "b.ttl", tmp_path / "link.ttl"
    first.write_bytes(b"one\r\ntwo\r\n")
    second.write_bytes(b"three\n")
    link.symlink_to(second)
    first.chmod(0o640)
    outcome = apply([edit((2, 1), (2, 4), "2", str(first)), edit((1, 1), (1, 6), "3", str(link))])
    assert first.read_bytes() == b"one\r\n2\r\n"
    assert second.read_bytes() == b"3\n"
    assert link.is_symlink()
    assert stat.S_IMODE(first.stat().st_mode) == 0o640
    assert outcome.files == (str(first), str(link))
    assert len(outcome.made) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ttl", "b.ttl", "link.ttl"]


def test_a_file_without_a_change_is_not_touched(tmp_path: Path) -> None:
    """A file whose edits are all left keeps its time."""
    file = tmp_path / "a.ttl"
    file.write_bytes(b"a")
    os.utime(file, (1, 1))
    assert apply([edit((9, 9), (9, 9), "X", str(file))]).files == ()
    assert file.stat().st_mtime == 1


def test_packed_files_and_standard_input_are_left() -> None:
    """What cannot be edited is left and said so."""
    packed, stream = edit((1, 1), (1, 1), "X", "a.ttl.gz"), edit((1, 1), (1, 1), "X", "-")
    outcome = apply([packed, stream])
    assert outcome.left == ((packed, PACKED), (stream, STREAM))
    assert all(dict(reason).keys() == {"sv", "en"} for _, reason in outcome.left)


@pytest.mark.parametrize("failing", ["write", "rename"])
def test_all_files_are_changed_or_none(
    failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one file cannot be written all stay as they were, and no rest is left."""
    first, second = tmp_path / "a.ttl", tmp_path / "b.ttl"
    first.write_bytes(b"one")
    second.write_bytes(b"two")
    edits = [edit((1, 1), (1, 4), "X", str(first)), edit((1, 1), (1, 4), "Y", str(second))]
    if failing == "write":
        beside = editing._beside

        def refuse(path: Path, data: bytes) -> Path:
            if path.name == "b.ttl":
                raise OSError(28, "No space left on device")
            return beside(path, data)

        monkeypatch.setattr(editing, "_beside", refuse)
    else:
        replace = Path.replace

        def refuse_once(path: Path, target: Path) -> Path:
            if Path(target).name == "b.ttl":
                raise OSError(16, "Device or resource busy")
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", refuse_once)
    with pytest.raises(ToolError, match=r"b\.ttl cannot be edited.*No file was changed"):
        apply(edits)
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ttl", "b.ttl"]


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    """A file that cannot be read is named."""
    with pytest.raises(ToolError, match=r"gone\.ttl cannot be edited"):
        apply([edit((1, 1), (1, 1), "X", str(tmp_path / "gone.ttl"))])
