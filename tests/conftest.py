"""Fixtures that several folders of tests share; each is built once."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from samsyn.closure import close
from samsyn.dataset.exact import Dataset, load
from samsyn.layout import Layout
from samsyn.sparql.index import Index

# The same examples in every run, and no fault found in a machine that is busy.
settings.register_profile("samsyn", deadline=None, derandomize=True, database=None)
settings.load_profile("samsyn")

# Every reason for which a test may be skipped, and whether it may be on the build machine too.
SKIPS = {
    "only root may": True,  # look into other processes, and become another user
    "the brief is not at hand": True,  # it is not ours to hand out
    "the questions are not at hand": True,  # they lie beside it
    "the W3C cases are not at hand": True,  # they lie beside it too
    "no program to try": True,  # proxies and service managers, which the gate does not install
    "no JDK": False,  # .ci/run installs one
    "no curl": False,  # as it does this
    "no git": False,  # and this
    "no Python that another user may run": True,
    "no kernel headers": True,  # what a distribution calls linux-libc-dev
    "no Landlock in this kernel": True,
    "the W3C suites are not at hand": False,  # make test fetches them
    "HermiT is not at hand": False,  # and this
    "Comunica is not installed": False,  # as it does this
}

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put those first that wait for servers and clocks, so that the others run meanwhile."""
    items.sort(key=lambda item: "live" not in item.path.parts)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that is skipped for a reason that the table does not list."""
    report = yield
    reason = str(call.excinfo.value) if report.skipped and call.excinfo else ""
    listed = [anywhere for start, anywhere in SKIPS.items() if reason.startswith(start)]
    if report.skipped and not (listed and (listed[0] or not os.environ.get("CI"))):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and conftest.py does not list why: {reason}"
    return report


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def layout() -> Layout:
    """The RDF folders of the checkout."""
    return Layout(ROOT)


@pytest.fixture(scope="session")
def dataset(layout: Layout) -> Dataset:
    """The files of the repository as graphs, nothing inferred."""
    return load(layout)


@pytest.fixture(scope="session")
def closed(dataset: Dataset) -> Dataset:
    """The same with ``graph/inferred`` and the catalogue completed."""
    return close(dataset)


@pytest.fixture(scope="session")
def index(closed: Dataset) -> Index:
    """The query index over all of it."""
    return Index(closed)


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the tools of the test environment."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(target)]
    subprocess.run([*command, str(root)], check=True, capture_output=True)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The libraries of the test environment, for new environments to borrow without a network.

    The package itself and what installs packages are left out: a new environment brings its own.
    """
    folder = tmp_path_factory.mktemp("libraries")
    own = ("samsyn", "_samsyn", "_editable", "__editable__", "pip", "setuptools", "__pycache__")
    for item in Path(sysconfig.get_path("purelib")).iterdir():
        if not item.name.startswith(own) and item.suffix != ".pth":
            (folder / item.name).symlink_to(item)
    return folder


@pytest.fixture(scope="session")
def brief(root: Path) -> str:
    """The text of the brief, where its folder lies beside the checkout."""
    found = sorted((root.parent / "shared" / "brief").glob("000_*.txt"))
    if not found:
        pytest.skip("the brief is not at hand: ../shared/brief is absent")
    with found[0].open(encoding="utf-8", newline="") as file:
        return file.read()
