"""Labels are asked for in the languages that a dataset is in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samsyn.dataset.exact import parse_triples
from samsyn.errors import UsageError
from samsyn.layout import Layout
from samsyn.validation import languages, run
from samsyn.validation.engines.routing import validate
from samsyn.validation.options import ENGINES, Options
from samsyn.validation.profiles import find

RULE = "SAM-CoreBilingualShape"
HEAD = """\
@prefix samsyn: <https://w3id.org/samsyn/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix ex: <https://example.org/> .
"""


def _found(folder: Path, body: str, **given: object) -> list[str]:
    path = folder / "a.ttl"
    path.write_text(HEAD + body, encoding="utf-8")
    options = Options.of(paths=(str(path),), shapes=("core",), **given)
    report = run.check(options, Layout.find())
    return [each.message("en") for each in report.findings if each.rule == RULE]


ENGLISH = 'ex:n a samsyn:Network ; rdfs:label "n"@en .\n'


def test_without_a_language_both_of_ours_are_asked_for(tmp_path: Path) -> None:
    """That is what our pages and queries need."""
    assert _found(tmp_path, ENGLISH)


@pytest.mark.parametrize(
    "said",
    [
        '"en"',
        '"EN"',
        '"en-GB"',
        "<http://publications.europa.eu/resource/authority/language/ENG>",
        "<http://id.loc.gov/vocabulary/iso639-1/en>",
        "<http://id.loc.gov/vocabulary/iso639-2/eng>",
        "<http://lexvo.org/id/iso639-3/eng>",
    ],
)
@pytest.mark.parametrize("kind", ["dcat:Dataset", "void:Dataset"])
def test_a_dataset_in_english_needs_no_swedish(tmp_path: Path, said: str, kind: str) -> None:
    """However it says so, an English label is enough, and a Swedish one is not."""
    dataset = f"ex:d a {kind} ; dcterms:language {said} .\n"
    tag = "en-GB" if "GB" in said else "en"
    label = ENGLISH.replace("@en", f"@{tag}")
    assert _found(tmp_path, dataset + label) == []
    assert _found(tmp_path, dataset + ENGLISH.replace("@en", "@sv"))


def test_each_language_is_asked_for(tmp_path: Path) -> None:
    """A dataset in two languages has labels in both, and the message names them."""
    dataset = 'ex:d a dcat:Dataset ; dcterms:language "en" , "fi" .\n'
    (message,) = _found(tmp_path, dataset + ENGLISH)
    assert "@en, @fi" in message
    both = ENGLISH.replace('"n"@en', '"n"@en , "n"@fi')
    assert _found(tmp_path, dataset + both) == []


def test_the_settings_go_before_the_data(tmp_path: Path) -> None:
    """What the user sets is asked for, and nothing else."""
    dataset = 'ex:d a dcat:Dataset ; dcterms:language "fi" .\n'
    assert _found(tmp_path, dataset + ENGLISH)
    assert _found(tmp_path, dataset + ENGLISH, label_languages=("en",)) == []


@pytest.mark.parametrize("said", ['"English, mostly"', "<https://example.org/english>", "5"])
def test_what_names_no_language_changes_nothing(tmp_path: Path, said: str) -> None:
    """Then labels are asked for in ours."""
    assert _found(tmp_path, f"ex:d a dcat:Dataset ; dcterms:language {said} .\n" + ENGLISH)


def test_the_language_of_a_document_is_not_that_of_the_dataset(tmp_path: Path) -> None:
    """Only what is a dataset says in what the data is."""
    assert _found(tmp_path, 'ex:p a ex:Page ; dcterms:language "en" .\n' + ENGLISH)


def test_a_tag_without_sense_is_refused() -> None:
    """It would ask for labels that nobody can have."""
    with pytest.raises(UsageError, match="language tag"):
        Options.of(label_languages=("english language",))


@settings(max_examples=10, deadline=None)
@given(
    st.sets(st.sampled_from(["en", "sv", "fi", "de", "nb"]), min_size=1),
    st.sets(st.sampled_from(["en", "sv", "fi", "de", "nb", "fr"])),
)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_label_is_missing_if_one_of_the_languages_is(
    engine: str, wanted: set[str], given_: set[str]
) -> None:
    """Both engines find the node exactly if a language that is asked for has no label."""
    labels = ", ".join(f'"n"@{tag}' for tag in sorted(given_ | {"it"}))
    data = f"{HEAD}ex:n a samsyn:Entity ; rdfs:label {labels} .\n"
    shapes = languages.shapes_in(find("core").triples(), sorted(wanted))
    outcome = validate(parse_triples(data.encode(), "turtle", path="a"), shapes, engine=engine)
    found = [each for each in outcome.results if each.shape == languages.SHAPE.value]
    assert bool(found) == bool(wanted - given_)
