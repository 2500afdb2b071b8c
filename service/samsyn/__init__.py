"""Publish, query and check the knowledge graph of Nordic return cooperation.

The public names are found on first use (PEP 562), so that importing the package costs nothing:

>>> import samsyn
>>> dataset = samsyn.load(samsyn.Layout.find())  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from samsyn.closure.interface import entails, infer, infer_files
    from samsyn.dataset.exact import Dataset, load
    from samsyn.errors import SamsynError
    from samsyn.layout import Layout
    from samsyn.sparql.index import Index
    from samsyn.validation.run import validate

__version__ = "0.1.0"

__all__ = [
    "Dataset",
    "Index",
    "Layout",
    "SamsynError",
    "__version__",
    "entails",
    "infer",
    "infer_files",
    "load",
    "validate",
]

_HOMES = {
    "Dataset": "samsyn.dataset.exact",
    "Index": "samsyn.sparql.index",
    "Layout": "samsyn.layout",
    "SamsynError": "samsyn.errors",
    "entails": "samsyn.closure.interface",
    "infer": "samsyn.closure.interface",
    "infer_files": "samsyn.closure.interface",
    "load": "samsyn.dataset.exact",
    "validate": "samsyn.validation.run",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names, found or not."""
    return sorted(__all__)
