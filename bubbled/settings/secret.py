"""Fetching a secret, of the PBX account or of a directory, from where the settings say it is kept.

Wherever it comes from, the first line counts. No error and no log repeats any of it.
"""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, assert_never

from pydantic import SecretStr

from bubbled import child
from bubbled.error import ConfigError
from bubbled.extra import command_to_install
from bubbled.settings.secret_source import (
    CommandSecret,
    CredentialSecret,
    EnvSecret,
    FileSecret,
    KeyringSecret,
)
from bubbled.settings.small_file import read_small_file
from bubbled.settings.value import has_control_characters
from bubbled.thread import FreeThreads

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.settings.secret_source import SecretSource

T = TypeVar("T")

_LARGEST_BYTES = 64 * 1024

_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH

# Time for the user to type the password that unlocks the keyring.
_KEYRING_LIMIT_S = 60.0


async def reveal(
    source: SecretSource,
    *,
    what: str = "The PBX secret",
    key: str = "pbx.secret",
    command_limit_s: float = 10.0,
) -> str:
    """The secret that `source` leads to: one line, not empty, without control characters.

    A keyring that asks to be unlocked may take a minute; a command is killed after `command_limit_s`. Errors
    call the secret `what`, and its place in the settings `key`.

    Raises:
        ConfigError: it is not there, or cannot be used; says where it was looked for and what to do.
    """
    match source:
        case SecretStr():
            return _usable(source.get_secret_value(), key, what)
        case CredentialSecret(credential=name):
            return await _in_thread(lambda: _from_credential(name, what))
        case EnvSecret(env=variable):
            return _from_environment(variable, what)
        case FileSecret(file=path):
            return await _in_thread(lambda: _from_file(path, what))
        case KeyringSecret(keyring=service, user=user):
            return await _from_keyring(service, user, what)
        case CommandSecret(command=command):
            return await _from_command(command, command_limit_s, what)
        case _:
            assert_never(source)


def _usable(text: str, place: str, what: str) -> str:
    """The first line of `text`, which was found in `place`."""
    line = text.partition("\n")[0].removesuffix("\r")
    if not line:
        raise ConfigError(f"{what} in {place} is empty; put it on the first line")
    if has_control_characters(line) or "\N{REPLACEMENT CHARACTER}" in line:
        raise ConfigError(
            f"{what} in {place} is not plain UTF-8 text, and no server takes it; "
            "write it without control characters, or change it"
        )
    return line


def _text(content: bytes) -> str:
    # With errors="strict" the exception would carry the secret.
    return content.decode(errors="replace")


def _from_credential(name: str, what: str) -> str:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    wanted = f"{what} is wanted as the systemd credential {name}"
    advice = f"add LoadCredential={name}:/path/to/file to bubbled.service, or keep the secret elsewhere"
    if folder is None:
        raise ConfigError(f"{wanted}, but systemd passes none ($CREDENTIALS_DIRECTORY is not set); {advice}")
    path = Path(folder) / name
    try:
        content, _ = read_small_file(path, _LARGEST_BYTES)
    except OSError as error:
        raise ConfigError(f"{wanted}, but {path} cannot be read: {error.strerror}; {advice}") from None
    return _usable(_text(content), str(path), what)


def _from_environment(variable: str, what: str) -> str:
    secret = os.environ.get(variable)
    if secret is None:
        raise ConfigError(
            f"{what} is wanted in the environment variable {variable}, which is not set; set it "
            "where bubbled starts (a service does not see the variables of your shell), or keep it elsewhere"
        )
    return _usable(secret, f"the environment variable {variable}", what)


def _from_file(path: Path, what: str) -> str:
    try:
        content, status = read_small_file(path, _LARGEST_BYTES)
    except OSError as error:
        raise ConfigError(
            f"{what} is wanted in {path}, which cannot be read: {error.strerror}; write it there and "
            f"protect it with: chmod 600 {path}"
        ) from None
    exposed = exposure(status, os.geteuid())
    if exposed:
        raise ConfigError(f"{what} in {path} is not used, because {exposed} {path}")
    return _usable(_text(content), str(path), what)


def exposure(status: os.stat_result, user_id: int) -> str | None:
    """Why a file of this `status` cannot keep a secret of `user_id`, and what mends it; None if it can."""
    if status.st_uid not in {user_id, 0}:
        return f"it belongs to another user, who can read and change it; make it yours with: chown {user_id}"
    if status.st_mode & _OTHERS:
        return "other users can read or change it; protect it with: chmod 600"
    return None


async def _from_keyring(service: str, user: str, what: str) -> str:
    advice = f"unlock the keyring, or put the secret there with: keyring set {service} {user}"
    place = f"the keyring, under {service} for {user}"
    try:
        async with asyncio.timeout(_KEYRING_LIMIT_S):
            secret = await _in_thread(lambda: _ask_keyring(service, user, what))
    except TimeoutError:
        raise ConfigError(f"{what} is wanted in {place}, which did not answer; {advice}") from None
    if secret is None:
        raise ConfigError(f"{what} is wanted in {place}, where there is none; {advice}")
    return _usable(secret, place, what)


def _ask_keyring(service: str, user: str, what: str) -> str | None:
    try:
        import keyring  # noqa: PLC0415 - an optional extra, and slow to load
    except ImportError:
        raise ConfigError(
            f"{what} is wanted in the keyring, for which a part of bubbled is not installed; "
            f"install it with: {command_to_install('keyring')}"
        ) from None
    try:
        return keyring.get_password(service, user)
    except Exception as error:  # noqa: BLE001 - each desktop's keyring raises errors of its own
        raise ConfigError(
            f"{what} is wanted in the keyring, which cannot be used ({type(error).__name__}); "
            "start the desktop's keyring, or keep the secret elsewhere"
        ) from None


async def _from_command(command: tuple[str, ...], limit_s: float, what: str) -> str:
    program = command[0]
    wanted = f"{what} is wanted from the command {program}"
    advice = "run the command in a terminal to see why"
    try:
        async with asyncio.timeout(limit_s):
            line, status = await _first_line_of(command)
    except TimeoutError:
        raise ConfigError(
            f"{wanted}, which took longer than {limit_s:g} s and was stopped; {advice}"
        ) from None
    except ValueError:
        raise ConfigError(f"{wanted}, which printed a line too long for a secret; {advice}") from None
    except OSError as error:
        raise ConfigError(
            f"{wanted}, which cannot be run: {error.strerror}; install it, or name another in the settings"
        ) from None
    if status != 0:
        raise ConfigError(f"{wanted}, which failed with status {status}; {advice}")
    return _usable(_text(line), f"the output of {program}", what)


async def _first_line_of(command: tuple[str, ...]) -> tuple[bytes, int]:
    """The first line that `command` prints, and its exit status."""
    process = await child.start(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # it may say the secret, and would be in the journal
        limit=_LARGEST_BYTES,
    )
    assert process.stdout is not None  # noqa: S101 - PIPE was asked for
    try:
        line = await process.stdout.readline()
        while await process.stdout.read(_LARGEST_BYTES):
            pass  # a full pipe would keep it from ending
        return line, await process.wait()
    finally:
        await child.end(process)


async def _in_thread(ask: Callable[[], T]) -> T:
    """What `ask` returns, from a thread that nobody waits for when bubbled stops: it may hang."""
    return await asyncio.wrap_future(FreeThreads().submit(ask))
