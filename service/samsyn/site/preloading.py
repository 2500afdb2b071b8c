"""Everything that a worker might import or read, imported and read before there are workers.

A worker can open no file. So the zygote imports all that its forks could need, which they then
share, and a test sees to it that nothing is missing.
"""

from __future__ import annotations

import encodings
from importlib import import_module
from pkgutil import iter_modules, walk_packages
from typing import Final

from samsyn.validation import profiles

_OWN: Final = (
    "closure",
    "dataset",
    "description",
    "http",
    "pages",
    "positions",
    "scenario",
    "site",
    "sparql",
    "validation",
)
"""Our packages of which parts are imported where they are used."""

_ELSEWHERE: Final = (
    "samsyn.closure.executors.owlrl",  # the reference engines, which no worker runs
    "samsyn.validation.engines.advanced",
    "samsyn.validation.engines.reference",
)

_OTHERS: Final = (
    "difflib",
    "email.generator",
    "gzip",
    "html.entities",
    "jinja2.constants",
    "jinja2.debug",
    "numpy.ma",
    "pprint",
    "pyroaring",
    "regex",
    "shacl",
    "stringprep",
    "tracemalloc",
    "unicodedata",
    "xml.etree.ElementTree",
    "xml.parsers.expat",
    "xml.sax.saxutils",
)
"""What our modules, and libraries of theirs, import where it is used."""

_OF_WINDOWS: Final = ("mbcs", "oem")


def preload() -> None:
    """Import the modules, and read the files."""
    for package in _OWN:
        path = import_module(f"samsyn.{package}").__path__
        for module in walk_packages(path, f"samsyn.{package}."):
            if module.name not in _ELSEWHERE:
                import_module(module.name)
    # A document may be in any encoding that Python knows.
    for module in iter_modules(encodings.__path__, "encodings."):
        if module.name.rpartition(".")[2] not in _OF_WINDOWS:
            import_module(module.name)
    for name in _OTHERS:
        import_module(name)
    for name in profiles.NAMES:
        profiles.find(name).triples()
