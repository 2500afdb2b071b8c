"""Every setting in one table: name, default, help.

A setting comes from an argument, else from the environment (``SAMSYN_`` and the name in capitals),
else from the table ``[serve]`` of a TOML file, else from the default. Nothing is read at import.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final

from samsyn.errors import UsageError

LAST_PORT: Final = 65535
REGIMES: Final = ("owl-rl", "rdfs", "rdfs-axiomatic", "none")
LOGS: Final = ("requests", "problems", "off")
STORE: Final = "samsyn-data"
"""The folder of the record, if the operator names none."""
_TABLE: Final = "serve"
_ADDRESS: Final = re.compile(
    r"https?://(?:[\w.~-]+|\[[\d:A-Fa-f.]+\])(?::\d{1,5})?(?:/(?!\.{1,2}(?:/|\Z))[\w.~-]+)*/?",
    re.ASCII,
)
"""An address to which paths can be added: without query, fragment, user, or anything encoded."""
_PLACE: Final = re.compile(r"(?:[\w.-]+|\[[\d:A-Fa-f.]+\]):\d{1,5}", re.ASCII)
_MAY_BE_NONE: Final = frozenset(
    {
        "cache",
        "connections",
        "shutdown_timeout",
        "log_rate",
        "port",
        "slow_query",
        "total_memory",
        "workers",
    }
)
"""Numbers that may be 0."""
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off"})


def _setting(default: object, words: str) -> Any:
    return field(default=default, metadata={"help": words})


@dataclass(frozen=True)
class Settings:
    """The settings of one process; frozen, so that no part can change them for another."""

    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    public_url: str = _setting("", "address, maybe with a path, under which readers see the server")
    metrics_address: str = _setting(
        "", "host and port of /metrics; none: on the main address, for this machine alone"
    )
    trusted_proxies: str = _setting("", "addresses or networks of proxies that are believed")
    workers: int = _setting(0, "quick workers; 0: two for each core")
    timeout: float = _setting(10.0, "seconds that a query may take")
    memory: int = _setting(512, "MiB that a query may take")
    total_memory: int = _setting(
        0, "MiB that all queries together may take; 0: what one may take for each processor"
    )
    max_answer: int = _setting(1024, "MiB that an answer may have")
    max_body: int = _setting(1024 * 1024, "bytes that the body of a request may have")
    max_write: int = _setting(64, "MiB that the body of a write may have, also when expanded")
    response_buffer_kib: int = _setting(2048, "KiB of an answer that are held for its reader")
    cache: int = _setting(64, "MiB of answers that are kept")
    max_requests_per_client: int = _setting(64, "requests that one client may have under way")
    waiting: int = _setting(64, "slow requests that may wait for their turn, in all")
    client_waiting: int = _setting(48, "slow requests of one client that may wait for their turn")
    client_unread: int = _setting(8, "answers of one client whose worker waits for the reader")
    client_kills: int = _setting(
        4, "workers of one client that may be killed a second before its requests are delayed"
    )
    client_connections: int = _setting(128, "connections that one client may have")
    connections: int = _setting(0, "connections in all; 0: as many as the descriptors allow")
    client_received: int = _setting(128, "MiB of requests that are held for one client")
    received: int = _setting(512, "MiB of requests that are held in all")
    client_unsent: int = _setting(128, "MiB of answers that wait in memory for one client")
    unsent: int = _setting(256, "MiB of answers that wait in memory in all")
    spool: int = _setting(16, "MiB of one answer that are kept in a file, for HTTP/1.0")
    client_spooled: int = _setting(64, "MiB of answers in files for one client")
    spooled: int = _setting(256, "MiB of answers in files in all")
    spool_folder: str = _setting("", "folder for answers in files; none: that of the system")
    header_timeout: float = _setting(10.0, "seconds that a client may take to send its headers")
    body_timeout: float = _setting(60.0, "seconds that a client may take to send a body")
    min_client_bytes_per_second: int = _setting(
        2048, "bytes a second that a client has to read at least"
    )
    read_time: float = _setting(30.0, "seconds over which that is measured")
    shutdown_timeout: float = _setting(
        10.0, "seconds that requests have to end when the server stops"
    )
    slow_query: float = _setting(1.0, "seconds after which a query is logged as slow")
    log: str = _setting("problems", "what is logged: requests, problems or off")
    log_rate: int = _setting(
        0, "lines of the log a second; 0: 50, and 1000 where all requests are logged"
    )
    prefixes: bool = _setting(True, "whether queries may use our prefixes undeclared")  # noqa: FBT003
    union: bool = _setting(True, "whether the default graph is the union of all")  # noqa: FBT003
    entailment: str = _setting("owl-rl", f"what is inferred: {', '.join(REGIMES)}")
    user: str = _setting("", "user that the server becomes where root starts it")
    update_token_file: str = _setting("", "file with the token for writing; none: read-only")
    data_dir: str = _setting("", "folder of the record when writing is on; default samsyn-data")

    @classmethod
    def table(cls) -> list[tuple[str, object, str]]:
        """List every setting as (name, default, help)."""
        return [(item.name, item.default, item.metadata["help"]) for item in fields(cls)]

    @classmethod
    def read(
        cls, environment: Mapping[str, str], file: Path | None = None, **arguments: object
    ) -> Settings:
        """Build the settings from arguments, environment and a file.

        Args:
            environment: usually ``os.environ``.
            file: a TOML file with a table ``[serve]``; None: none.
            arguments: settings given by the caller; None means not given.

        Raises:
            UsageError: a setting is unknown or its value has the wrong type.
        """
        listed = {} if file is None else _read(file)
        names = [item.name for item in fields(cls)]
        unknown = sorted({*arguments, *listed} - set(names))
        if unknown:
            advice = f"Known: {', '.join(names)}."
            raise UsageError(f"Unknown setting {unknown[0]}.", advice=advice)
        values: dict[str, Any] = {}
        for name, default, _ in cls.table():
            given = (arguments.get(name), environment.get(f"SAMSYN_{name.upper()}"))
            raw = next((value for value in (*given, listed.get(name)) if value is not None), None)
            if raw is not None:
                values[name] = _convert(name, raw, type(default))
        settings = cls(**values)
        settings.check()
        return settings

    @classmethod
    def unknown(cls, environment: Mapping[str, str]) -> list[str]:
        """List the variables that look like settings and are none, such as misspelt ones.

        Args:
            environment: usually ``os.environ``.
        """
        known = {f"SAMSYN_{name.upper()}" for name, _, _ in cls.table()}
        return sorted(
            name for name in environment if name.startswith("SAMSYN_") and name not in known
        )

    def check(self) -> None:
        """Refuse values that nothing could be done with.

        Raises:
            UsageError: a number is out of its range, or a word is none of those known.
        """
        if not 0 <= self.port <= LAST_PORT:
            raise UsageError(f"There is no port {self.port}.", advice="Ports go from 0 to 65535.")
        for name, value in vars(self).items():
            least = 0 if name in _MAY_BE_NONE else 1
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if number and not value >= (least if isinstance(value, int) else least / 1000):
                raise UsageError(f"{name} is {value}.", advice=f"It has to be at least {least}.")
        self._check_addresses()
        for name, known in (("entailment", REGIMES), ("log", LOGS)):
            if getattr(self, name) not in known:
                raise UsageError(
                    f"{name} is {getattr(self, name)!r}.", advice=f"Known: {', '.join(known)}."
                )
        if self.max_write > self.client_received:
            raise UsageError(
                f"max_write is {self.max_write}, more than is held for a client.",
                advice=f"It has to be at most client_received, which is {self.client_received}.",
            )
        if self.data_dir and not self.writable:
            raise UsageError(
                f"data_dir is {self.data_dir!r}, and writing is off: nothing would be kept.",
                advice="Name the file with the token, by --update-token-file or "
                "SAMSYN_UPDATE_TOKEN_FILE, or leave data_dir out.",
            )
        for network in self.trusted_proxies.replace(",", " ").split():
            _check_network(network)

    def _check_addresses(self) -> None:
        if self.public_url and not _ADDRESS.fullmatch(self.public_url):
            raise UsageError(
                f"{self.public_url!r} is no public address.",
                advice="Write http:// or https://, a host, and maybe a port and a plain path.",
            )
        if self.metrics_address and not _PLACE.fullmatch(self.metrics_address):
            raise UsageError(
                f"metrics_address is {self.metrics_address!r}.",
                advice="Write a host and a port, as 127.0.0.1:9464 or [::1]:9464.",
            )

    @property
    def writable(self) -> bool:
        """Whether writing is on."""
        return bool(self.update_token_file)

    @property
    def metrics_place(self) -> tuple[str, int] | None:
        """Host and port of the metrics; None: they have no address of their own."""
        host, _, port = self.metrics_address.rpartition(":")
        return (host.strip("[]"), int(port)) if port else None

    @property
    def lines(self) -> int:
        """How many lines a second the log takes in the long run."""
        return self.log_rate or (1000 if self.log == "requests" else 50)

    @property
    def folder(self) -> Path | None:
        """The folder of the record; None where writing is off."""
        return Path(self.data_dir or STORE) if self.writable else None

    @property
    def quick(self) -> int:
        """How many quick workers there are."""
        return self.workers or 2 * cores()


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _read(file: Path) -> Mapping[str, object]:
    import tomllib

    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig")).get(_TABLE, {})
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{file} cannot be read as settings: {error}", advice="It is a TOML file."
        ) from error
    if not isinstance(table, dict):
        raise UsageError(f"{file}: {_TABLE} is no table.", advice=f"Write it as [{_TABLE}].")
    return table


def _check_network(network: str) -> None:
    try:
        ip_network(network)
    except ValueError as error:
        raise UsageError(
            f"{network!r} is no address and no network.", advice="Write 10.0.0.1 or 10.0.0.0/8."
        ) from error


def _convert(name: str, raw: object, kind: type) -> object:
    try:
        return _boolean(raw) if kind is bool else kind(raw)
    except (ValueError, TypeError) as error:
        raise UsageError(
            f"Setting {name} is {raw!r}, which is not of type {kind.__name__}.",
            advice=f"Correct it, or unset SAMSYN_{name.upper()}.",
        ) from error


def _boolean(raw: object) -> bool:
    word = str(raw).lower()
    if word not in _TRUE | _FALSE:
        raise ValueError(word)
    return word in _TRUE
