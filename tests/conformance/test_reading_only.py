"""Without a token nothing is written, and a token goes to nobody but the endpoint."""

from __future__ import annotations

import pytest
from tests.conformance.fakes import CONSTANT, RESULTS, Asked, Fake, Reply, Store, always, serving

from samsyn.conformance import Endpoint, Report, check
from samsyn.conformance.run import Result

SECRET = "a-secret"  # noqa: S105 - made up
SD = "http://www.w3.org/ns/sparql-service-description#"


def _read(fake: Fake) -> Report:
    return check(
        Endpoint(f"{fake.address}/sparql", f"{fake.address}/update", f"{fake.address}/gsp"),
        timeout=10,
    )


@pytest.mark.parametrize("name", CONSTANT)
def test_nothing_is_written_without_a_token(name: str) -> None:
    """Whatever the server says, it gets no request that might write, and no credentials."""
    with serving(always(CONSTANT[name])) as fake:
        report = _read(fake)
    assert len(fake.asked) > 80
    for asked in fake.asked:
        assert asked.method in {"GET", "HEAD", "OPTIONS", "QUERY", "SEARCH", "POST"}
        assert asked.method != "POST" or asked.path.partition("?")[0] == "/sparql"
        assert "insert" not in asked.text.lower()
        assert "update" not in asked.text.lower().removeprefix("/update")
        assert "authorization" not in asked.headers
    for outcome in report.outcomes:
        assert not outcome.case.writes or outcome.result is Result.NOT_RUN
    assert {o.words for o in report.outcomes if o.case.writes} == {
        "it may write, and there is no token"
    }


def test_the_token_goes_with_writing_requests_only() -> None:
    """Reading requests do without the token, and so do those that try what happens without it."""
    with serving(Store()) as fake:
        address = fake.address
        endpoint = Endpoint(f"{address}/sparql", f"{address}/update", f"{address}/gsp", SECRET)
        check(endpoint, timeout=10)
    shown = [asked for asked in fake.asked if "authorization" in asked.headers]
    assert len(shown) > 50
    for asked in shown:
        assert asked.headers["authorization"] == f"Bearer {SECRET}"
        assert asked.method not in {"HEAD", "OPTIONS", "QUERY", "SEARCH"}
        assert asked.method != "GET" or "insert" in asked.text.lower()
    assert [asked for asked in fake.asked if asked.method == "PUT" and asked not in shown]


def test_a_description_cannot_lead_the_token_away() -> None:
    """An update address on another host is not believed; the token stays here."""
    with serving(always(CONSTANT["nothing"])) as other:
        service = f"<urn:s> <{SD}supportedLanguage> <{SD}SPARQL11Update> ; <{SD}endpoint>"
        described = Reply(200, "text/turtle", f"{service} <{other.address}/update> .")
        with serving(always(described)) as fake:
            report = check(Endpoint(f"{fake.address}/sparql", token=SECRET), timeout=10)
    assert other.asked == []
    assert report.endpoint.update == f"{fake.address}/update"


def test_a_described_update_address_is_used() -> None:
    """An update address that the description names on the same host is used."""

    def reply(asked: Asked) -> Reply:
        here = f"http://{asked.headers['host']}"
        service = f"<urn:s> <{SD}supportedLanguage> <{SD}SPARQL11Update> ; <{SD}endpoint>"
        return Reply(200, "text/turtle", f"{service} <{here}/write> .")

    with serving(reply) as fake:
        report = check(Endpoint(f"{fake.address}/sparql"), areas=["description"], timeout=10)
    assert report.endpoint.update == f"{fake.address}/write"


def test_redirects_stay_on_the_host() -> None:
    """A redirect on the same host is followed; one to another is an answer like any other."""
    with serving(always(Reply(200, RESULTS, '{"head": {}, "boolean": true}'))) as other:

        def reply(asked: Asked) -> Reply:
            if asked.path.startswith("/sparql/"):
                return CONSTANT["yes"]
            place = "" if "ASK%20%7B%7D" in asked.path else other.address
            return Reply(307, headers={"Location": f"{place}{asked.path}".replace("?", "/?", 1)})

        with serving(reply) as fake:
            report = check(Endpoint(f"{fake.address}/sparql"), areas=["protocol"], timeout=10)
    assert other.asked == []
    results = {outcome.case.id: outcome.result for outcome in report.outcomes}
    assert results["query-get"] is Result.PASSED
    assert results["type-of-select"] is Result.FAILED
