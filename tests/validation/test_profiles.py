"""The profiles by name and version, and that a released one never changes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from samsyn import names
from samsyn.dataset.exact import Literal, parse
from samsyn.errors import UsageError
from samsyn.layout import Layout
from samsyn.validation import profiles
from samsyn.validation.profiles import find

# A released profile never changes: somebody's check is pinned to it. Do not put a new digest here.
# To change a profile, copy its file to the next number (linking-2.ttl), change that, add it to the
# table of profiles.py, and add its digest below once it is released.
RELEASED = {
    "core-1.ttl": "3a52190f545b28df0dd780728e3c1c76e38a8e3f9a4b0ee8ec971d8ede9ef9d1",
    "linking-1.ttl": "3b29899a0e71a6a99472c283be1d17b9789063c5ae6df2ccedeb975c6dfe43b8",
}


def released() -> list[Path]:
    """List the files of profiles that have a version."""
    return sorted(Layout.find().shapes.glob("*-[0-9]*.ttl"))


def test_a_released_profile_stays_what_it_is() -> None:
    """The file of each version has the digest that it was released with."""
    digests = {path.name: sha256(path.read_bytes()).hexdigest() for path in released()}
    assert digests == RELEASED


def test_every_file_belongs_to_a_profile() -> None:
    """Every file of shapes is offered by a profile, and every profile's files exist."""
    offered = profiles.offered().split(", ")
    paths = {path for name in offered for path in find(name).paths}
    assert paths == set(Layout.find().shapes.glob("*.ttl"))


@pytest.mark.parametrize("path", released(), ids=lambda path: path.stem)
def test_a_file_says_what_it_is(path: Path) -> None:
    """A profile's file gives its version, and its name and description in two languages."""
    name, _, version = path.stem.rpartition("-")
    profile = find(f"{name}@{version}")
    assert profile.node == f"{names.SHAPES}{path.stem}"
    triples = [quad.triple for quad in parse(path.read_bytes(), "turtle", path=path.name)]
    versions = [
        triple.object.value
        for triple in triples
        if triple.predicate.value == names.OWL + "versionInfo"
        and isinstance(triple.object, Literal)
    ]
    assert versions == [version]
    for property_ in (names.RDFS_LABEL, names.DCTERMS + "description"):
        assert [language for language, _ in profile.texts(property_)] == ["en", "sv"]


def test_a_name_alone_means_the_newest_version() -> None:
    """A profile without a version is its newest; a pinned one is that version."""
    assert str(find("linking")) == "linking@1"
    assert find("linking") == find("linking@1")
    assert [path.name for path in find("linking").paths] == ["linking-1.ttl"]


def test_core_asks_all_that_linking_asks() -> None:
    """The profile core has the shapes of linking and its own."""
    assert set(find("linking").triples()) < set(find("core").triples())


def test_some_profiles_have_no_version() -> None:
    """The shapes of the repository change with it; the profile syntax has no shapes."""
    assert str(find("required")) == "required"
    assert [path.name for path in find("advised").paths] == ["required.ttl", "advised.ttl"]
    assert find("syntax").triples() == ()


@pytest.mark.parametrize("name", ["nothing", "linking@9", "linking@", "core@x", "required@1", ""])
def test_an_unknown_profile_is_refused(name: str) -> None:
    """A name or version that does not exist is wrong usage; the error lists what there is."""
    with pytest.raises(UsageError, match="no profile") as caught:
        find(name)
    assert caught.value.exit_code == 2
    assert caught.value.advice == "Profiles: linking@1, core@1, syntax, required, advised."


def test_a_profile_is_found_in_another_checkout(tmp_path: Path) -> None:
    """The folders may be given, as for a checkout elsewhere."""
    assert find("linking", Layout(tmp_path)).paths == (tmp_path / "shapes" / "linking-1.ttl",)
