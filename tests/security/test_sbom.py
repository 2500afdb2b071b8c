"""The software bill of materials is that of the lock, and one that others can read."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from tests.security import sbom
from tests.security.locks import SERVER, pins
from tests.security.natives import NATIVES, installed, table

from samsyn import __version__


@pytest.fixture(scope="module")
def written(root: Path) -> str:
    """The bill of this checkout, as a release has it."""
    return sbom.text(root)


@pytest.fixture(scope="module")
def bill(written: str) -> dict[str, Any]:
    """The same, read."""
    read: dict[str, Any] = json.loads(written)
    return read


@pytest.fixture(scope="module")
def elsewhere(root: Path) -> set[str]:
    """Packages that only other interpreters install, so that nothing here tells about them."""
    every = pins(root / SERVER)
    return {pin.name for pin in every} - {pin.name for pin in every if pin.applies}


def everything(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield all components, those inside others too."""
    for part in parts:
        yield part
        yield from everything(part.get("components", []))


@pytest.mark.threat("bill")
def test_the_bill_is_valid(written: str) -> None:
    """The schema of CycloneDX 1.6 allows all that the bill says."""
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(written) is None


def test_what_the_schema_does_not_know_is_found(written: str) -> None:
    """The validator refuses a bill with a word of our own, so its silence says something."""
    spoilt = json.loads(written)
    spoilt["components"][0]["colour"] = "red"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(spoilt)) is not None


@pytest.mark.threat("bill")
def test_the_bill_is_the_lock(bill: dict[str, Any], root: Path) -> None:
    """Names, versions and digests are those that pip installs by, no more and no fewer."""
    listed = {
        (part["name"], part["version"], *sorted(each["content"] for each in part["hashes"]))
        for part in bill["components"]
    }
    assert listed == {
        (pin.name, pin.version, *sorted(each.removeprefix("sha256:") for each in pin.hashes))
        for pin in pins(root / SERVER)
    }
    assert {each["alg"] for part in bill["components"] for each in part["hashes"]} == {"SHA-256"}


def test_every_part_has_a_licence(bill: dict[str, Any], elsewhere: set[str]) -> None:
    """Each package has one, and each library inside its machine code."""
    without = [part["name"] for part in everything(bill["components"]) if not part.get("licenses")]
    assert set(without) <= elsewhere
    assert bill["metadata"]["component"]["licenses"]


def test_the_bill_is_that_of_this_version(bill: dict[str, Any], elsewhere: set[str]) -> None:
    """The subject is the package, and what it asks for itself is told apart."""
    subject = bill["metadata"]["component"]
    assert (subject["name"], subject["version"]) == ("samsyn", __version__)
    leads = {each["ref"]: each.get("dependsOn", []) for each in bill["dependencies"]}
    reached, waiting = set(), [subject["bom-ref"]]
    while waiting:
        reference = waiting.pop()
        if reference not in reached:
            reached.add(reference)
            waiting += leads[reference]
    left = {part["name"] for part in bill["components"] if part["bom-ref"] not in reached}
    assert left <= elsewhere


@pytest.mark.threat("bill")
def test_what_the_machine_code_holds_is_listed(bill: dict[str, Any]) -> None:
    """The engine's package is opened: its own bill comes along, and parts that have none too."""
    inside = {
        part["name"]: {each["name"] for each in part.get("components", [])}
        for part in bill["components"]
    }
    assert {"oxigraph", "oxrocksdb-sys", "ring"} <= inside["pyoxigraph"]
    for name, native in NATIVES.items():
        assert {part.name for part in native.parts} <= inside[name]


def test_the_program_writes_the_bill(tmp_path: Path, root: Path) -> None:
    """`python -m tests.security.sbom FILE` makes the file, and the folder for it."""
    target = tmp_path / "dist" / "samsyn.cdx.json"
    subprocess.run([sys.executable, "-m", "tests.security.sbom", target], cwd=root, check=True)
    assert json.loads(target.read_text(encoding="utf-8"))["specVersion"] == "1.6"


@pytest.mark.threat("bill")
def test_the_machine_code_listed_is_what_is_installed(root: Path) -> None:
    """The packages of the table are those of the server's lock that hold machine code."""
    assert set(installed(root / SERVER)) == set(NATIVES)


def test_every_library_beside_a_package_is_listed(root: Path) -> None:
    """Each shared library that a package brings along is one of the parts that the table names."""
    beside = [
        (name, file.rpartition("/")[2])
        for name, files in installed(root / SERVER).items()
        for file in files
        if ".libs/" in file
    ]
    for name, file in beside:
        assert any(part.name.lower().removeprefix("lib") in file for part in NATIVES[name].parts)


def test_the_table_names_every_zygote(root: Path) -> None:
    """Each row says what the code is written in, who keeps it and what reaches it."""
    rows = table(root / SERVER).splitlines()
    assert len(rows) == len(NATIVES) + 2
    assert all(row.count(" | ") == 3 for row in rows if not row.startswith("|---"))
