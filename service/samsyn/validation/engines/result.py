"""What an engine finds."""

from __future__ import annotations

from dataclasses import dataclass

from samsyn.errors import ToolError
from samsyn.validation.engines.targets import Target


@dataclass(frozen=True, order=True)
class Result:
    """One finding.

    Args:
        focus: the node it is about, as in N-Triples.
        path: the property or path it is about, empty if it is about the node itself.
        value: the offending value as in N-Triples, empty if one is missing.
        shape: IRI of the shape that found it.
        severity: the name of a severity of SHACL in lower case, as in ``violation``; else its IRI.
        component: the kind of constraint, such as ``MinCountConstraintComponent``; the IRI of one
            that SHACL does not define.
        messages: pairs of language and text.
        constraint: IRI of the constraint inside the shape, where it has one.
        parameter: which value of its parameter the constraint is about, as in N-Triples, where the
            shape has several; for texts in one language, the language.
        details: the results that explain this one.
    """

    focus: str
    path: str
    value: str
    shape: str
    severity: str
    component: str
    messages: tuple[tuple[str, str], ...]
    constraint: str = ""
    parameter: str = ""
    details: tuple[Result, ...] = ()

    def message(self, language: str) -> str:
        """Return the message in a language, else in English, else any, else the component."""
        by_language = dict(self.messages)
        fallback = next(iter(by_language.values()), self.component)
        return by_language.get(language) or by_language.get("en") or fallback


@dataclass(frozen=True)
class Outcome:
    """What an engine found, and what it looked at.

    Args:
        results: the findings, sorted.
        targets: each shape that has a target, with the focus nodes it matched.
        evaluated: pairs of a shape and the engine that evaluated constraints of it, where that is
            another than the one that was asked for.
    """

    results: tuple[Result, ...]
    targets: tuple[Target, ...]
    evaluated: tuple[tuple[str, str], ...] = ()


def failure(engine: str, error: BaseException) -> ToolError:
    """Return the error that says that an engine failed.

    Args:
        engine: name of the engine.
        error: what it raised; that somebody ends the program is raised again.
    """
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        raise error
    said = " ".join(str(error).split()) or type(error).__name__
    if not isinstance(error, ValueError | RuntimeError):
        said = f"{type(error).__name__}: {said}"
    advice = "Correct the shapes graph, or try the other engine."
    if isinstance(error, TypeError):
        # pySHACL compares values without looking whether they are any.
        advice = (
            'Correct literals that their datatype does not have, such as "2006-02-30"^^xsd:date.'
        )
    return ToolError(f"The engine {engine} could not use the shapes: {said}", advice=advice)
