"""``python -m tests.security.sbom FILE``: the software bill of materials of a release.

It lists what `requirements.txt` installs, with the digests that pip accepts, and inside each
package the libraries that its machine code holds: those that the package's own SBOM lists
(PEP 770), or else those of :mod:`tests.security.natives`. The format is CycloneDX 1.6, JSON.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from typing import Any, Final

from cyclonedx.contrib.hash.factories import HashTypeFactory
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.security.locks import SERVER, Pin, pins
from tests.security.natives import NATIVES

from samsyn import __version__

ROOT: Final = Path(__file__).resolve().parents[2]
_PREFIX: Final = "samsyn:"
_KEPT: Final = ("type", "name", "version", "purl", "hashes", "licenses")
_CLASSIFIER: Final = "License :: OSI Approved :: "


def text(root: Path = ROOT) -> str:
    """Write the bill of what a server installs.

    Args:
        root: the checkout; the packages of its lock have to be installed.
    """
    own = distribution("samsyn")
    parts = {pin: _package(pin) for pin in pins(root / SERVER)}
    bom = Bom(components=parts.values())
    bom.metadata.component = subject = Component(
        name="samsyn",
        version=__version__,
        type=ComponentType.APPLICATION,
        bom_ref=f"samsyn@{__version__}",
        licenses=[_licence(own)],
    )
    asked = _asked([own, *(files for pin in parts for files in distributions(name=pin.name))])
    bom.register_dependency(subject, _brought_by(asked["samsyn"], parts))
    for pin, part in parts.items():
        bom.register_dependency(part, _brought_by(asked.get(pin.name, []), parts))
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _package(pin: Pin) -> Component:
    """Describe one release; where another is installed, that one says licence and parts."""
    files = next(iter(distributions(name=pin.name)), None)
    about = {"installed-where": str(pin.requirement.marker or "")}
    if files and files.version != pin.version:
        about["licence-and-parts-of"] = files.version
    digest = HashTypeFactory().from_composite_str
    return Component(
        name=pin.name,
        version=pin.version,
        bom_ref=f"{pin.name}@{pin.version}",
        purl=PackageURL("pypi", name=pin.name, version=pin.version),
        hashes=[digest(each) for each in pin.hashes],
        licenses=[_licence(files)] if files else (),
        properties=[
            Property(name=_PREFIX + key, value=text) for key, text in about.items() if text
        ],
        components=_inside(pin, files) if files else (),
    )


def _licence(package: Distribution) -> License:
    """Read the licence of a package: an SPDX expression where it states one."""
    stated = package.metadata
    classified = [
        value.removeprefix(_CLASSIFIER)
        for value in stated.get_all("Classifier") or []
        if value.startswith(_CLASSIFIER)
    ]
    written = stated.get("License-Expression") or " ".join(stated.get("License", "").split())
    named = " or ".join(classified)
    made = LicenseFactory().make_from_string(written or named)
    free = getattr(made, "name", None)
    return LicenseFactory().make_with_name(named) if free and named else made


def _inside(pin: Pin, package: Distribution) -> Iterator[Component]:
    """Describe the libraries inside a package's machine code."""
    for part in NATIVES[pin.name].parts if pin.name in NATIVES else ():
        yield Component(
            name=part.name,
            bom_ref=f"{pin.name}@{pin.version}/{part.name}",
            licenses=[LicenseFactory().make_from_string(part.licence)],
        )
    for file in package.files or []:
        if file.parent.name == "sboms":
            listed = json.loads(file.read_text(encoding="utf-8"))["components"]
            yield from (_part(pin, each) for each in listed)


def _part(pin: Pin, listed: dict[str, Any]) -> Component:
    part = Component.from_json({key: listed[key] for key in _KEPT if key in listed})
    return Component(
        name=part.name,
        version=part.version,
        bom_ref=f"{pin.name}@{pin.version}/{part.name}@{part.version}",
        purl=part.purl,
        hashes=part.hashes,
        licenses=part.licenses,
    )


def _brought_by(names: Iterable[str], parts: dict[Pin, Component]) -> list[Component]:
    return [part for pin, part in parts.items() if pin.name in names]


def _asked(packages: Iterable[Distribution]) -> dict[str, list[str]]:
    """Find what each package asks for, wherever it is installed, with the extras in use."""
    lines = {
        canonicalize_name(each.name): [Requirement(line) for line in each.requires or []]
        for each in packages
    }
    extras = defaultdict(set)
    for asked in itertools.chain.from_iterable(lines.values()):
        if _holds(asked, set()):
            extras[canonicalize_name(asked.name)] |= asked.extras
    return {
        name: [canonicalize_name(each.name) for each in asked if _holds(each, extras[name])]
        for name, asked in lines.items()
    }


def _holds(asked: Requirement, extras: set[str]) -> bool:
    marker = str(asked.marker or "")
    return "extra ==" not in marker or any(f'extra == "{extra}"' in marker for extra in extras)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{target}\n")
