"""Where the RDF folders are: in a checkout beside ``service/``, in a wheel under ``_rdf``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from samsyn.errors import ToolError

FOLDERS = ("ontology", "data", "links", "shapes", "queries")


@dataclass(frozen=True)
class Layout:
    """The folders of one copy of the repository.

    Args:
        root: the folder that holds ``ontology``, ``data``, ``links``, ``shapes`` and ``queries``.
    """

    root: Path

    @property
    def ontology(self) -> Path:
        """The ontology, one file per theme."""
        return self.root / "ontology"

    @property
    def scenario(self) -> Path:
        """What a proposed fact would mean if it came true; no part of the dataset."""
        return self.ontology / "scenario.ttl"

    @property
    def data(self) -> Path:
        """The facts, in one folder per provenance status."""
        return self.root / "data"

    @property
    def links(self) -> Path:
        """The links to other datasets, one folder per target."""
        return self.root / "links"

    @property
    def shapes(self) -> Path:
        """The SHACL shapes."""
        return self.root / "shapes"

    @property
    def queries(self) -> Path:
        """The query library."""
        return self.root / "queries"

    @property
    def is_checkout(self) -> bool:
        """Whether this is a checkout, where tests and sources stand beside the RDF."""
        return (self.root / "pyproject.toml").is_file()

    @classmethod
    @cache
    def find(cls) -> Layout:
        """Find the RDF folders of the running package.

        Raises:
            ToolError: the package was installed without them.
        """
        package = Path(__file__).resolve().parent
        for root in (package / "_rdf", package.parent.parent):
            if (root / "ontology").is_dir():
                return cls(root)
        raise ToolError(
            "The RDF folders are not where the package expects them.",
            advice="Reinstall samsyn, or run it from a checkout.",
        )
