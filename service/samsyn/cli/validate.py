"""The subcommand ``validate``: settings in, reports out."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from samsyn.cli import terminal
from samsyn.cli.memory import uncollected
from samsyn.errors import UsageError
from samsyn.layout import Layout

if TYPE_CHECKING:
    from samsyn.validation.finding import Report
    from samsyn.validation.options import Options

_SUMMARY: Final = "GITHUB_STEP_SUMMARY"
_PASSES: Final = 5
"""How often edits are made and the data checked again: one fixed may show the next."""


def define(sub: ArgumentParser) -> None:
    """Define the options of ``validate``; what is not given comes from the settings file."""
    add = sub.add_argument
    add(
        "paths", metavar="PATH", nargs="*", help="files, folders, patterns, or - for standard input"
    )
    add(
        "--shapes", action="append", metavar="FILE|PROFILE",
        help="a profile: linking (default; for data that links here), core (for data that uses our"
        " classes), syntax (syntax and terms only), required or advised (for this dataset itself),"
        " pinned as in linking@1; or a file, folder or pattern of shapes; may be repeated",
    )  # fmt: skip
    add("--infer", metavar="REGIME", help="none, rdfs or owl-rl (default)")
    add(
        "--input-format",
        metavar="FORMAT",
        help="syntax of - and of files without a known extension",
    )
    add(
        "--context", action="append", dest="contexts", metavar="IRI=FILE",
        help="the file of a JSON-LD context that documents name; may be repeated",
    )  # fmt: skip
    add(
        "--with-graph", action="store_true", default=None,
        help="check together with the published graph, so that links into it are checked too",
    )  # fmt: skip
    add("--fail-on", metavar="SEVERITY", help="violation (default), warning, info or never")
    add(
        "--report", action="append", dest="reports", metavar="FORMAT=FILE",
        help="text, json, sarif, junit, github, gitlab, turtle or html; - is standard output; may"
        " be repeated",
    )  # fmt: skip
    add("--baseline", metavar="FILE", help="findings that are known and do not fail the check")
    add("--update-baseline", action="store_true", help="write the findings of this run there")
    add(
        "--allow-unmatched", action="append", metavar="SHAPE",
        help="a shape of yours that may match nothing; may be repeated",
    )  # fmt: skip
    add(
        "--advanced", action="store_true", default=None,
        help="SHACL Advanced Features in shapes of yours: rules, functions and expressions, by the"
        " reference engine",
    )  # fmt: skip
    add(
        "--iterate-rules", action="store_true", default=None,
        help="with --advanced: run the rules of each shape until they add nothing more",
    )  # fmt: skip
    add(
        "--allow-faulty-shapes", action="store_true", default=None,
        help="leave out what is faulty in shapes of yours, tell it, and check with the rest",
    )  # fmt: skip
    add(
        "--ignore", action="append", metavar="RULE",
        help="a rule whose findings do not count; may be repeated",
    )  # fmt: skip
    add(
        "--severity", action="append", dest="severities", metavar="RULE=SEVERITY",
        help="give a rule another severity; may be repeated",
    )  # fmt: skip
    add(
        "--label-language", action="append", dest="label_languages", metavar="TAG",
        help="a language that labels are asked for in (default: those that the data says it is in,"
        " else sv and en); may be repeated",
    )  # fmt: skip
    add("--max-findings", type=int, metavar="N", help="show so many on screen (default 50; 0: all)")
    add("--fix", action="store_true", help="make the edits that are certain, then check again")
    add("--engine", metavar="ENGINE", help="shacl (default), or pyshacl, the slow reference")
    add("--lang", metavar="LANGUAGE", help="language of the messages: en (default) or sv")


def validate(options: Namespace) -> int:
    """Check data against shapes and ontology; in a checkout without paths, its own facts."""
    from samsyn.validation import baseline
    from samsyn.validation.options import Options

    given = {name: value for name, value in vars(options).items() if name in _settings()}
    settings = Options.read(Path(), **given)
    if options.update_baseline and not settings.baseline:
        raise UsageError("--update-baseline needs to know which.", advice="Add --baseline FILE.")
    if options.fix and "-" in settings.paths:
        raise UsageError("--fix edits files, and - is none.", advice="Save it as one first.")
    _check_targets(settings)
    if options.update_baseline:
        rows = baseline.read(Path(settings.baseline)) if Path(settings.baseline).exists() else []
        report = _checked(replace(settings, baseline=""), fix=options.fix)
        scope = baseline.Scope.of(report, settings)
        text = baseline.updated((*report.findings, *report.excused), rows, scope)
        terminal.write(text.encode(), settings.baseline)
        report = replace(report, findings=(), excused=report.findings + report.excused)
    else:
        report = _checked(settings, fix=options.fix)
    _tell(report, settings)
    return report.exit_code


def _check_targets(settings: Options) -> None:
    # Told before the slow work, and before whatever else is wrong.
    for target in (each.split("=", 1)[1] for each in settings.reports):
        if target != "-" and not Path(target).absolute().parent.is_dir():
            raise UsageError(
                f"There is no folder for the report {target}.", advice="Make it, or name another."
            )


def _settings() -> Iterable[str]:
    from dataclasses import fields

    from samsyn.validation.options import Options

    return [field.name for field in fields(Options)]


def _checked(settings: Options, *, fix: bool) -> Report:
    from samsyn.validation.finding import text
    from samsyn.validation.fixes import editing

    report = _once(settings)
    for _ in range(_PASSES if fix else 0):
        done = editing.apply(edit for finding in report.findings for edit in finding.edits)
        if not done.made:
            break
        terminal.tell(f"edits made: {len(done.made)} in {', '.join(done.files)}")
        report = _once(settings)
        for edit, reason in done.left:
            terminal.tell(f"{edit.place}: {text(reason, settings.lang)}")
    return report


@uncollected()
def _once(settings: Options) -> Report:
    if settings.engine == "pyshacl" or settings.advanced:
        terminal.tell("checking with pySHACL, the reference engine: slow on large data")
    layout = Layout.find()
    if settings.paths:
        from samsyn.validation import run

        return run.check(settings, layout)
    if settings.shapes or settings.with_graph:
        raise UsageError(
            "--shapes and --with-graph are about files of yours.", advice="Name them too."
        )
    # Someone else's folder is no place to check the facts of the installed package in.
    if not layout.is_checkout or layout.root not in (Path.cwd(), *Path.cwd().parents):
        raise UsageError(
            "Nothing to check is named.",
            advice="Give files or folders, or name them as paths in samsyn.toml.",
        )
    from samsyn.dataset.exact import load
    from samsyn.validation import own_shapes

    return own_shapes.check(load(layout), settings)


def _tell(report: Report, settings: Options) -> None:
    from samsyn.validation import reports

    pairs: list[Sequence[str]] = [each.split("=", 1) for each in settings.reports]
    if not any(target == "-" for _, target in pairs):
        pairs.append(("text", "-"))
    for form, target in pairs:
        limit = settings.max_findings if target == "-" else 0
        text = reports.written(form, report, settings.lang, limit)
        terminal.write(text.encode(), None if target == "-" else target)
        if form == "github" and os.environ.get(_SUMMARY):
            _summarise(report, settings.lang)


def _summarise(report: Report, language: str) -> None:
    from samsyn.validation import reports

    with Path(os.environ[_SUMMARY]).open("a", encoding="utf-8") as file:
        file.write(reports.summary(report, language))
