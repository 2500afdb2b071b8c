"""The file of the token: who may read it, and what it holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from samsyn.errors import UsageError
from samsyn.server import token_file

GOOD = "5f2a9c017be34d68"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that only its owner may read, with a good token."""
    path = tmp_path / "token"
    path.touch(mode=0o600)
    path.write_text(GOOD + "\n", encoding="utf-8")
    return path


def token(path: Path) -> str:
    """Open the file and read its token."""
    with token_file.opened(str(path), os.geteuid()) as number:
        return token_file.read(str(path), number)


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o440, 0o640])
def test_a_file_that_others_may_not_read_is_accepted(file: Path, mode: int) -> None:
    """So are the modes with which systemd hands over a credential."""
    file.chmod(mode)
    assert token(file) == GOOD


@pytest.mark.threat("token-file")
@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o601, 0o620, 0o660, 0o666, 0o777])
def test_a_file_that_others_may_read_or_change_is_refused(file: Path, mode: int) -> None:
    """The message has the mode and the command that fixes it."""
    file.chmod(mode)
    with pytest.raises(UsageError, match=f"mode is {mode:04o}") as caught:
        token(file)
    assert "chmod 600 token" in caught.value.advice


@pytest.mark.threat("token-file")
def test_a_file_of_another_user_is_refused(file: Path) -> None:
    """Its owner could read and change it at any time."""
    if os.geteuid() != 0:
        pytest.skip("only root may give a file to another user")
    os.chown(file, 65534, -1)
    with pytest.raises(UsageError, match="belongs to another user"):
        token(file)


@pytest.mark.threat("token-file")
def test_what_is_at_the_end_of_a_link_is_judged(file: Path, tmp_path: Path) -> None:
    """Secrets of containers are links; a link to a file that others may read is refused."""
    link = tmp_path / "link"
    link.symlink_to(file)
    assert token(link) == GOOD
    file.chmod(0o644)
    with pytest.raises(UsageError, match="mode is 0644"):
        token(link)


@pytest.mark.threat("token-file")
@pytest.mark.parametrize("kind", ["fifo", "folder", "device"])
def test_only_an_ordinary_file_is_opened(tmp_path: Path, kind: str) -> None:
    """A fifo does not keep the server waiting, and a device does not feed it."""
    path = tmp_path / kind
    if kind == "fifo":
        os.mkfifo(path, 0o600)
    elif kind == "folder":
        path.mkdir(mode=0o700)
    else:
        path = Path("/dev/zero")
    with pytest.raises(UsageError, match="no ordinary file"):
        token(path)


@pytest.mark.threat("guessing")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("5f2a9c017be34d6", id="short"),
        pytest.param("5f2a9c01 7be34d68", id="space"),
        pytest.param("5f2a9c017be34d6å", id="not-ascii"),
        pytest.param("a" * 16, id="one-character"),
        pytest.param("abcd" * 16, id="four-characters"),
        pytest.param("\udcff" * 16, id="no-text"),
    ],
)
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(file: Path, text: str) -> None:
    """What is refused is said with what to do, and never with the token."""
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(UsageError) as caught:
        token(file)
    assert not text or text not in str(caught.value)


def test_a_file_too_large_for_a_token_is_refused(file: Path) -> None:
    """Whatever else was named by mistake is not read into memory."""
    file.write_bytes(b"x" * 5000)
    with pytest.raises(UsageError, match="more than 4096 bytes"):
        token(file)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    """The message says which path was tried."""
    with pytest.raises(UsageError, match="nowhere"):
        token(tmp_path / "nowhere")
