"""Every setting in one table: name, default, help.

A setting comes from an argument, else from the environment (``SAMSYN_`` and the name in capitals),
else from the default. Nothing is read at import.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from samsyn.errors import UsageError

_LAST_PORT = 65535


def _setting(default: object, words: str) -> Any:
    return field(default=default, metadata={"help": words})


@dataclass(frozen=True)
class Settings:
    """The settings of one process; frozen, so that no part can change them for another."""

    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    public_url: str = _setting("", "address under which readers see the server; default: as asked")
    max_body: int = _setting(1024 * 1024, "bytes that the body of a request may have")

    @classmethod
    def table(cls) -> list[tuple[str, object, str]]:
        """List every setting as (name, default, help)."""
        return [(item.name, item.default, item.metadata["help"]) for item in fields(cls)]

    @classmethod
    def read(cls, environment: Mapping[str, str], **arguments: object) -> Settings:
        """Build the settings from arguments and environment.

        Args:
            environment: usually ``os.environ``.
            arguments: settings given by the caller; None means not given.

        Raises:
            UsageError: a setting is unknown or its value has the wrong type.
        """
        names = {item.name for item in fields(cls)}
        unknown = sorted(set(arguments) - names)
        if unknown:
            raise UsageError(f"Unknown setting {unknown[0]}.", advice=f"Known: {sorted(names)}")
        values: dict[str, Any] = {}
        for name, default, _ in cls.table():
            raw = arguments.get(name)
            raw = environment.get(f"SAMSYN_{name.upper()}") if raw is None else raw
            if raw is not None:
                values[name] = _convert(name, raw, type(default))
        settings = cls(**values)
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse values that nothing could be done with.

        Raises:
            UsageError: a number is out of its range, or the public address is none.
        """
        if not 0 <= self.port <= _LAST_PORT:
            raise UsageError(f"There is no port {self.port}.", advice="Ports go from 0 to 65535.")
        if self.max_body < 1:
            raise UsageError("max_body is less than a byte.", advice="Give a number of bytes.")
        if self.public_url and not self.public_url.startswith(("http://", "https://")):
            raise UsageError(
                f"{self.public_url!r} is no public address.",
                advice="It begins with http:// or https://.",
            )


def _convert(name: str, raw: object, kind: type) -> object:
    try:
        return kind(raw)
    except ValueError as error:
        raise UsageError(
            f"Setting {name} is {raw!r}, which is not of type {kind.__name__}.",
            advice=f"Correct it, or unset SAMSYN_{name.upper()}.",
        ) from error
