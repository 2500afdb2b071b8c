"""Pages of HTML: the templates, the words around the facts, the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from jinja2 import DictLoader, Environment, StrictUndefined
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from samsyn import media
from samsyn.http.problems import Problem

PACKAGE: Final = "samsyn.pages"
LANGUAGES: Final = ("en", "sv")
ENDONYMS: Final = {"en": "English", "sv": "Svenska"}


def language(request: Request) -> str:
    """Return the reader's language: ``lang`` in the address, else ``Accept-Language``."""
    asked = request.query_params.get("lang", "").lower()
    if asked in LANGUAGES:
        return asked
    return media.negotiate_language(request.headers.get("accept-language"), LANGUAGES)


def prefers_html(request: Request, others: tuple[media.Format, ...]) -> bool:
    """Return whether a client likes HTML better than any of the other formats."""
    choice = media.negotiate(request.headers.get("accept"), (*others, media.HTML))
    return choice is not None and choice.format is media.HTML


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(files(PACKAGE).joinpath("texts.toml").read_text("utf-8"))


@cache
def _sources() -> Mapping[str, str]:
    folder = files(PACKAGE).joinpath("templates")
    return {item.name: item.read_text("utf-8") for item in folder.iterdir()}


class Pages:
    """The templates and words, read once at the start.

    Args:
        shared: what every template may use.
    """

    def __init__(self, shared: Mapping[str, Any]) -> None:
        self._templates = Environment(
            loader=DictLoader(_sources()),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(shared)
        self._words = _words()

    def render(self, request: Request, template: str, **context: Any) -> str:
        """Fill a template.

        Args:
            request: tells the language, and the address for the language switch.
            template: the file's name.
            context: what the template shows.
        """
        lang = language(request)
        return self._templates.get_template(template).render(
            lang=lang,
            here=request.scope["path"],
            at=_placer(request),
            t=self._translator(lang),
            url=_linker(request, lang),
            chosen_lang=lang if "lang" in request.query_params else "",
            other_language=_switch(request, lang),
            **context,
        )

    def respond(
        self, request: Request, template: str, *, status: int = 200, **context: Any
    ) -> Response:
        """Fill a template and answer with it."""
        return html(self.render(request, template, **context), status)

    def problem(self, request: Request, problem: Problem, number: str, **context: Any) -> Response:
        """Answer with a page about an error.

        Args:
            request: what was asked.
            problem: the error.
            number: the id of the request, which the operator can find.
            context: what the template shows as well.
        """
        title, advice = problem.words(language(request))
        shown = {"problem": problem, "title": title, "advice": advice, "number": number}
        status = problem.status
        answer = self.respond(request, "problem.html", status=status, **shown, **context)
        answer.headers.update(problem.headers)
        return answer

    def _translator(self, lang: str) -> Callable[..., str]:
        def translate(key: str, **values: object) -> str:
            text: str = self._words[key][lang]
            return text.format(**values) if values else text

        return translate


def html(text: str, status: int = 200) -> Response:
    """Answer with a page."""
    return Response(
        text,
        status_code=status,
        media_type=media.HTML.content_type(),
        headers={"Vary": "Accept, Accept-Language, Origin"},
    )


def _linker(request: Request, lang: str) -> Callable[[str], str]:
    """Make links that keep the language, if the reader chose it by the address."""
    chosen = "lang" in request.query_params
    at = _placer(request)

    def link(href: str | None) -> str:
        if href is None or not chosen or not href.startswith(("/", "?")):
            return at(href or "")
        path, mark, fragment = at(href).partition("#")
        return f"{path}{'&' if '?' in path else '?'}lang={lang}{mark}{fragment}"

    return link


def rooted(request: Request, path: str) -> str:
    """Return a path of this server as readers see it: below the path of its public address."""
    root: str = request.scope["samsyn.root"]
    return root + path if path.startswith("/") else path


def _placer(request: Request) -> Callable[[str], str]:
    return lambda path: rooted(request, path)


def see_other(request: Request, path: str) -> Response:
    """Lead a reader on to another path, depending on what it accepts."""
    headers = {"Vary": "Accept, Origin"}
    return RedirectResponse(rooted(request, path), 303, headers=headers)


def _switch(request: Request, lang: str) -> dict[str, str]:
    """Describe the link to the same page in the other language."""
    other = next(code for code in LANGUAGES if code != lang)
    raw = request.scope["query_string"].decode("utf-8", "replace")
    kept = [pair for pair in parse_qsl(raw, keep_blank_values=True) if pair[0] != "lang"]
    href = "?" + urlencode([*kept, ("lang", other)])
    return {"lang": other, "name": ENDONYMS[other], "href": href}
