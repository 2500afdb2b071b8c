"""A store takes up what a newer release ships, where nobody wrote; whole or not at all."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.service.test_archive import files, killed_at

from samsyn import names
from samsyn.cli.program import main
from samsyn.dataset import release
from samsyn.dataset.archive import MANIFEST, Archive
from samsyn.dataset.exact import Dataset, Graph, load, written
from samsyn.errors import InconsistencyError, UsageError
from samsyn.layout import Layout
from samsyn.settings import Settings
from samsyn.site import changes, job_handlers
from samsyn.site.changes import Change

HEAD: Final = f"@prefix e: <http://e/> .\n@prefix owl: <{names.OWL}> .\n"
A, B, C, D = (f"{names.GRAPH}stated/{name}" for name in "abcd")

# Later versions of Python warn of forks where some library has threads; these do nothing but write.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")


def put(layout: Layout, name: str, text: str | None) -> None:
    """Write a file of a release, or take it away."""
    file = layout.data / "stated" / f"{name}.ttl"
    file.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        file.unlink()
    else:
        file.write_text(HEAD + text, encoding="utf-8")


@pytest.fixture
def layout(small_layout: Layout, tmp_path: Path) -> Layout:
    """A first release: the small repository and three graphs."""
    found = Layout(Path(shutil.copytree(small_layout.root, tmp_path / "release")))
    for name in "abc":
        put(found, name, f"e:{name} e:p 1 .")
    return found


@pytest.fixture
def start(tmp_path: Path) -> Callable[[Layout], Dataset]:
    """Start a server on the store, and end it: return the graphs that are not computed."""
    token = tmp_path / "token"
    token.write_text("a-token-made-for-this-test", encoding="utf-8")
    options = Settings(update_token_file=str(token), data_dir=str(tmp_path / "store"))

    def started(layout: Layout) -> Dataset:
        made = job_handlers.load(layout, options)._application
        assert made.source.archive is not None
        os.close(made.source.archive._lock)
        return made.stated

    return started


def write(tmp_path: Path, change: Callable[[Dataset], Dataset]) -> None:
    """Change the record as a server that writes does."""
    archive = Archive(tmp_path / "store", patience=0)
    recorded = archive.read()
    assert recorded is not None
    archive.write(change(recorded))
    os.close(archive._lock)


def said(graph: Graph) -> set[str]:
    """Return the objects of a graph."""
    return {triple.object.value for triple in graph.triples}  # type: ignore[union-attr]


def newer(layout: Layout) -> None:
    """Make the release a newer one: one graph changed, one new, one gone."""
    put(layout, "a", "e:a e:p 2 .")
    put(layout, "b", None)
    put(layout, "d", "e:d e:p 1 .")


def test_a_store_is_what_the_release_is_where_nobody_wrote(
    layout: Layout, start: Callable[[Layout], Dataset], caplog: pytest.LogCaptureFixture
) -> None:
    """Changed graphs are taken, new ones come, those that are gone go; the log names them."""
    first = start(layout)
    assert not caplog.records
    newer(layout)
    with caplog.at_level(logging.WARNING, "samsyn.record"):
        second = start(layout)
    assert second.graphs == load(layout).graphs != first.graphs
    told = [record.msg["message"] for record in caplog.records]
    assert A in told[0]
    assert D in told[0]
    assert B in told[1]
    caplog.clear()
    assert start(layout).graphs == second.graphs
    assert not caplog.records


def test_what_clients_wrote_stays(
    layout: Layout,
    start: Callable[[Layout], Dataset],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Their graphs, ours that they changed, and what they deleted stay as they are, and are named.

    They are named at each start as long as the release has something else there.
    """
    start(layout)

    def change(dataset: Dataset) -> Dataset:
        mine = written("http://e/mine", dataset.graph(A).triples)
        changed, _ = changes.apply(dataset, Change("POST", A, dataset.graph(C).triples))
        return changed.with_graph(mine).without(B)

    write(tmp_path, change)
    before = start(layout)
    assert not caplog.records
    put(layout, "a", "e:a e:p 2 .")
    put(layout, "b", "e:b e:p 2 .")
    put(layout, "c", "e:c e:p 2 .")
    for _ in range(2):
        caplog.clear()
        with caplog.at_level(logging.WARNING, "samsyn.record"):
            after = start(layout)
        assert after.graph(A) == before.graph(A)
        assert after.graph("http://e/mine") == before.graph("http://e/mine")
        assert B not in after.graphs
        assert said(after.graph(C)) == {"2"}
        kept = [r.msg["message"] for r in caplog.records][-1]
        assert A in kept
        assert B in kept
        assert C not in kept


def test_a_changed_graph_that_the_release_drops_stays(
    layout: Layout, start: Callable[[Layout], Dataset], tmp_path: Path
) -> None:
    """What somebody wrote is never lost, though the file that it came from is gone."""
    start(layout)
    write(tmp_path, lambda d: changes.apply(d, Change("POST", A, d.graph(C).triples))[0])
    put(layout, "a", None)
    assert A in start(layout).graphs


def test_a_client_that_had_the_name_first_keeps_it(
    layout: Layout, start: Callable[[Layout], Dataset], tmp_path: Path
) -> None:
    """A graph that a release adds does not replace one that a client wrote under that name."""
    start(layout)
    write(tmp_path, lambda d: changes.apply(d, Change("PUT", D, d.graph(C).triples))[0])
    put(layout, "d", "e:d e:p 9 .")
    found = start(layout).graph(D)
    assert said(found) == {"1"}
    assert found.provenance_status == names.CONTRIBUTED


def test_a_store_of_an_earlier_version_takes_up_what_it_can_tell(
    layout: Layout, start: Callable[[Layout], Dataset], tmp_path: Path
) -> None:
    """Without a note of what was shipped, graphs that have a file are the release's."""
    start(layout)
    write(tmp_path, lambda d: changes.apply(d, Change("POST", A, d.graph(C).triples))[0])
    manifest = tmp_path / "store" / MANIFEST
    told = json.loads(manifest.read_bytes())
    del told["shipped"]
    for entry in told["graphs"]:  # it went by the name
        if entry["graph"] == A:
            entry["provenance_status"] = names.STATED
    manifest.write_text(json.dumps(told), encoding="utf-8")
    put(layout, "c", "e:c e:p 2 .")
    put(layout, "d", "e:d e:p 1 .")
    put(layout, "b", None)
    found = start(layout)
    assert said(found.graph(C)) == {"2"}
    assert D in found.graphs
    assert B not in found.graphs
    assert found.graph(A).provenance_status == names.CONTRIBUTED
    assert "shipped" in json.loads(manifest.read_bytes())


def test_a_store_that_was_cleared_stays_empty(
    layout: Layout, start: Callable[[Layout], Dataset], tmp_path: Path
) -> None:
    """A newer release fills nothing that somebody has cleared; what is new in it comes."""
    start(layout)
    write(tmp_path, lambda d: d.without(*d.graphs))
    newer(layout)
    assert {*start(layout).graphs} == {D}


def test_a_release_that_contradicts_what_was_written_changes_nothing(
    layout: Layout, start: Callable[[Layout], Dataset], tmp_path: Path
) -> None:
    """The server does not start, the record is as before, and the former release starts from it."""
    start(layout)
    write(
        tmp_path,
        lambda d: d.with_graph(
            written("http://e/mine", load_text(tmp_path, "e:a owl:differentFrom e:b ."))
        ),
    )
    former = Layout(Path(shutil.copytree(layout.root, tmp_path / "former")))
    before = start(layout)
    put(layout, "a", "e:a owl:sameAs e:b .")
    manifest = (tmp_path / "store" / MANIFEST).read_bytes()
    archive = Archive(tmp_path / "store", patience=0)
    os.close(archive._lock)
    with pytest.raises(InconsistencyError, match=r"differentFrom[\s\S]*store is as it was"):
        start(layout)
    assert (tmp_path / "store" / MANIFEST).read_bytes() == manifest
    release_lock(tmp_path)
    assert start(former).graphs == before.graphs


def load_text(tmp_path: Path, text: str) -> tuple:  # type: ignore[type-arg]
    """Read triples by way of a release of one file."""
    other = Layout(tmp_path / "other")
    put(other, "x", text)
    return load(other).graph(f"{names.GRAPH}stated/x").triples


def release_lock(tmp_path: Path) -> None:
    """Let go of a store that a start which failed has claimed in this process."""
    import fcntl

    lock = (tmp_path / "store" / "lock").stat()
    for handle in os.listdir("/proc/self/fd"):  # noqa: PTH208  handles, not files
        try:
            if os.path.samestat(os.fstat(int(handle)), lock):
                fcntl.flock(int(handle), fcntl.LOCK_UN)
        except OSError:
            continue


@pytest.mark.threat("power-cut")
@pytest.mark.parametrize("half", [False, True], ids=["between-steps", "amid-a-write"])
def test_a_kill_while_a_release_is_taken_up_leaves_one_of_the_two(
    layout: Layout, tmp_path: Path, *, half: bool
) -> None:
    """Whenever it dies, the record is of the former release or of the newer one, and whole.

    The next start takes it up, or has it.
    """
    folder = tmp_path / "store"
    kept = Archive(folder)
    first = release.first(load(layout))
    kept.write(first.dataset, first.shipped)
    old = kept.read()
    newer(layout)
    assert old is not None
    uptake = release.taken_up(old, kept.shipped, load(layout))
    new = load(layout)
    seen, step = [], 0
    while killed_at(step, lambda: kept.write(uptake.dataset, uptake.shipped), half=half):
        found = kept.read()
        assert found is not None
        assert found.graphs in (old.graphs, new.graphs)
        assert kept.shipped == (uptake if found.graphs == new.graphs else first).shipped
        again = release.taken_up(found, kept.shipped, load(layout))
        assert again.dataset.graphs == new.graphs
        seen.append(found.graphs == new.graphs)
        kept.write(old, first.shipped)
        step += 1
    assert {*seen} == {False, True}
    assert seen == sorted(seen)
    kept.write(uptake.dataset, uptake.shipped)
    assert len(files(folder)) == 1 + len({graph.triples for graph in new.graphs.values()})


STATES: Final = ("same", "changed", "gone")


def graph(place: int, version: int, *, shipped: bool) -> Graph:
    """Make a version of a graph, shipped or written by a client."""
    iri, digest = f"{names.GRAPH}stated/g{place}", f"{version:064}"
    if shipped:
        return Graph(iri, names.STATED, Path(f"data/stated/g{place}.ttl"), digest, ())
    return Graph(iri, names.CONTRIBUTED, None, digest, ())


@dataclass(frozen=True)
class Case:
    """What was done to a graph.

    Args:
        writer: by clients.
        releaser: by the newer release.
        known: whether the former release shipped it.
    """

    writer: str
    releaser: str
    known: bool

    def recorded(self, place: int) -> Graph | None:
        """Return what the record has."""
        if self.writer == "changed":
            return graph(place, 1, shipped=False)
        return graph(place, 0, shipped=True) if self.known and self.writer == "same" else None

    def released(self, place: int) -> Graph | None:
        """Return what the release has."""
        if self.releaser == "gone":
            return None
        return graph(place, 2 if self.releaser == "changed" else 0, shipped=True)

    def expected(self, place: int) -> tuple[Graph | None, bool]:
        """Return what the record is to have, and whether it is to be named as kept."""
        differs = self.releaser == "changed" or not self.known
        if self.writer == "changed":
            return self.recorded(place), differs and self.releaser != "gone"
        if self.writer == "gone" and self.known:
            return None, self.releaser == "changed"
        return self.released(place), False


@settings(max_examples=150)
@given(
    some.lists(
        some.builds(Case, some.sampled_from(STATES), some.sampled_from(STATES), some.booleans()),
        max_size=6,
    )
)
def test_nothing_that_was_written_is_lost_and_nothing_shipped_is_missed(cases: list[Case]) -> None:
    """Of each graph: what the writer did stays, else what the release has is there."""
    places = [*enumerate(cases)]
    iris = [graph(place, 0, shipped=True).iri for place, _ in places]
    recorded = {iris[place]: found for place, case in places if (found := case.recorded(place))}
    ships = {iris[place]: found for place, case in places if (found := case.released(place))}
    before = {iris[place]: f"{0:064}" for place, case in places if case.known}
    found = release.taken_up(Dataset(recorded), before, Dataset(ships))
    for place, case in places:
        here = found.dataset.graphs.get(iris[place]), iris[place] in found.kept
        assert here == case.expected(place)
    again = release.taken_up(found.dataset, found.shipped, Dataset(ships))
    assert again.dataset.graphs == found.dataset.graphs
    assert again.kept == found.kept
    assert not again.taken


def test_digests_are_those_of_the_graphs(layout: Layout) -> None:
    """What a release ships is known without reading its triples."""
    assert release.digests(layout) == {i: g.digest for i, g in load(layout).graphs.items()}


@pytest.mark.parametrize("way", ["argument", "environment", "file"])
def test_a_store_without_a_token_is_an_error(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing would be kept there: the server does not start, and says what to do (exit 2)."""
    options = ["serve", "--port", "0"]
    store = str(tmp_path / "store")
    if way == "argument":
        options += ["--data-dir", store]
    elif way == "environment":
        monkeypatch.setenv("SAMSYN_DATA_DIR", store)
    else:
        file = tmp_path / "samsyn.toml"
        file.write_text(f'[serve]\ndata_dir = "{store}"\n', encoding="utf-8")
        options += ["--config", str(file)]
    assert main(options) == 2
    said = capsys.readouterr().err
    assert "writing is off" in said
    assert "--update-token-file" in said
    assert not Path(store).exists()
    with pytest.raises(UsageError, match="writing is off"):
        Settings.read({}, data_dir=store)
