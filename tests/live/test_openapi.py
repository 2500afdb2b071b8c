"""What the OpenAPI document says holds for the running server: requests made up from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from tests.live.serving import TOKEN, Server, writing

EXAMPLES = 4
WRITES = 2
"""Each is a change of the data, which takes its time."""
HONEST = 503
"""A limit, or no place: what a server under load may say."""


def operations(server: Server) -> list[Any]:
    """Read the document, and list its operations."""
    import schemathesis

    schema = schemathesis.openapi.from_url(f"{server.address}/openapi.json")
    return [result.ok() for result in schema.get_all_operations()]


def ask(
    server: Server,
    asked: list[Any],
    mode: str,
    examples: int,
    headers: Mapping[str, str] | None = None,
) -> dict[str, list[int]]:
    """Ask what is made up for each operation, and return the statuses by operation.

    Where nothing can be made up, as with no parameters there is nothing unfit, nothing is asked.
    """
    import requests
    from schemathesis import GenerationMode
    from schemathesis.specs.openapi import checks

    kept = [
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
        checks.response_headers_conformance,
    ]
    bounded = settings(
        max_examples=examples,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    statuses: dict[str, list[int]] = {}
    with requests.Session() as session:

        def one(case: Any) -> None:
            answer = case.call(
                server.address, session=session, headers=headers, allow_redirects=False
            )
            status = answer.status_code
            assert status < 500 or status == HONEST, case.as_curl_command()
            case.validate_response(answer, checks=kept)
            statuses.setdefault(case.operation.label, []).append(status)

        for operation in asked:
            made_up = operation.as_strategy(generation_mode=GenerationMode(mode))
            try:
                bounded(given(made_up)(one))()
            except Unsatisfiable:
                assert mode == "negative"
    return statuses


@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_answers_are_as_described(mode: str, server: Server) -> None:
    """No request, fitting or not, is answered by 500, or by what the document does not say."""
    found = operations(server)
    statuses = ask(server, found, mode, EXAMPLES)
    assert len(found) > 100
    assert len(statuses) > 100
    assert 200 in statuses["GET /queries/cq52-word-list"]


def test_writes_are_as_described(serve: Callable[..., Server], tmp_path: Path) -> None:
    """With the token, what writes is answered as described too, and some of it is done."""
    server = serve(*writing(tmp_path), "--entailment", "none")
    found = [item for item in operations(server) if "security" in item.definition.raw]
    headers = {"Authorization": f"Bearer {TOKEN}"}
    statuses = ask(server, found, "positive", WRITES, headers)
    every = [status for listed in statuses.values() for status in listed]
    assert len(statuses) == len(found) == 10
    assert 401 not in every
    assert {201, 204} & set(every)
