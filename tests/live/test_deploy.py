"""What lies in `deploy` is understood by the programs it is for, and does what it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

import pytest
from tests.live.attacking import request
from tests.live.serving import ROOT, Server, free_port, serving

from samsyn.settings import Settings

DEPLOY: Final = ROOT / "deploy"
NAME: Final = "samsyn.example"
PATIENCE: Final = 30
LARGE: Final = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"
FORGED: Final = {
    "X-Forwarded-For": "203.0.113.77",
    "Forwarded": "for=203.0.113.78;host=forged.example",
    "X-Real-IP": "203.0.113.79",
    "X-Forwarded-Prefix": "/forged",
    "X-Forwarded-Host": "forged.example",
}


def program(name: str) -> str:
    """Find a program, or skip the test."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    if found is None:
        pytest.skip(f"no program to try: {name} is not installed")
    return found


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs.

    Args:
        kind: which one.
        port: where it listens, with TLS.
        server: what is behind it.
        certificate: the file with what it shows.
    """

    kind: str
    port: int
    server: Server
    certificate: Path

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a request over TLS; return status, headers and body."""
        line = HTTPSConnection(NAME, self.port, timeout=PATIENCE)
        # The handshake names the host as a browser's would.
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        context = ssl.create_default_context(cafile=self.certificate)
        line.sock = context.wrap_socket(plain, server_hostname=NAME)
        try:
            line.request(method, path, body, {"Host": NAME, **headers})
            answer = line.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, answer.read()
        finally:
            line.close()


@pytest.fixture(scope="module")
def behind() -> Iterator[Server]:
    """A server that believes the proxy before it, its address too, and logs all requests."""
    environment = {"SAMSYN_TRUSTED_PROXIES": "127.0.0.1", "SAMSYN_LOG": "requests"}
    with serving(environment=environment) as running:
        yield running


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key, made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
         "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", key, "-out", made],
        check=True, capture_output=True,
    )  # fmt: skip
    return made, key


def nginx_configuration(port: int, server: Server, certificate: tuple[Path, Path]) -> str:
    """Return the file for nginx with the names of this machine."""
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    changes = {
        f"/etc/letsencrypt/live/{NAME}/fullchain.pem": str(certificate[0]),
        f"/etc/letsencrypt/live/{NAME}/privkey.pem": str(certificate[1]),
        "listen 443": f"listen 127.0.0.1:{port}",
        "/run/nginx.pid": str(certificate[0].parent / "nginx.pid"),
        "/var/log/nginx/error.log warn": "stderr",
        "127.0.0.1:8000": server.address.removeprefix("http://"),
        "worker_processes auto": "worker_processes 1",
    }
    for former, new in changes.items():
        assert former in text, former
        text = text.replace(former, new)
    # Its own folders for files are not everybody's to write to.
    places = "".join(
        f"{name}_temp_path {certificate[0].parent};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return text.replace("http {\n", f"http {{\n{places}", 1)


@contextmanager
def running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    """Run a program until the context ends, from when it listens on a port."""
    # A file, since a pipe that nobody reads would hold the program up once it is full.
    log = tempfile.TemporaryFile()  # noqa: SIM115  closed below
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT
    )
    end = time.monotonic() + PATIENCE
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > end:
                    log.seek(0)
                    pytest.fail(f"{command[0]} did not start: {log.read().decode()}")
                time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)
        log.close()


@contextmanager
def _nginx(
    behind: Server,
    certificate: tuple[Path, Path],
    changes: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Proxy]:
    port = free_port()
    file = certificate[0].parent / "nginx.conf"
    text = nginx_configuration(port, behind, certificate)
    for former, new in changes.items():
        assert former in text, former
        text = text.replace(former, new)
    file.write_text(text, encoding="utf-8")
    command = [program("nginx"), "-p", str(file.parent), "-c", str(file)]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with running([*command, "-g", "daemon off;"], port, {}):
        yield Proxy("nginx", port, behind, certificate[0])


@contextmanager
def _caddy(behind: Server, certificate: tuple[Path, Path]) -> Iterator[Proxy]:
    port = free_port()
    folder = str(certificate[0].parent)
    environment = {
        "SITE": f"https://{NAME}:{port}",
        "UPSTREAM": behind.address.removeprefix("http://"),
        "TLS": f"tls {certificate[0]} {certificate[1]}",
        **dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), folder),
    }
    file = str(DEPLOY / "Caddyfile")
    command = [program("caddy"), "run", "--adapter", "caddyfile", "--config", file]
    with running(command, port, environment):
        yield Proxy("caddy", port, behind, certificate[0])


PROXIES: Final = {"nginx": _nginx, "caddy": _caddy}


@pytest.fixture(scope="module", params=PROXIES)
def proxy(
    request: pytest.FixtureRequest, behind: Server, certificate: tuple[Path, Path]
) -> Iterator[Proxy]:
    """Each proxy that is installed, with the file of ours, before a server."""
    with PROXIES[request.param](behind, certificate) as shown:
        yield shown


def described(proxy: Proxy, **headers: str) -> bytes:
    """Return what the server says of itself, which has its address."""
    status, told, body = proxy.ask("GET", "/sparql", Accept="text/turtle", **headers)
    assert status == 200
    return str(told).encode() + body


@pytest.mark.threat("deployment")
def test_questions_pass_the_proxy(proxy: Proxy) -> None:
    """A lookup, a query by POST and a page are answered, with links to the public address."""
    status, _, body = proxy.ask("GET", "/sparql?query=ASK%7B%7D", Accept="text/csv")
    assert (status, body) == (200, b"true")
    status, _, body = proxy.ask(
        "POST", "/sparql", b"ASK {}", **{"Content-Type": "application/sparql-query"}
    )
    assert status == 200
    status, _, body = proxy.ask("GET", "/", Accept="text/html")
    assert status == 200
    assert b"<html" in body
    assert f"https://{NAME}/sparql".encode() in described(proxy)


def test_a_large_answer_passes_whole(proxy: Proxy) -> None:
    """An answer that is streamed is the same as without the proxy."""
    path = f"/sparql?query={quote(LARGE)}&format=csv"
    direct = request(proxy.server, "GET", path)
    status, _, body = proxy.ask("GET", path)
    assert (direct.status, status) == (200, 200)
    assert len(body) > 5_000_000
    assert len(body) == len(direct.body)


@pytest.mark.threat("forged-address")
def test_the_proxy_passes_no_lie_on(proxy: Proxy) -> None:
    """What a client says of its address, host and path is in no answer and no line of the log."""
    assert b"forged" not in described(proxy, **FORGED)
    lines = [json.loads(row) for row in proxy.server.output().splitlines() if row.startswith("{")]
    assert {line["client"] for line in lines if "client" in line} == {"127.0.0.0/24"}
    assert "203.0.113" not in proxy.server.output()


@pytest.mark.threat("deployment")
def test_the_proxy_bounds_heads_and_bodies(proxy: Proxy) -> None:
    """Larger heads and bodies than the server takes end at the proxy; writes may be larger."""
    status, _, body = proxy.ask("GET", "/health", **{f"X-{n}": "x" * 30_000 for n in range(12)})
    assert status in {400, 431}
    assert b"The headers have" not in body, "the server said it"
    # Caddy before 2.7 says 502 where it stops to read a body.
    status, _, body = proxy.ask("POST", "/sparql", b"x" * (2 << 20))
    assert status in ({413, 502} if proxy.kind == "caddy" else {413})
    assert b"body has" not in body, "the server said it"
    # The server answers itself: nobody may write to it. A proxy that is still sending when the
    # server has closed may say 502 instead.
    status, _, body = proxy.ask("POST", "/update", b"x" * (2 << 20))
    assert status in {403, 413, 502}
    assert (status == 413) is (b"body has" in body), "the proxy said it"


@pytest.mark.threat("deployment")
def test_the_proxy_shows_no_numbers(proxy: Proxy) -> None:
    """Metrics are not for the public."""
    assert proxy.ask("GET", "/metrics")[0] == 404


@pytest.mark.threat("crowding-out")
def test_nginx_holds_a_client_to_its_rate(behind: Server, certificate: tuple[Path, Path]) -> None:
    """Anyone who asks more than it may gets 429 for some, and answers for the others."""
    # Fewer than in the file, so that no machine is too slow to go over them.
    fewer = {"rate=50r/s": "rate=1r/s", "burst=200": "burst=20"}
    with _nginx(behind, certificate, fewer) as shown, ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: shown.ask("GET", "/health")[0], range(60)))
    assert set(statuses) == {200, 429}
    assert statuses.count(200) >= 21


@pytest.mark.threat("deployment")
@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_the_proxy_accepts_its_file(
    name: str, behind: Server, certificate: tuple[Path, Path]
) -> None:
    """The file as it lies in the folder has no mistake."""
    if name == "caddy":
        file = str(DEPLOY / "Caddyfile")
        command = [program(name), "validate", "--adapter", "caddyfile", "--config", file]
    else:
        file = str(certificate[0].parent / "checked.conf")
        text = nginx_configuration(free_port(), behind, certificate)
        Path(file).write_text(text, encoding="utf-8")
        command = [program(name), "-t", "-p", str(certificate[0].parent), "-c", file]
    home = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"), str(certificate[0].parent))
    done = subprocess.run(command, capture_output=True, env={**os.environ, **home}, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"[warn]" not in done.stderr


def unit() -> dict[str, list[str]]:
    """Read the unit: each name with its values."""
    found: dict[str, list[str]] = {}
    for row in (DEPLOY / "samsyn.service").read_text(encoding="utf-8").splitlines():
        name, equals, value = row.partition("=")
        if equals and not row.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.threat("deployment")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """The unit has no mistake, and leaves the service little of the system."""
    analyze = program("systemd-analyze")
    text = (DEPLOY / "samsyn.service").read_text(encoding="utf-8")
    file = tmp_path / "samsyn.service"
    # The program is not there on this machine.
    file.write_text(text.replace("/opt/samsyn/bin/python", "/bin/true"), encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", file], capture_output=True, check=False, text=True
    )
    ours = [row for row in done.stderr.splitlines() if "samsyn" in row]
    assert (done.returncode, ours) == (0, [])
    told = subprocess.run(
        [analyze, "security", "--offline=true", file], capture_output=True, check=False, text=True
    )
    level = re.search(r"exposure level for samsyn.service: ([\d.]+)", told.stdout)
    assert level is not None, told.stderr
    assert float(level[1]) <= 2


def mebibytes(text: str) -> int:
    """Read a size in MiB."""
    return int(text.removesuffix("M"))


@pytest.mark.threat("deployment")
def test_the_figures_of_the_unit_follow_from_the_settings() -> None:
    """Memory, processes, files and times are enough for what the settings allow."""
    settings, found = Settings(), unit()
    cores, spare = 4, 512
    quick = 2 * cores
    held = settings.received + settings.unsent + settings.cache + settings.spooled
    workers = cores * settings.memory + quick * 64
    needed = 512 + held + workers
    (memory,) = found["MemoryMax"]
    assert needed <= mebibytes(memory) <= needed + 2 * spare
    (files,) = found["TemporaryFileSystem"]
    size = re.search(r"size=(\d+M)", files)
    assert size is not None
    assert settings.spooled < mebibytes(size[1]) < settings.spooled + 64
    assert int(found["TasksMax"][0]) > 512 + quick + 3 + 32
    assert int(found["TimeoutStopSec"][0]) > settings.shutdown_timeout
    assert "SAMSYN_SPOOL_FOLDER=/mnt" in found["Environment"]
    assert {f"tcp:{settings.port}", "tcp:9464"} == set(found["SocketBindAllow"])
