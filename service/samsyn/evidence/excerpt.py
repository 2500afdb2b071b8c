"""Take a passage out of a reader's copy by its first and last words, as evidence for a claim."""

from __future__ import annotations

from collections.abc import Sequence

from samsyn import names
from samsyn.errors import NotFoundError, UsageError
from samsyn.evidence.passages import PREFIXES, Passage, render
from samsyn.evidence.skeleton import SHORTEST, Copy, checksum, skeleton
from samsyn.evidence.verification import Finding, verify


def passage(text: str, first_words: str, last_words: str, passages: Sequence[Passage]) -> Passage:
    """Describe the passage of a text between its first and its last words.

    The last words meant are the nearest after the first ones. Position, section and sentence
    numbers come from the recorded passages around it, so the copy has to hold some of these.

    Args:
        text: a reader's copy.
        first_words: with which the passage begins; hyphens, case and line breaks do not matter.
        last_words: with which it ends.
        passages: the recorded ones; one of them is returned if it is the one asked for.

    Raises:
        NotFoundError: the words are not in the copy, or not in this order.
        UsageError: the words fit several places, or the passage is too short or not unique.
    """
    copy = Copy(text)
    start, end = _bounds(copy, skeleton(first_words), skeleton(last_words))
    letters = copy.letters[start:end]
    _demand_proof(copy, letters)
    for each in passages:
        if each.checksum == checksum(letters):
            return each
    return _described(start, letters, verify(text, passages))


def _bounds(copy: Copy, first: str, last: str) -> tuple[int, int]:
    starts = [place for place in copy.places(first) if copy.starts[place]]
    if not starts:
        raise NotFoundError(
            "The first words are not in this copy.",
            advice="Copy them from it letter by letter; line breaks and hyphens do not matter.",
        )
    if len(starts) > 1:
        raise UsageError(
            f"The first words are in this copy {len(starts)} times.",
            advice="Give more words from the beginning of the passage.",
        )
    ends = [place + len(last) for place in copy.places(last) if place >= starts[0]]
    ends = [end for end in ends if copy.ends[end] and end >= starts[0] + len(first)]
    if not ends:
        raise NotFoundError(
            "The last words are not in this copy after the first ones.",
            advice="Copy them from it letter by letter, and give the first words first.",
        )
    return starts[0], ends[0]


def _demand_proof(copy: Copy, letters: str) -> None:
    if len(letters) < SHORTEST:
        raise UsageError(
            f"The passage has {len(letters)} letters and digits; {SHORTEST} are needed.",
            advice="Take in the sentence before or after it.",
        )
    if len(copy.places(letters)) > 1:
        raise UsageError(
            f"The passage is in this copy {len(copy.places(letters))} times.",
            advice="Take in more words on either side, or use a copy that holds the text once.",
        )


def _described(start: int, letters: str, findings: Sequence[Finding]) -> Passage:
    known = [(each.places[0], each.passage) for each in findings if each.holds]
    around = [
        each
        for place, each in known
        if place < start + len(letters) and start < place + each.length
    ]
    if not around:
        raise UsageError(
            "The passage overlaps no recorded one in this copy, so its sentence is not known.",
            advice="Take in the rest of the sentence, or a neighbour; is this copy the brief?",
        )
    numbers = tuple(sorted({number for each in around for number in each.sentences}))
    place, neighbour = next(pair for pair in known if pair[1] is around[0])
    begin = start - place + neighbour.start
    end = begin + len(letters)
    name = "-".join(f"s{number}" for number in numbers) + f"-{begin}-{end}"
    return Passage(name, numbers, neighbour.section, begin, end, checksum(letters))


def block(passage: Passage, *, recorded: bool) -> str:
    """Return the Turtle that ties a new claim to a passage, for the reader to paste.

    Args:
        passage: what :func:`passage` returned.
        recorded: whether the data describe the passage already, so that only the tie is new.
    """
    prefixes = {"claim": names.ID + "claim/", "evidence": names.ID + "evidence/", **PREFIXES}
    if recorded:
        prefixes = {name: prefixes[name] for name in ("claim", "evidence", "oa", "passage")}
    claim = f"s{passage.sentences[0]}-new"
    lines = [
        f"# {passage.label().capitalize()}: {passage.length} letters and digits."
        + (" The passage is recorded already." if recorded else ""),
        "# Give claim and evidence the next free number in place of 'new'.",
        *(f"@prefix {name}: <{iri}> ." for name, iri in sorted(prefixes.items())),
        "",
        f"evidence:{claim} a oa:Annotation ;",
        f"  oa:hasBody claim:{claim} ;",
        f"  oa:hasTarget passage:{passage.name} ;",
        "  oa:motivatedBy oa:linking .",
    ]
    return "\n".join(lines) + "\n" + ("" if recorded else "\n" + render([passage]))
