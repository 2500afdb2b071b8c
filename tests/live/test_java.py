"""The HTTP client of the JDK, and a proxy that passes on what the client wishes for.

Over http that client asks for HTTP/2 with each request (`Upgrade: h2c`).
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from tests.live.serving import ROOT, Server, free_port
from tests.live.test_upgrade import listed

CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;
events {{ worker_connections 128; }}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  upstream samsyn {{ server {server}; keepalive 1; }}
  map $http_upgrade $wish {{ default upgrade; '' ''; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://samsyn;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $wish;
    }}
  }}
}}
"""


@pytest.mark.threat("framing")
def test_the_client_of_the_jdk_is_answered(server: Server) -> None:
    """GET, HEAD and POST with all kinds of bodies, with the defaults of the client."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("no JDK is installed (Debian: openjdk-17-jdk-headless)")
    program = ROOT / "tests" / "live" / "Ask.java"
    told = subprocess.run(
        [java, "-XX:TieredStopAtLevel=1", str(program), server.address],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "No compiler" in told.stderr or "jdk.compiler" in told.stderr:
        pytest.skip("Java runs here, but without the compiler of a JDK")
    assert told.stdout.splitlines() == [
        "get: 200",
        "get of another page: 200",
        "head: 200",
        "post: 200",
        "post again: 200",
        "post in chunks: 200",
        "post without a body: 400",
        "large post: 200",
        "get at the end: 200",
    ], told.stderr


@contextmanager
def nginx(server: Server, folder: Path) -> Iterator[int]:
    """Run nginx with the recipe for web sockets before a server; give its port."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("no nginx is installed (Debian: nginx)")
    port = free_port()
    text = CONFIGURATION.format(folder=folder, server=urlsplit(server.address).netloc, port=port)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/health"):
                break
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait(30)


@pytest.mark.threat("framing")
def test_no_request_is_smuggled_through_a_proxy(server: Server, tmp_path: Path) -> None:
    """A request hidden in the body of another is never answered, to nobody.

    nginx shares its one connection to the server among all its clients, so the answer to a hidden
    request would go to the next of them.
    """
    hidden = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    attack = (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: anything\r\n"
        b"Content-Type: application/sparql-query\r\nContent-Length: %d\r\n\r\n%b"
    ) % (len(hidden), hidden)
    victim = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with nginx(server, tmp_path) as port:
        for _ in range(12):
            with socket.create_connection(("127.0.0.1", port), 30) as line:
                line.sendall(attack)
                assert listed(line.recv(65536)) == [400]
            with socket.create_connection(("127.0.0.1", port), 30) as line:
                line.sendall(victim)
                data = b"".join(iter(lambda: line.recv(65536), b""))
                assert listed(data) == [200]
                assert b"smuggled" not in data
