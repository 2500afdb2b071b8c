"""Workers of the real server find all they need in memory: nothing is imported or opened late."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.live import traffic
from tests.live.attacking import request
from tests.live.probed import MARK, STRICT
from tests.live.serving import TOKEN, serving, writing


@pytest.mark.timed
def test_no_honest_request_needs_what_workers_lack(tmp_path: Path) -> None:
    """Each address in each format, queries, documents and writes: no failure, nothing said."""
    options = (*writing(tmp_path), "--entailment", "none")
    with serving(*options, module="tests.live.probed", environment={STRICT: "1"}) as server:
        document = json.loads(request(server, "GET", "/openapi.json").body)
        for asked in (*traffic.reading(document, every_format=True), *traffic.writes(TOKEN)):
            reply = request(server, asked.method, asked.path, asked.body, **asked.headers)
            assert reply.status < 500, (asked, reply.body)
        assert '"process": "worker"' not in server.output()
        # So it would have been seen.
        program = MARK + b"import os\ntry:\n    open('/etc/passwd')\nexcept OSError:\n    pass"
        request(server, "POST", "/validate", program, content_type="text/turtle")
        assert "open: '/etc/passwd'" in server.output()
