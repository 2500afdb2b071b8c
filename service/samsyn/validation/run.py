"""From documents and a plan to a report: what the command line, the web and library users call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Final

from samsyn import names
from samsyn.dataset.exact import NamedNode, Triple
from samsyn.layout import Layout
from samsyn.positions.text import Texts
from samsyn.validation import baseline, configuration, languages, profiles, sources
from samsyn.validation.baseline import Scope
from samsyn.validation.configuration import Plan
from samsyn.validation.contradictions import Contradictions
from samsyn.validation.dates import misdated
from samsyn.validation.engines.result import Outcome
from samsyn.validation.engines.targeting import is_aim
from samsyn.validation.engines.targets import Implicit, deactivated, plain
from samsyn.validation.evaluation import Examination
from samsyn.validation.finding import SEVERITIES, Checked, Finding, Place, Report, Rule
from samsyn.validation.fixes.applying import Mending
from samsyn.validation.locations import Aim, Part, placed
from samsyn.validation.objects import misplaced
from samsyn.validation.options import Options
from samsyn.validation.parsing import read
from samsyn.validation.shapes_graph.overrides import Overrides
from samsyn.validation.shapes_graph.user_shapes import with_shapes
from samsyn.validation.terms.dangling_links import lost
from samsyn.validation.terms.messages import texts
from samsyn.validation.terms.suspect import Suspect
from samsyn.validation.terms.unknown_terms import Terms, declared
from samsyn.validation.wording import program

REFERENCE: Final = "pyshacl"
_LANGUAGES: Final = "UniqueLangConstraintComponent"
UNMATCHED: Final = "SAM-unmatched-shape"
IDLE: Final = "SAM-not-evaluated"


def check(options: Options, layout: Layout) -> Report:
    """Check the documents that some settings name.

    Raises:
        UsageError: a path, profile or file of shapes does not exist.
        ToolError: the shapes are faulty, or the engine failed.
    """
    found = sources.find(options.paths, options.input_format or None)
    parts = [read(source, options.contexts) for source in found]
    return report(parts, configuration.of(options, layout), options)


def validate(
    graph: Any,
    profile: str | PathLike[str] | Iterable[str | PathLike[str]] = profiles.DEFAULT,
    **settings: Any,
) -> Report:
    """Check a graph against a profile of shapes, with what follows from it by our ontology.

    Args:
        graph: an rdflib graph, or a pyoxigraph dataset or store (its graphs are read as one).
        profile: ``linking``, ``core`` or another, as for ``--shapes``; also a file, folder or
            pattern of shapes; or several of these.
        settings: other settings by their names in :class:`~.options.Options`.

    Raises:
        UsageError: the graph is of no known kind, there is no such profile, or a setting makes no
            sense.
        TypeError: there is no such setting.
        ToolError: the shapes are faulty, or the engine failed.
    """
    from samsyn.closure.interface import triples_of

    named = (profile,) if isinstance(profile, str | PathLike) else tuple(profile)
    options = Options.of(shapes=tuple(fspath(each) for each in named), **settings)
    part = Part("", list(triples_of(graph)))
    return report([part], configuration.of(options, Layout.find()), options)


def report(
    parts: Sequence[Part], how: Plan, options: Options, *, reasoned: Examination | None = None
) -> Report:
    """Check some documents.

    Args:
        parts: the documents.
        how: what they are checked with.
        options: the other settings.
        reasoned: what contradictions are sought in, if not in the same.

    Raises:
        NotFoundError: the baseline cannot be read.
        ToolError: the shapes are faulty, or the engine failed.
    """
    rows = baseline.read(Path(options.baseline)) if options.baseline else []
    triples = list(chain.from_iterable(part.triples for part in parts))
    how = configuration.in_languages(how, options.label_languages or languages.of_data(triples))
    examination = Examination(triples, how.setup)
    aims = [
        *_suspects(parts, how),
        *map(Aim, lost(triples, how.things)),
        *map(Aim, misdated(triples) if how.objects else ()),
        *map(Aim, _misplaced(triples, how, examination.outcome)),
        *(
            Aim(
                how.catalogue.finding(result),
                examination.grounds(result),
                language=result.parameter if result.component == _LANGUAGES else "",
            )
            for result in examination.outcome.results
        ),
        *Contradictions(reasoned or examination, how.prefixes).aims(),
    ]
    anonymous = _anonymous(examination.outcome, how)
    aims += map(Aim, _unmatched(examination.outcome, how, options, anonymous))
    faults = [fault for part in parts for fault in part.faults]
    found = Mending(parts, how.setup).repaired(placed(aims, parts))
    passed_over = (*how.findings, *_idle(examination, how, options))
    findings = sorted([*faults, *passed_over, *with_shapes(found, how.files)], key=_order)
    rules = _rules(findings, how, examination.outcome)
    overrides = Overrides.of(options, rules, how.own)
    counted, ignored = overrides.findings(findings)
    new, old = baseline.parted(counted, rows)
    made = Report(
        findings=tuple(new),
        excused=tuple(old),
        ignored=tuple(ignored),
        rules=overrides.rules(rules),
        checked=_checked(parts, examination, how, options, anonymous),
        fail_on=options.fail_on,
        notes=(*how.notes, *_advanced(examination, how)),
    )
    gone = _gone(counted, rows, Scope.of(made, options)) if rows else []
    return replace(made, notes=(*made.notes, *gone))


def _engines(how: Plan) -> Iterator[str]:
    is_advanced = how.setup.advanced and bool(how.files)
    if is_advanced:
        yield REFERENCE
    # Shapes of the profiles have nothing advanced.
    if not is_advanced or (
        how.setup.engine != REFERENCE and len(how.setup.shapes) > len(how.setup.own)
    ):
        yield how.setup.engine


def _advanced(examination: Examination, how: Plan) -> Iterator[Texts]:
    if how.setup.advanced and how.files:
        number = len(examination.added)
        yield (
            (
                "sv",
                "Era former prövades av referensmotorn pySHACL med SHACL Advanced Features;"
                f" tripplar som deras regler lade till: {number}.",
            ),
            (
                "en",
                "Your shapes were evaluated by the reference engine, pySHACL, with the SHACL"
                f" Advanced Features; triples that their rules added: {number}.",
            ),
        )


def _gone(findings: Sequence[Finding], rows: Sequence[baseline.Row], scope: Scope) -> list[Texts]:
    number = baseline.gone(findings, rows, scope)
    if not number:
        return []
    if scope.split(rows)[1]:
        # A finding may need what another file says of the same node.
        return [
            (
                (
                    "sv",
                    f"Kända fynd som inte syns i de filer som granskades: {number}. Baslinjen har"
                    " fler filer eller regler; granska alla innan raderna tas bort.",
                ),
                (
                    "en",
                    f"Known findings that do not show in the files checked: {number}. The baseline"
                    " covers more files or rules; check all of them before you remove the rows.",
                ),
            )
        ]
    return [
        (
            ("sv", f"Kända fynd som är borta: {number}. --update-baseline tar bort raderna."),
            ("en", f"Known findings that are gone: {number}. --update-baseline removes the rows."),
        )
    ]


def _misplaced(triples: Sequence[Triple], how: Plan, outcome: Outcome) -> Iterator[Finding]:
    if not how.objects:
        return
    # What a shape says of the same triple, as strictly, need not be said twice.
    said = {(result.focus, result.path, result.value): result for result in outcome.results}
    for finding in misplaced(triples, how.setup.known):
        result = said.get((finding.focus, finding.path, finding.value))
        if result is None or _weight(result.severity) > _weight(finding.severity):
            yield finding


def _weight(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0


def _suspects(parts: Sequence[Part], how: Plan) -> Iterator[Aim]:
    # What one document declares, the others may use.
    extra = frozenset[str]().union(*(declared(part.triples) for part in parts))
    terms = Terms(how.vocabulary)
    for number, part in enumerate(parts):
        for suspect in terms.unknown(part.triples, extra):
            at = (number, suspect.index), _POSITIONS[suspect.position]
            yield Aim(_about(suspect), at=at, suspect=suspect)


_POSITIONS: Final = {"subject": "subject", "predicate": "predicate", "object": "value"}


def _about(suspect: Suspect) -> Finding:
    return Finding(suspect.rule, suspect.severity, texts(suspect), value=f"<{suspect.term}>")


def _unmatched(
    outcome: Outcome, how: Plan, options: Options, anonymous: Mapping[str, Place]
) -> Iterator[Finding]:
    rule = program()[UNMATCHED]
    for target in outcome.targets:
        if target.nodes or _is_allowed(target.shape, how, options):
            continue
        if target.shape in anonymous:
            yield Finding(UNMATCHED, rule.severity, rule.whats, place=anonymous[target.shape])
        elif target.shape in how.own:
            yield Finding(
                UNMATCHED, rule.severity, rule.whats, shape=target.shape, value=f"<{target.shape}>"
            )


def _anonymous(outcome: Outcome, how: Plan) -> dict[str, Place]:
    """Return where the shapes are that have a target and no IRI."""
    wanted = {target.shape for target in outcome.targets if target.shape.startswith("_:")}
    if not wanted:
        return {}
    from samsyn.validation.shapes_graph.fault import Fault
    from samsyn.validation.shapes_graph.report import placed as shapes_placed

    first: dict[str, Fault] = {}
    triples = (triple for part in how.files for triple in part.triples)
    for index, triple in enumerate(triples):
        if plain(triple.subject) in wanted:
            first.setdefault(plain(triple.subject), Fault(index, "subject", ()))
    places = shapes_placed(list(first.values()), how.files)
    return {shape: place for shape, (_, place) in zip(first, places, strict=True)}


def _idle(examination: Examination, how: Plan, options: Options) -> Iterator[Finding]:
    if not how.files:
        return
    # Most checks bring no shapes.
    from samsyn.validation.shapes_graph.idle import idle
    from samsyn.validation.shapes_graph.report import placed as shapes_placed

    rule = program()[IDLE]
    shapes = [triple for part in how.files for triple in part.triples]
    # The data may have made a class of a shape, or pointed to one.
    looking = {target.shape for target in examination.outcome.targets}
    aimed = {triple.subject for triple in shapes if plain(triple.subject) in looking}
    aimed |= {t.subject for t in Implicit(shapes).explicit(shapes) if is_aim(t)}
    found = list(idle(shapes, aimed | deactivated(shapes)))
    places = shapes_placed([each for _, each in found], how.files)
    for (node, each), (_, place) in zip(found, places, strict=True):
        if not _is_allowed(plain(node), how, options):
            value = f"<{node.value}>" if isinstance(node, NamedNode) else ""
            yield Finding(IDLE, rule.severity, each.messages, value=value, place=place)


def _without_constraints(shapes: Sequence[Triple], outcome: Outcome) -> set[str]:
    if not shapes:
        return set()
    from samsyn.validation.shapes_graph.idle import without_constraints

    looking = {target.shape for target in outcome.targets}
    aimed = {triple.subject for triple in shapes if plain(triple.subject) in looking}
    return {plain(node) for node in without_constraints(shapes, aimed)}


def _is_allowed(shape: str, how: Plan, options: Options) -> bool:
    return any(_names(name, shape, how) for name in options.allow_unmatched)


def _names(name: str, shape: str, how: Plan) -> bool:
    prefix, _, rest = name.partition(":")
    known = (shape, f"<{shape}>", names.local(shape))
    return name in known or how.prefixes.get(prefix, "\0") + rest == shape


def _order(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    region = (place.region.line, place.region.column) if place and place.region else (0, 0)
    worst = SEVERITIES.index(finding.severity)
    return place.file if place else "", region, worst, finding.rule, finding.focus, finding.value


def _rules(findings: Iterable[Finding], how: Plan, outcome: Outcome) -> dict[str, Rule]:
    known = program()
    found: dict[str, Rule] = {rule.id: rule for rule in how.catalogue.rules()}
    found |= {rule.id: rule for rule in map(how.catalogue.rule_of, outcome.results)}
    found |= {f.rule: known[f.rule] for f in findings if f.rule in known}
    return dict(sorted(found.items()))


def _checked(
    parts: Sequence[Part],
    examination: Examination,
    how: Plan,
    options: Options,
    anonymous: Mapping[str, Place],
) -> Checked:
    brought = [triple for part in how.files for triple in part.triples]
    empty = _without_constraints(brought, examination.outcome)
    targets = [each for each in examination.outcome.targets if each.shape not in empty]
    off = {how.catalogue.rule(plain(shape)).shape for shape in deactivated(brought)}
    allowed = (_is_allowed(target.shape, how, options) for target in targets)
    return Checked(
        files=tuple(part.name for part in parts if part.name),
        triples=examination.size,
        focus_nodes=len(set[object]().union(*(target.nodes for target in targets))),
        shapes=tuple(
            (str(anonymous.get(target.shape, target.shape)), len(target.nodes))
            for target in targets
        ),
        profiles=how.profiles,
        inference=how.setup.inference,
        engine=", ".join(_engines(how)),
        deactivated=tuple(sorted(off)),
        may_be_idle=not how.setup.shapes or (bool(targets) and all(allowed)),
        evaluated=tuple(
            sorted({(how.catalogue.rule(s).shape, by) for s, by in examination.outcome.evaluated})
        ),
    )
