"""The OWL 2 RL profile and consistency, checked by the OWL API and HermiT (Java)."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from samsyn import names
from samsyn.closure import inputs
from samsyn.dataset.exact import Dataset, Literal, Triple, parse, serialize

DRIVER = Path(__file__).with_name("OwlCheck.java")
# The checker refuses these datatypes, which the profile allows in data for all we care:
# they are used as values only, and no axiom mentions them.
DATES = {names.XSD + kind for kind in ("date", "gYear", "gYearMonth")}
Check = Callable[[Iterable[Triple], str], list[str]]


def packed() -> bytes:
    """Read HermiT.jar, which has the OWL API too, from the package that carries it."""
    found = sorted((Path(sys.prefix) / "suites").glob("owlready2-*.tar.gz"))
    if not found:
        pytest.skip("HermiT is not at hand: make test fetches it")
    with tarfile.open(found[-1]) as archive:
        folder = found[-1].name.removesuffix(".tar.gz")
        content = archive.extractfile(f"{folder}/hermit/HermiT.jar")
        assert content is not None
        return content.read()


@pytest.fixture(scope="module")
def owl(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Run the Java driver on triples and return its lines."""
    java = shutil.which("java")
    if java is None or shutil.which("javac") is None:
        pytest.skip("no JDK, so the OWL profile is not checked; the hygiene queries guard it")
    folder = tmp_path_factory.mktemp("owl")
    jar = folder / "HermiT.jar"
    jar.write_bytes(packed())

    def check(triples: Iterable[Triple], mode: str) -> list[str]:
        path = folder / "input.rdf"
        path.write_bytes(serialize(triples, "rdfxml"))
        command = [java, "-cp", str(jar), str(DRIVER), str(path), mode]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    return check


@pytest.fixture(scope="module")
def ontology(dataset: Dataset) -> tuple[Triple, ...]:
    """The ontology with its vocabularies and stubs, no facts."""
    return inputs(dataset).select(names.IS_SCHEMA).triples()


def violations(lines: list[str]) -> list[str]:
    """Pick the violations out of the driver's lines."""
    assert lines[0].startswith("axioms ")
    assert int(lines[0].split()[1]) > 0
    return [line for line in lines if line.startswith("violation ")]


def datatype(term: object) -> str:
    """Name the datatype of a literal, or nothing."""
    return term.datatype.value if isinstance(term, Literal) else ""


def test_the_ontology_is_in_the_profile(owl: Check, ontology: tuple[Triple, ...]) -> None:
    """The ontology alone has no violation of OWL 2 RL."""
    found = violations(owl(ontology, "profile"))
    assert not found, "\n".join(found)


def test_the_facts_break_the_profile_by_dates_only(owl: Check, dataset: Dataset) -> None:
    """With the facts, the only violations are the three date types that the checker refuses."""
    found = violations(owl(inputs(dataset).triples(), "profile"))
    allowed = re.compile(rf"({'|'.join(names.local(kind) for kind in DATES)})\b")
    others = [line for line in found if not allowed.search(line)]
    assert not others, "\n".join(others)


def test_ontology_and_facts_are_consistent(owl: Check, dataset: Dataset) -> None:
    """HermiT finds ontology and facts consistent, and no class empty by definition."""
    triples = [t for t in inputs(dataset).triples() if datatype(t.object) not in DATES]
    assert owl(triples, "consistency")[1:] == ["consistent true"]


FAULTY = """
@prefix e: <http://e/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://e> a owl:Ontology . e:A a owl:Class ; owl:disjointWith e:B . e:B a owl:Class .
e:C a owl:Class ; rdfs:subClassOf [ a owl:Class ; owl:unionOf ( e:A e:B ) ] .
e:x a owl:NamedIndividual , e:A , e:B .
"""


def test_the_check_can_fail(owl: Check) -> None:
    """A union above a class is found out of profile, and a disjointness clash inconsistent."""
    triples = [quad.triple for quad in parse(FAULTY.encode(), "turtle")]
    assert violations(owl(triples, "profile"))
    assert owl(triples, "consistency")[1:] == ["consistent false"]
