"""Known findings do not fail a check, new ones do, and a check changes only the rows it covers."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samsyn.cli import program
from samsyn.errors import NotFoundError, UsageError
from samsyn.positions.text import Region
from samsyn.validation import baseline
from samsyn.validation.baseline import Row, Scope, gone, parted, read, updated, written
from samsyn.validation.finding import Finding, Place

RULES = ("SAM-x", "SAM-y")
FILES = ("a.ttl", "sub/b.ttl", "")


def _finding(number: int, line: int, rule: str, file: str) -> Finding:
    place = Place(file, Region(line, 1, line, 2), "value") if file else None
    messages = (("en", f"finding {number}"),)
    return Finding(rule, "violation", messages, focus=f"<urn:x-{number}>", place=place)


findings = st.lists(
    st.builds(
        _finding,
        st.integers(0, 3),
        st.integers(1, 99),
        st.sampled_from(RULES),
        st.sampled_from(FILES),
    ),
    max_size=12,
)


def _scope(files: tuple[str, ...] = FILES, rules: tuple[str, ...] = RULES) -> Scope:
    return Scope(Path("known.json"), frozenset(files) - {""}, (), frozenset(rules))


def _rows(text: str, folder: Path) -> list[Row]:
    path = folder / "known.json"
    path.write_text(text, encoding="utf-8")
    return read(path)


def _marks(rows: list[Row]) -> Counter[str]:
    counted = Counter[str]()
    for row in rows:
        counted[row.fingerprint] += row.times
    return counted


@given(findings)
def test_what_was_written_is_known(
    tmp_path_factory: pytest.TempPathFactory, found: list[Finding]
) -> None:
    """All findings of a baseline are known afterwards, and none is gone."""
    rows = _rows(updated(found, [], _scope()), tmp_path_factory.mktemp("baseline"))
    assert parted(found, rows) == ([], found)
    assert gone(found, rows, _scope()) == 0


@given(findings, findings)
def test_the_new_and_the_known_are_all(known: list[Finding], found: list[Finding]) -> None:
    """Each finding is new or known, and the known are counted: one excuses one."""
    rows = [baseline._row(each, _scope()) for each in known]
    marks = _marks(rows)
    new, old = parted(found, rows)
    assert sorted(map(id, new + old)) == sorted(map(id, found))
    assert not Counter(f.fingerprint for f in old) - marks
    assert gone(found, rows, _scope()) == (marks - Counter(f.fingerprint for f in found)).total()


@given(
    findings,
    st.sets(st.sampled_from(FILES[:2])),
    st.sets(st.sampled_from(RULES)),
    st.data(),
)
def test_an_update_changes_only_the_rows_of_what_was_checked(
    known: list[Finding], files: set[str], rules: set[str], data: st.DataObject
) -> None:
    """Rows of other files and other rules stay, letter by letter; the others follow the check."""
    before = [Row(**each) for each in json.loads(updated(known, [], _scope()))["findings"]]
    covered = [f for f in known if f.place and f.place.file in files and f.rule in rules]
    found = data.draw(st.lists(st.sampled_from(covered), max_size=5)) if covered else []
    after = json.loads(updated(found, before, _scope(tuple(files), tuple(rules))))["findings"]
    others = [
        row for row in before if row.file and (row.file not in files or row.rule not in rules)
    ]
    assert [row for row in others if row.__dict__ not in after] == []
    kept = [row for row in after if row["file"] in files and row["rule"] in rules]
    assert sum(row["times"] for row in kept) == len(found)


def test_a_baseline_has_a_row_a_line_that_names_its_node() -> None:
    """The file is sorted JSON with a line for each finding, so that a person can read changes."""
    found = [
        Finding("SAM-b", "info", (("en", "b"),), focus="<urn:n>", path="urn:p", value='"v"'),
        Finding("SAM-a", "info", (("en", "a of _:b12"),), focus="_:b12"),
    ]
    text = updated(found, [], _scope())
    lines = [line.strip().rstrip(",") for line in text.splitlines() if '"rule"' in line]
    rows = [json.loads(line) for line in lines]
    assert [row["rule"] for row in rows] == ["SAM-a", "SAM-b"]
    assert (rows[1]["focus"], rows[1]["path"], rows[1]["value"]) == ("<urn:n>", "urn:p", '"v"')
    assert (rows[0]["focus"], rows[0]["message"]) == ("_:b", "a of _:b")
    assert json.loads(written([]))["findings"] == []


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"version": 1, "findings": []}', '{"version": 2, "findings": [{}]}'],
)
def test_what_is_no_baseline_is_refused(tmp_path: Path, content: str) -> None:
    """A file that is something else is wrong usage, with advice, and is never overwritten."""
    path = tmp_path / "known.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read(path)
    assert "--update-baseline" in str(caught.value)
    data = tmp_path / "a.ttl"
    data.write_text(GOOD, encoding="utf-8")
    assert program.main(["validate", str(data), "--baseline", str(path), "--update-baseline"]) == 2
    assert path.read_text(encoding="utf-8") == content


def test_a_baseline_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing file is no empty one."""
    with pytest.raises(NotFoundError):
        read(tmp_path / "known.json")


GOOD = "<https://example.org/x> <https://example.org/p> 1 .\n"
BAD = """\
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
<https://example.org/{0}> samsyn:hasLevell <https://example.org/l> ; samsyn:isMemberr 1 .
"""


@pytest.fixture
def partner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with two faulty files in it and one below, all of them in its baseline."""
    (tmp_path / "sub").mkdir()
    for name in ("one", "two", "sub/three"):
        (tmp_path / f"{name}.ttl").write_text(BAD.format(name), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert _run(".", "--update-baseline") == 0
    return tmp_path


def _run(*arguments: str) -> int:
    return program.main(["validate", *arguments, "--baseline", "known.json", "--shapes", "syntax"])


def _files(folder: Path) -> Counter[str]:
    return Counter(row.file for row in read(folder / "known.json"))


def test_a_check_of_one_file_offers_nothing_about_the_others(
    partner: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Known findings of files that were not checked are not said to be gone, nor to be removed."""
    capsys.readouterr()
    assert _run("one.ttl") == 0
    assert "Known findings" not in capsys.readouterr().out
    (partner / "one.ttl").write_text(GOOD, encoding="utf-8")
    assert _run("one.ttl") == 0
    told = capsys.readouterr().out
    assert "Known findings that do not show in the files checked: 2." in told
    assert "--update-baseline" not in told
    assert _run(".") == 0
    assert "gone: 2. --update-baseline removes the rows." in capsys.readouterr().out


def test_an_update_after_a_partial_check_keeps_the_other_rows(partner: Path) -> None:
    """The rows of the file that was fixed go; those of the others excuse as before."""
    (partner / "one.ttl").write_text(GOOD, encoding="utf-8")
    assert _run("one.ttl", "--update-baseline") == 0
    assert _files(partner) == {"two.ttl": 2, "sub/three.ttl": 2}
    assert _run(".") == 0


def test_a_deleted_file_leaves_the_baseline_when_its_folder_is_checked(partner: Path) -> None:
    """Nobody can name a file that is gone, so checking its folder, or its pattern, removes it."""
    (partner / "sub" / "three.ttl").unlink()
    assert _run("one.ttl", "--update-baseline") == 0
    assert _files(partner) == {"one.ttl": 2, "two.ttl": 2, "sub/three.ttl": 2}
    assert _run(".", "--update-baseline") == 0
    assert _files(partner) == {"one.ttl": 2, "two.ttl": 2}


def test_a_pattern_covers_no_file_that_it_did_not_match(partner: Path) -> None:
    """What lies in a folder below is kept, although the star of the pattern could reach it."""
    assert _run("*.ttl", "--update-baseline") == 0
    assert _files(partner) == {"one.ttl": 2, "two.ttl": 2, "sub/three.ttl": 2}


def test_rows_hold_wherever_the_check_is_started(
    partner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are named from the folder of the baseline, not from that of the check."""
    monkeypatch.chdir(partner / "sub")
    arguments = ["--baseline", "../known.json", "--shapes", "syntax", "--update-baseline"]
    assert program.main(["validate", "three.ttl", "../one.ttl", *arguments]) == 0
    assert _files(partner) == {"one.ttl": 2, "two.ttl": 2, "sub/three.ttl": 2}
    assert os.path.relpath(partner) == ".."


def test_a_check_with_fewer_shapes_keeps_the_rows_of_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that did not run can have no finding, so its rows are not out of date."""
    monkeypatch.chdir(tmp_path)
    network = "@prefix samsyn: <https://w3id.org/samsyn/ns#> . <urn:n> a samsyn:Network .\n"
    Path("a.ttl").write_text(network, encoding="utf-8")
    arguments = ["validate", "a.ttl", "--baseline", "known.json", "--update-baseline"]
    assert program.main([*arguments, "--shapes", "core"]) == 0
    rows = read(Path("known.json"))
    assert rows
    program.main([*arguments, "--shapes", "linking"])
    assert read(Path("known.json")) == rows
