"""The machine code that a server installs: in which packages, from where, and who keeps it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

from tests.security.locks import pins

_MACHINE_CODE: Final = re.compile(r"\.(?:so|pyd|dll|dylib)(?:\.[\d.]+)?$")


@dataclass(frozen=True)
class Part:
    """A library that a package brings inside its machine code.

    Args:
        name: as its project writes it.
        licence: an SPDX expression.
    """

    name: str
    licence: str


@dataclass(frozen=True)
class Native:
    """A package with machine code.

    Args:
        language: what it is written in.
        zygote: the project that keeps it, and those that keep its parts.
        reached: by whom, in which process.
        parts: the libraries inside that no SBOM of its own lists.
    """

    language: str
    zygote: str
    reached: str
    parts: tuple[Part, ...] = ()


NATIVES: Final = {
    "pyoxigraph": Native(
        "Rust, C++",
        "Oxigraph; RocksDB by Meta (never opened: all data is in memory); rustls and ring "
        "(never used: a worker has no network)",
        "every query and document, in a worker; the data, in the zygote",
    ),
    "shacl": Native(
        "Rust", "SHACL_Engine, one author", "documents and shapes for `/validate`, in a worker"
    ),
    "pydantic-core": Native("Rust", "Pydantic", "nothing that is sent; FastAPI loads it"),
    "httptools": Native(
        "C, Cython",
        "MagicStack; llhttp by Node.js; http-parser, which nobody keeps any more, for addresses",
        "each byte of each request, in the web process",
        (Part("llhttp", "MIT"), Part("http-parser", "MIT")),
    ),
    "uvloop": Native(
        "C, Cython",
        "MagicStack; libuv by its own project",
        "every connection, in the web process",
        (Part("libuv", "MIT"),),
    ),
    "numpy": Native(
        "C, C++, Fortran",
        "NumPy; OpenBLAS and LAPACK by their projects; libgfortran and libquadmath by GCC",
        "triples as numbers, when the closure is computed",
        (
            Part("OpenBLAS", "BSD-3-Clause"),
            Part("LAPACK", "BSD-3-Clause-Open-MPI"),
            Part("libgfortran", "GPL-3.0-or-later WITH GCC-exception-3.1"),
            Part("libquadmath", "LGPL-2.1-or-later"),
        ),
    ),
    "pyroaring": Native(
        "C, Cython",
        "PyRoaringBitMap; CRoaring by RoaringBitmap",
        "sets of numbers, when the closure is computed",
        (Part("CRoaring", "Apache-2.0 OR MIT"),),
    ),
    "regex": Native("C", "mrab-regex, one author", "patterns of shapes, in a worker"),
    "markupsafe": Native("C", "Pallets", "texts of pages, which it escapes"),
    "wcwidth": Native("C", "one author", "nothing that is sent; pySHACL's tables load it"),
}


def installed(lock: Path) -> dict[str, list[str]]:
    """Find the machine code of what a lock installs.

    Args:
        lock: the lock file; its packages for this interpreter have to be installed.

    Returns:
        the files of each package that has any, by the name of the package.
    """
    found = {
        pin.name: [
            str(file)
            for file in distribution(pin.name).files or []
            if _MACHINE_CODE.search(file.name)
        ]
        for pin in pins(lock)
        if pin.applies
    }
    return {name: files for name, files in found.items() if files}


def table(lock: Path) -> str:
    """Write the table of the page on security.

    Args:
        lock: the lock file of a server.
    """
    files = installed(lock)
    head = ["package", "written in", "kept by", "what reaches it"]
    rows = [
        [f"`{name}`", each.language, each.zygote, each.reached]
        for name, each in NATIVES.items()
        if name in files
    ]
    text = "".join(f"| {' | '.join(cells)} |\n" for cells in rows)
    return f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n{text}"
