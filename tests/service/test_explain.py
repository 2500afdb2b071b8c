"""``samsyn explain``: the exit code says whether a triple follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from samsyn.cli import program

CHAIN = ["actor:relevant-agencies", "samsyn:reaches", "body:nshf-political-level"]
OWN = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
<urn:x:p> a owl:TransitiveProperty .
<urn:x:a> <urn:x:p> <urn:x:b> . <urn:x:b> <urn:x:p> <urn:x:c> .
"""


def test_a_chain_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """What follows is shown as a tree, with exit code 0; reasons in the language asked for."""
    assert program.main(["explain", *CHAIN, "--lang", "sv"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("actor:relevant-agencies samsyn:reaches body:nshf-political-level")
    assert "passage:s43: sentence 43" in told
    assert "Källan" in told


def test_what_does_not_follow_has_a_code_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """A triple that does not follow ends with exit code 5, in every format."""
    assert program.main(["explain", *reversed(CHAIN)]) == 5
    assert "does not follow" in capsys.readouterr().out
    assert program.main(["explain", *reversed(CHAIN), "--format", "json"]) == 5
    assert json.loads(capsys.readouterr().out)["follows"] is False


def test_words_that_are_no_terms_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """A word that is no term ends with exit code 2, and the message says what would be."""
    assert program.main(["explain", "nothing", "a", "samsyn:Network"]) == 2
    assert "prefixed name" in capsys.readouterr().err


def test_files_of_ones_own_are_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given files, the triple is explained by them, under the rules that are chosen."""
    file = tmp_path / "own.ttl"
    file.write_text(OWN, encoding="utf-8")
    asked = ["explain", "urn:x:a", "urn:x:p", "urn:x:c", str(file)]
    assert program.main(asked) == 0
    assert "[because the property is transitive: prp-trp, 2 steps]" in capsys.readouterr().out
    assert program.main([*asked, "--rules", "rdfs"]) == 5
    proof = tmp_path / "proof.ttl"
    assert program.main([*asked, "--format", "turtle", "--output", str(proof)]) == 0
    assert "prov:Activity" in proof.read_text("utf-8")
