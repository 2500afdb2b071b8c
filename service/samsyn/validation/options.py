"""The settings of a check: those given, else those of the user's settings file, else the defaults.

The file is ``samsyn.toml`` with a table ``[validate]``, else ``pyproject.toml`` with a table
``[tool.samsyn.validate]``: the nearest one in the folder or above it, as far as the folder that
holds ``.git``. A key is an option's name without its dashes; paths count from the file's folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from samsyn.errors import UsageError
from samsyn.validation.finding import SEVERITIES

INFERENCES: Final = ("owl-rl", "rdfs", "none")
INPUT_FORMATS: Final = ("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml")
LEAST: Final = ("violation", "warning", "info", "debug", "trace", "never")
REPORTS: Final = ("text", "json", "sarif", "junit", "github", "gitlab", "turtle", "html")
PROFILES: Final = ("linking", "core", "syntax", "required", "advised")
"""The sets of shapes that come with the program."""
ENGINES: Final = ("shacl", "pyshacl")
LANGUAGES: Final = ("en", "sv")
STANDARD: Final = "-"
"""Standard input as a path, standard output as the file of a report."""

_TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_OWN: Final = "samsyn.toml"
_PROJECT: Final = "pyproject.toml"
_TABLES: Final = ("validate", "serve")


def _option(key: str, default: object, kind: type, known: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"key": key, "kind": kind, "known": known})


@dataclass(frozen=True)
class Options:
    """The settings of one check.

    Args:
        paths: files, folders, patterns; ``-`` is standard input.
        shapes: names of profiles, such as ``linking`` or ``linking@1``; files, folders, patterns.
        infer: what is inferred first.
        input_format: the format of standard input and of files without a known ending, or empty.
        contexts: files of JSON-LD contexts, as ``IRI=FILE``.
        with_graph: whether the data is checked together with the published graph.
        fail_on: the least severity that fails the check, or ``never``.
        reports: what is written, as ``FORMAT=FILE``; ``-`` is standard output.
        baseline: the file of the findings that are known, or empty.
        allow_unmatched: the shapes that may match nothing.
        allow_faulty_shapes: whether faulty shapes are left out, and the data checked with the rest.
        ignore: ids of the rules whose findings do not count.
        severities: other severities of rules, as ``RULE=SEVERITY``.
        label_languages: the languages in which the data has to have labels; none: those that the
            data says it is in, else Swedish and English.
        advanced: whether the Advanced Features of SHACL are on, by the reference engine.
        iterate_rules: whether the rules of shapes run until they add nothing more.
        max_findings: how many findings are shown on screen; 0: all.
        lang: the language of the messages.
        engine: the SHACL engine.
    """

    paths: tuple[str, ...] = _option("paths", (), tuple)
    shapes: tuple[str, ...] = _option("shapes", (), tuple)
    infer: str = _option("infer", "owl-rl", str, INFERENCES)
    input_format: str = _option("input-format", "", str, INPUT_FORMATS)
    contexts: tuple[str, ...] = _option("context", (), tuple)
    with_graph: bool = _option("with-graph", False, bool)  # noqa: FBT003  a default
    fail_on: str = _option("fail-on", "violation", str, LEAST)
    reports: tuple[str, ...] = _option("report", (), tuple)
    baseline: str = _option("baseline", "", str)
    allow_unmatched: tuple[str, ...] = _option("allow-unmatched", (), tuple)
    allow_faulty_shapes: bool = _option("allow-faulty-shapes", False, bool)  # noqa: FBT003  a default
    ignore: tuple[str, ...] = _option("ignore", (), tuple)
    severities: tuple[str, ...] = _option("severity", (), tuple)
    label_languages: tuple[str, ...] = _option("label-language", (), tuple)
    advanced: bool = _option("advanced", False, bool)  # noqa: FBT003  a default
    iterate_rules: bool = _option("iterate-rules", False, bool)  # noqa: FBT003  a default
    max_findings: int = _option("max-findings", 50, int)
    lang: str = _option("lang", "en", str, LANGUAGES)
    engine: str = _option("engine", "shacl", str, ENGINES)

    @classmethod
    def read(cls, folder: Path, **given: object) -> Options:
        """Build the settings of a check that is started in a folder.

        Args:
            folder: where to look first for the settings file; the current folder, as a rule.
            given: settings by the names above, which win; None and no values at all mean not given.

        Raises:
            UsageError: the file cannot be read, a key is unknown, or a value makes no sense.
        """
        values: dict[str, Any] = {}
        found = _find(folder)
        if found is not None:
            file, table = found
            for key, value in table.items():
                option = _known(file, key)
                values[option.name] = _located(option.name, _checked(file, option, value), file)
        return cls(**(values | _given(given)))

    @classmethod
    def of(cls, **given: object) -> Options:
        """Build settings without a settings file.

        Args:
            given: settings by the names above.

        Raises:
            UsageError: a value makes no sense.
            TypeError: there is no such setting.
        """
        return cls(**_given(given))


def _given(given: dict[str, object]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for option in fields(Options):
        value = given.pop(option.name, None)
        if value is not None and value not in ([], ()):
            found[option.name] = _checked(None, option, value)
    if given:
        raise TypeError(f"there is no setting {next(iter(given))}")
    return found


def _find(folder: Path) -> tuple[Path, Mapping[str, object]] | None:
    # A path in a report should look as the user would write it: `..` is kept as short as it is.
    for place in _upwards(folder):
        for name in (_OWN, _PROJECT):
            table = _table(place / name)
            if table is not None:
                return place / name, table
        if (place / ".git").exists():
            break
    return None


def _upwards(folder: Path) -> Iterable[Path]:
    real = folder.resolve()
    yield folder
    for above in real.parents:
        yield folder / os.path.relpath(above, real)


def _table(file: Path) -> Mapping[str, object] | None:
    try:
        text = file.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except OSError as error:
        raise UsageError(
            f"{_name(file)} cannot be read: {error.strerror}", advice="Let it be read, or move it."
        ) from error
    # Most projects have a pyproject.toml, and few of those are read further than this.
    if file.name == _PROJECT and b"samsyn" not in text:
        return None
    whole = _parsed(file, text)
    if file.name == _OWN:
        _check_tables(file, whole)
        return _inner(file, whole, "validate")
    tool = _inner(file, whole, "tool") or {}
    own = _inner(file, tool, "samsyn") or {}
    return _inner(file, own, "validate")


def _parsed(file: Path, text: bytes) -> Mapping[str, object]:
    import tomllib

    try:
        return tomllib.loads(text.decode("utf-8-sig"))
    except ValueError as error:
        raise UsageError(f"{_name(file)} is no TOML: {error}", advice="Correct it.") from error


def _inner(file: Path, table: Mapping[str, object], key: str) -> Mapping[str, object] | None:
    value = table.get(key)
    if value is None or isinstance(value, dict):
        return value
    raise UsageError(f"{_name(file)}: {key} is no table.", advice=f"Write it as [{key}].")


def _check_tables(file: Path, whole: Mapping[str, object]) -> None:
    for key in whole:
        if key in _TABLES:
            continue
        if key in _keys():
            advice = f"Put it below the line [{_TABLES[0]}]."
            raise UsageError(f"{_name(file)}: {key} stands outside of a table.", advice=advice)
        advice = _nearest(key, _TABLES)
        raise UsageError(f"{_name(file)}: there is no table {key}.", advice=advice)


def _keys() -> dict[str, Field[Any]]:
    return {option.metadata["key"]: option for option in fields(Options)}


def _known(file: Path, key: str) -> Field[Any]:
    keys = _keys()
    if key not in keys:
        advice = _nearest(key, tuple(keys))
        raise UsageError(f"{_name(file)}: there is no setting {key}.", advice=advice)
    return keys[key]


def _nearest(word: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    listed = f"Known: {', '.join(known)}."
    near = get_close_matches(word.lower().replace("_", "-"), known, n=1)
    return f"Did you mean {near[0]}? {listed}" if near else listed


def _checked(file: Path | None, option: Field[Any], value: object) -> Any:
    """Return the value as its type; a word of the file may stand for a list of one."""
    kind, known = option.metadata["kind"], option.metadata["known"]
    key = f"{_name(file)}: {option.metadata['key']}" if file else f"--{option.metadata['key']}"
    if kind is tuple:
        words = (value,) if isinstance(value, str) else value
        if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
            raise UsageError(f"{key} is {value!r}.", advice='It is a list of texts: ["…", "…"].')
        if option.name in _CHECKS:
            _CHECKS[option.name](key, words)
        return tuple(words)
    if type(value) is not kind:
        raise UsageError(f"{key} is {value!r}.", advice=f"It is {_KINDS[kind]}.")
    if known and value not in known:
        raise UsageError(f"{key} is {value!r}.", advice=_nearest(str(value), known))
    if isinstance(value, int) and value < 0:
        raise UsageError(f"{key} is {value}.", advice="It is 0 or more.")
    return value


_KINDS: Final = {bool: "true or false", int: "a whole number", str: 'a text: "…"'}


def _check_contexts(words: Iterable[str]) -> None:
    from samsyn.dataset.jsonld.contexts import Contexts

    Contexts.named(words)


def _check_reports(key: str, reports: Iterable[str]) -> None:
    targets: dict[str, str] = {}
    for report in reports:
        name, _, target = report.partition("=")
        if name not in REPORTS:
            advice = _nearest(name, REPORTS)
            raise UsageError(f"{key}: there is no report {name!r}.", advice=advice)
        if not target:
            advice = f"Write {name}=FILE; {name}={STANDARD} is standard output."
            raise UsageError(f"{key}: {report!r} does not say where to.", advice=advice)
        if target in targets:
            both = f"{targets[target]} and {name} both go to {target}"
            raise UsageError(f"{key}: {both}.", advice="Give each report a file of its own.")
        targets[target] = name


def _check_severities(key: str, severities: Iterable[str]) -> None:
    for each in severities:
        rule, _, severity = each.rpartition("=")
        if not rule or severity not in SEVERITIES:
            advice = f"Write RULE=SEVERITY; severities: {', '.join(SEVERITIES)}."
            raise UsageError(f"{key} is {each!r}.", advice=advice)


def _check_languages(key: str, languages: Iterable[str]) -> None:
    for each in languages:
        if not _TAG.fullmatch(each):
            raise UsageError(f"{key} is {each!r}.", advice="It is a language tag, such as en.")


_CHECKS: Final = {
    "reports": _check_reports,
    "severities": _check_severities,
    "label_languages": _check_languages,
}


def _located(name: str, value: Any, file: Path) -> Any:
    """Return what the file says with its paths counted from the folder of the start."""
    if name == "baseline":
        return _beside(file, value)
    if name == "paths":
        return tuple(_beside(file, path) for path in value)
    if name == "contexts":
        pairs = (each.rpartition("=") for each in value)
        return tuple(f"{iri}={_beside(file, target)}" for iri, _, target in pairs)
    if name == "shapes":
        return tuple(_beside(file, each) if _is_path(file, each) else each for each in value)
    if name == "reports":
        pairs = (report.split("=", 1) for report in value)
        return tuple(f"{form}={_beside(file, target)}" for form, target in pairs)
    return value


def _is_path(file: Path, shapes: str) -> bool:
    # A profile goes before a file or folder of its name; whatever has a slash or an ending is a
    # path, also a missing one.
    if shapes.partition("@")[0] in PROFILES:
        return False
    return bool(set("/.*?[") & set(shapes)) or (file.parent / shapes).exists()


def _beside(file: Path, path: str) -> str:
    if path == STANDARD:
        return path
    return Path(os.path.normpath(file.parent / path)).as_posix()


def _name(file: Path) -> str:
    return file.as_posix()
