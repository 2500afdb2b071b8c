"""The report as JSON."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest
from tests.validation.reports import REPORTS, SYNTAX, report

from samsyn import __version__
from samsyn.validation import reports

SCHEMA = json.loads((files("samsyn.validation.reports") / "report.schema.json").read_text("utf-8"))


def told(name: str, language: str = "en") -> dict[str, Any]:
    """Return a report of the table as a program reads it."""
    return dict(json.loads(reports.written("json", REPORTS[name], language)))


def objects(schema: Any) -> list[dict[str, Any]]:
    """Return all parts of a schema that describe an object's keys."""
    parts = schema.values() if isinstance(schema, dict) else schema
    found = [each for part in parts if isinstance(part, dict | list) for each in objects(part)]
    return found + ([schema] if isinstance(schema, dict) and "properties" in schema else [])


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", REPORTS)
def test_it_is_as_its_schema_says(name: str, language: str) -> None:
    """Every report is valid by the schema that comes with the package."""
    jsonschema_rs.Draft202012Validator(SCHEMA).validate(told(name, language))


def test_the_schema_is_strict() -> None:
    """The schema is one itself, and none of its objects takes keys that it does not name."""
    jsonschema_rs.meta.validate(SCHEMA)
    found = objects({"": SCHEMA})
    assert len(found) > 5
    assert all(each["additionalProperties"] is False for each in found)


@pytest.mark.parametrize("name", REPORTS)
def test_the_outcome_is_that_of_the_check(name: str) -> None:
    """Exit code, conformance, sum and findings are those of the report."""
    held, found = REPORTS[name], told(name)
    assert (found["conforms"], found["exit_code"]) == (held.conforms, held.exit_code)
    assert [each["rule"] for each in found["findings"]] == [each.rule for each in held.findings]
    assert found["checked"]["triples"] == held.checked.triples
    assert len(found["checked"]["files"]) == len(held.checked.files)
    assert found["checked"]["focus_nodes"] == held.checked.focus_nodes
    assert found["checked"]["shapes"] == dict(held.checked.shapes)
    assert found["unmatched"] == list(held.checked.unmatched)
    assert found["tool"] == {"name": "samsyn", "version": __version__}


def test_a_place_has_line_and_column() -> None:
    """A place is file, start, end and precision."""
    (found,) = json.loads(reports.written("json", report(SYNTAX)))["findings"]
    assert found["place"] == {
        "file": "data/broken.ttl",
        "precision": "value",
        "line": 3,
        "column": 3,
        "end_line": 3,
        "end_column": 12,
    }
