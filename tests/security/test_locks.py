"""What is installed is pinned, and a server installs what it runs and nothing else."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.security.locks import BUILD, SERVER, WHEELS, Pin, pins

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in (ROOT, ROOT / "benchmarks")
    for path in folder.glob("requirements*.txt")
)
THROUGH_UVICORN = "httptools"
"""Imported by the module of uvicorn for it, on which ours builds."""
BUILDS = "Topic :: Software Development :: Build Tools"
BUILDERS = {
    "build", "editables", "flit-core", "hatchling", "maturin", "pathspec", "pip", "pluggy",
    "poetry-core", "setuptools", "trove-classifiers", "uv", "wheel",
}  # fmt: skip


def project(root: Path) -> dict[str, list[str]]:
    """The direct dependencies of the package and its groups, by the name of the group."""
    text = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return {"": text["project"]["dependencies"], **text["dependency-groups"]}


def needed(requirements: list[str]) -> Iterator[str]:
    """Yield the names of all that the requirements bring to this interpreter, they among it."""
    waiting = [(Requirement(text), "") for text in requirements]
    seen = set()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        yield name
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                brought = distribution(name).requires or []
                waiting += [(Requirement(text), wanted) for text in brought]


def imported(root: Path) -> set[str]:
    """The packages from which some module of the service imports something."""
    tops = {
        name.partition(".")[0]
        for path in (root / "service").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
    }
    known = packages_distributions()
    foreign = tops - sys.stdlib_module_names - {"samsyn"}
    return {canonicalize_name(name) for top in foreign for name in known[top]}


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []


def test_the_locks_are_found() -> None:
    """There is a lock for a server, for building, for the tests and for the benchmarks."""
    assert {SERVER, BUILD, "requirements-test.txt", "benchmarks/requirements.txt"} <= set(LOCKS)


@pytest.mark.threat("lock")
@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_digests_and_no_address(lock: str, root: Path) -> None:
    """Each line names one version and its SHA-256 digests; no index and no address is there."""
    text = (root / lock).read_text(encoding="utf-8")
    assert "://" not in text
    found = pins(root / lock)
    assert found
    for pin in found:
        assert re.fullmatch(r"==[^*,]+", str(pin.requirement.specifier)), pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in pin.hashes), pin


@pytest.mark.threat("lock")
@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_built_where_it_is_installed(lock: str, root: Path) -> None:
    """What is installed are wheels: to build a package, pip would fetch tools that no lock names.

    What is only fetched and never installed, the suites, are source distributions.
    """
    first = (root / lock).read_text(encoding="utf-8").splitlines()[0]
    assert (first == WHEELS) is (lock != "requirements-suites.txt")


@pytest.mark.parametrize("line", ["-e .", "--index-url x", "a==1", "a @ file:a --hash=sha256:0"])
def test_a_line_without_digests_is_refused(line: str, tmp_path: Path) -> None:
    """An option, an address or a release without digests does not pass for a pin."""
    lock = tmp_path / "requirements.txt"
    lock.write_text(f"{WHEELS}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="Not a release with its digests"):
        pins(lock)


@pytest.mark.threat("lock")
def test_every_package_of_node_has_a_digest_and_no_address(root: Path) -> None:
    """What npm installs for the tests is pinned by SHA-512, and no address is in its lock."""
    lock = json.loads((root / "tests/live/comunica/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


@pytest.mark.threat("build-tools")
def test_a_server_installs_what_it_needs_and_nothing_else(root: Path) -> None:
    """Ours asks for each package of the server's lock, or one of them does; none is missing."""
    here = {pin.name for pin in pins(root / SERVER) if pin.applies}
    assert here == set(needed(project(root)[""]))


@pytest.mark.threat("build-tools")
def test_every_direct_dependency_is_imported(root: Path) -> None:
    """What the package asks for, some module of it imports."""
    asked = {canonicalize_name(Requirement(text).name) for text in project(root)[""]}
    assert asked
    assert asked <= imported(root) | {THROUGH_UVICORN}


@pytest.mark.threat("build-tools")
def test_a_server_installs_no_build_tool(root: Path) -> None:
    """No package of the server's lock is one that builds or installs packages."""
    found = {pin.name for pin in pins(root / SERVER)}
    assert found
    assert not found & BUILDERS
    for name in sorted(pin.name for pin in pins(root / SERVER) if pin.applies):
        assert BUILDS not in (distribution(name).metadata.get_all("Classifier") or []), name


def test_the_build_tools_are_those_of_the_group(root: Path) -> None:
    """The other lock holds what builds the package, and the build system itself."""
    here = {pin.name for pin in pins(root / BUILD) if pin.applies}
    assert here == set(needed(project(root)["build"]))
    system = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    assert {Requirement(text).name for text in system["requires"]} <= here


@pytest.mark.threat("lock")
@pytest.mark.parametrize("lock", [SERVER, BUILD])
def test_the_tests_run_what_is_installed_elsewhere(lock: str, root: Path) -> None:
    """The lock of the tests holds each pin of the other two, with the same digests."""
    wide = {_exact(pin) for pin in pins(root / "requirements-test.txt")}
    assert {_exact(pin) for pin in pins(root / lock)} <= wide


def _exact(pin: Pin) -> tuple[str, tuple[str, ...]]:
    return str(pin.requirement), pin.hashes
