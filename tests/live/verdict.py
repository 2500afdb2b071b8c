"""What a soak test must not show: the records of a run in, its faults in words out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from tests.live.arrivals import EXPORTS, HOSTILE, LOOKUPS

OUTCOMES: Final = {
    "right": "the right answer",
    "limit": "503 of type query-limit",
    "full": "429 or 503 with Retry-After",
    "wrong": "another answer as if it were right",
    "cut": "an answer that ends too soon, visibly",
    "error": "another status",
    "broken": "no answer",
}
MIB: Final = 1024 * 1024
MOST_MEMORY: Final = 1024 * MIB
"""Bytes that all processes of the server may hold together."""
MOST_GROWTH: Final = 48 * MIB
"""Bytes that they may hold more, at rest, than before the hostile queries came."""
TIMES_SLOWER: Final = 5.0
"""How many times the p99 of lookups may be what it is without hostile queries."""
TIME: Final = 4
"""Seconds that the server gives a query."""
_HONEST: Final = frozenset({"right", "limit", "full"})
_AFTERMATH: Final = 0.1
"""Seconds within which a kill is noted, before a request whose worker it hits or after."""


@dataclass(frozen=True)
class Record:
    """What became of one request.

    Args:
        phase: the part of the run.
        kind: what sort of question it was.
        outcome: one of `OUTCOMES`.
        seconds: from when it was due to the end of the answer.
        late: seconds after it was due at which it was sent.
        ended: when the answer ended, on the clock of the kills.
        note: what is worth knowing if it is a fault.
    """

    phase: str
    kind: str
    outcome: str
    seconds: float
    late: float = 0.0
    ended: float = 0.0
    note: str = ""


@dataclass
class Soak:
    """What was seen in a run.

    Args:
        records: one for each request.
        kills: when a worker was killed.
        before: bytes held at rest before the hostile queries.
        peak: the most that was held while they came.
        after: bytes held at rest when they were over.
    """

    records: list[Record] = field(default_factory=list)
    kills: list[float] = field(default_factory=list)
    before: int = 0
    peak: int = 0
    after: int = 0

    @property
    def late(self) -> float:
        """Seconds by which the driver was late at the most."""
        return max((record.late for record in self.records), default=0.0)

    def of(self, phase: str, kind: str) -> list[Record]:
        """Return the records of one phase and kind."""
        return [r for r in self.records if (r.phase, r.kind) == (phase, kind)]


def p99(records: list[Record]) -> float:
    """Return the seconds within which 99 of 100 requests ended."""
    ordered = sorted(record.seconds for record in records)
    return ordered[ceil(len(ordered) * 0.99) - 1] if ordered else 0.0


def faults(soak: Soak, *, idle: bool = True) -> list[str]:
    """Return, in words, whatever should not have been.

    Args:
        soak: the run.
        idle: whether the machine had nothing else to do; else any question may be refused, in the
            words for that, or reach its limit, as long as some of each kind are answered.
    """
    return [*_answers(soak, idle=idle), *_kept(soak)]


def _answers(soak: Soak, *, idle: bool) -> Iterator[str]:
    for record in soak.records:
        cut = record.outcome == "cut" and record.kind == EXPORTS
        excused = cut and (_was_hit(record, soak) or _was_late(record, idle=idle))
        allowed = _allowed(record) | (set() if idle or record.kind == HOSTILE else _HONEST)
        if record.outcome not in allowed and not excused:
            yield f"{record.phase}, {record.kind}: {OUTCOMES[record.outcome]} ({record.note})"
    for kind in {r.kind for r in soak.records} - {HOSTILE, EXPORTS}:
        if not any(r.outcome == "right" for r in soak.records if r.kind == kind):
            yield f"no question of the kind {kind} was answered"
    if idle and not any(r.outcome == "limit" for r in soak.of("hostile", HOSTILE)):
        yield "no hostile query reached a limit"
    if not soak.kills:
        yield "no worker was killed"
    if not soak.of("quiet", LOOKUPS) or not soak.of("hostile", LOOKUPS):
        yield "there were no lookups"


def _allowed(record: Record) -> set[str]:
    if record.kind == HOSTILE:
        return {"limit", "full"}
    if record.kind == LOOKUPS or record.phase != "hostile":
        return {"right"}
    # What is not quick shares a queue with the hostile queries; on a slow machine an export, which
    # takes a good part of its time even alone, may then reach its limit, and is reported so.
    return {"right", "full", "limit"} if record.kind == EXPORTS else {"right", "full"}


def _was_hit(record: Record, soak: Soak) -> bool:
    # What is being sent when its worker is killed cannot be asked for again. A driver that sent
    # requests late has seen ends late too, but one that is later still proves nothing.
    within = record.seconds + _AFTERMATH + min(soak.late, _AFTERMATH)
    return any(0 <= record.ended - kill < within for kill in soak.kills)


def _was_late(record: Record, *, idle: bool) -> bool:
    # The same limit as in `_allowed`, reached when the first rows had been sent.
    return (record.phase == "hostile" or not idle) and record.seconds - record.late >= TIME


def _kept(soak: Soak) -> Iterator[str]:
    if not soak.before:
        yield "memory was not measured"
    if soak.peak > MOST_MEMORY:
        yield f"{soak.peak // MIB} MiB were held, of {MOST_MEMORY // MIB} allowed"
    if soak.after - soak.before > MOST_GROWTH:
        yield f"memory grew from {soak.before // MIB} to {soak.after // MIB} MiB"


def slowness(soak: Soak) -> Iterator[str]:
    """Say whether lookups were slow among hostile queries; a busy machine makes them so too."""
    quiet, hostile = soak.of("quiet", LOOKUPS), soak.of("hostile", LOOKUPS)
    if quiet and hostile and p99(hostile) > TIMES_SLOWER * p99(quiet):
        slow, usual = p99(hostile) * 1e3, p99(quiet) * 1e3
        yield f"p99 of lookups is {slow:.1f} ms, and {usual:.1f} ms without hostile queries"


def table(soak: Soak) -> str:
    """Write what happened."""
    late = soak.late * 1e3
    held = ", ".join(f"{n // MIB} MiB" for n in (soak.before, soak.peak, soak.after))
    return "\n".join(
        [
            f"{'':22}{'number':>7}{'median ms':>11}{'p99 ms':>9}{'longest':>9}  outcomes",
            *rows(soak.records),
            f"{len(soak.kills)} workers killed; the latest request was sent {late:.1f} ms late",
            f"memory at rest before, at most, at rest after: {held}",
        ]
    )


def rows(records: list[Record]) -> Iterator[str]:
    """Write a line for each phase and kind."""
    for phase, kind in dict.fromkeys((r.phase, r.kind) for r in records):
        found = Soak(records).of(phase, kind)
        times = sorted(r.seconds * 1e3 for r in found)
        figures = times[len(times) // 2], p99(found) * 1e3, times[-1]
        outcomes = Counter(r.outcome for r in found).most_common()
        told = ", ".join(f"{n} {OUTCOMES[outcome]}" for outcome, n in outcomes)
        spaced = "{:11.1f}{:9.1f}{:9.1f}".format(*figures)
        yield f"{phase + ', ' + kind:22}{len(found):7}{spaced}  {told}"
