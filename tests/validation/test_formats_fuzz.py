"""Whatever is in the data or in a file's name, a reader of each format gets it back."""

from __future__ import annotations

import json
from typing import Final
from xml.etree import ElementTree

import html5rdf
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import SH, Graph
from tests.validation.reports import at, checked, report
from tests.validation.test_formats_hosts import commands
from tests.validation.test_formats_sarif import VALIDATOR

from samsyn.validation import reports
from samsyn.validation.finding import Finding, Report
from samsyn.validation.reports.words import readable, writable

WORDS: Final = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
# A file's name is bytes, which Python hands over as text.
NAMES: Final = st.one_of(WORDS.map(str.encode), st.binary(min_size=1, max_size=20)).map(
    lambda name: name.replace(b"\0", b"").decode(errors="surrogateescape") or "a"
)


def telling(message: str, name: str = "data.ttl", place: str = "data.ttl") -> Report:
    """Return a report with one finding."""
    found = Finding("SAM-syntax", "violation", (("", message),), place=at(place, 1, 1))
    return report(found, checked=checked((name,), 1, 1))


@given(message=WORDS)
@settings(max_examples=150, deadline=None)
def test_messages_come_back(message: str) -> None:
    """A message is read from each format as it was, but for what a format cannot hold."""
    held = telling(message)
    told = json.loads(reports.written("json", held))
    assert told["findings"][0]["message"] == message
    log = json.loads(reports.written("sarif", held))
    assert log["runs"][0]["results"][0]["message"]["text"] == message
    assert json.loads(reports.written("gitlab", held))[0]["description"] == message
    assert commands(held)[0][2] == message
    found = Graph().parse(data=reports.written("turtle", held), format="turtle")
    assert [str(each) for each in found.objects(None, SH.resultMessage)] == [message]


@given(message=WORDS)
@settings(max_examples=150, deadline=None)
def test_messages_come_back_from_markup(message: str) -> None:
    """XML and HTML are sound whatever a message holds, and show it."""
    held = telling(message)
    root = ElementTree.fromstring(reports.written("junit", held))  # noqa: S314  our own
    (failure,) = root.iter("failure")
    assert failure.get("message") == writable(message)
    page = html5rdf.HTMLParser(strict=True).parse(reports.written("html", held))
    assert writable(readable(message)) in "".join(page.itertext())


@given(name=NAMES)
@settings(max_examples=150, deadline=None)
def test_any_name_of_a_file_can_be_told(name: str) -> None:
    """Every format can be written and encoded, and the SARIF is valid, whatever a file's name."""
    held = telling("wrong", name, name)
    for form in reports.MEDIA:
        assert reports.written(form, held).encode()
    VALIDATOR.validate(json.loads(reports.written("sarif", held)))
    assert len(reports.written("text", held).splitlines()) == 3
