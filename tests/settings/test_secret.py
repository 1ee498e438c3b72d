import asyncio
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from pydantic import SecretStr

from bubbled.error import ConfigError
from bubbled.settings.schema import Settings
from bubbled.settings.secret import exposure, reveal
from bubbled.settings.secret_source import (
    CommandSecret,
    CredentialSecret,
    EnvSecret,
    FileSecret,
    KeyringSecret,
    SecretSource,
    secret_variables,
)

SECRET = "hunter2 with spaces and ünicode"


async def refusal(source: SecretSource) -> str:
    with pytest.raises(ConfigError) as refused:
        await reveal(source)
    assert SECRET not in str(refused.value)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_the_variables_that_hold_secrets_are_known_wherever_they_stand() -> None:
    settings = Settings.model_validate(
        {
            "me": {"extension": "101", "region": "NL"},
            "pbx": {"host": "pbx.example.com", "username": "u", "secret": {"env": "AMI"}},
            "directory": [
                {"name": "A", "kind": "rest", "preset": "hubspot", "secrets": {"key": {"env": "CRM"}}},
                {"name": "B", "kind": "google_places", "key": "plain"},
            ],
        }
    )
    assert set(secret_variables(settings)) == {"AMI", "CRM"}


def script(code: str) -> CommandSecret:
    return CommandSecret(command=(sys.executable, "-c", code))


class MemoryKeyring(KeyringBackend):
    """A keyring as the library wants it, which remembers for one test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's own
        self.passwords: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.passwords[service, username] = password


class LockedKeyring(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise OSError(f"cannot unlock {service} of {username} with {SECRET}")


@pytest.fixture
def own_keyring() -> Iterator[None]:
    """For a test that sets a keyring of its own."""
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return put(tmp_path / "ami-secret", f"{SECRET}\n".encode())


def put(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


async def test_a_plain_secret_is_itself() -> None:
    assert await reveal(SecretStr(SECRET)) == SECRET


async def test_a_credential_is_read_from_systemd(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(file.parent))
    put(file, SECRET.encode(), 0o440)  # systemd guards the folder, and gives rights on the file by ACL
    assert await reveal(CredentialSecret(credential=file.name)) == SECRET


async def test_a_missing_credential_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert "LoadCredential=ami" in await refusal(CredentialSecret(credential="ami"))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    text = await refusal(CredentialSecret(credential="ami"))
    assert str(tmp_path / "ami") in text
    assert "LoadCredential=ami" in text


async def test_the_environment_holds_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMI_SECRET", SECRET)
    assert await reveal(EnvSecret(env="AMI_SECRET")) == SECRET
    monkeypatch.setenv("AMI_SECRET", "")
    assert "empty" in await refusal(EnvSecret(env="AMI_SECRET"))
    monkeypatch.delenv("AMI_SECRET")
    assert "AMI_SECRET, which is not set" in await refusal(EnvSecret(env="AMI_SECRET"))


@pytest.mark.parametrize("content", [SECRET, f"{SECRET}\n", f"{SECRET}\r\n", f"{SECRET}\nlogin: bubbled\n"])
async def test_the_first_line_of_a_file_counts(file: Path, content: str) -> None:
    put(file, content.encode())
    assert await reveal(FileSecret(file=file)) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o602, 0o644, 0o666])
async def test_a_file_that_others_can_open_is_refused(file: Path, mode: int) -> None:
    put(file, SECRET.encode(), mode)
    assert f"chmod 600 {file}" in await refusal(FileSecret(file=file))


@pytest.mark.parametrize(
    ("owner", "mode", "told"),
    [
        (1000, 0o600, None),
        (1000, 0o400, None),
        (1000, 0o711, None),
        (0, 0o600, None),
        (1001, 0o600, "chown 1000"),
        (0, 0o644, "chmod 600"),
    ],
)
def test_a_file_belongs_to_the_user_or_root_alone(owner: int, mode: int, told: str | None) -> None:
    status = os.stat_result((stat.S_IFREG | mode, 1, 1, 1, owner, owner, 10, 0, 0, 0))
    complaint = exposure(status, user_id=1000)
    assert complaint is None if told is None else complaint is not None and told in complaint


async def test_a_file_that_is_not_there_or_no_file_is_told(file: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    text = await refusal(FileSecret(file=missing))
    assert f"wanted in {missing}" in text
    assert f"chmod 600 {missing}" in text
    assert "folder" in await refusal(FileSecret(file=tmp_path))
    os.mkfifo(missing, 0o600)
    assert "ordinary" in await refusal(FileSecret(file=missing))
    put(file, SECRET.encode() * 10_000)
    assert "larger" in await refusal(FileSecret(file=file))


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\nsecond", b"a\0b", b"a\rAction: Logoff", b"caf\xe9", b"\x1b[2J"]
)
async def test_a_file_without_a_usable_first_line_is_told(file: Path, content: bytes) -> None:
    put(file, content)
    text = await refusal(FileSecret(file=file))
    assert str(file) in text


@pytest.mark.usefixtures("own_keyring")
async def test_the_keyring_holds_a_secret() -> None:
    keyring.set_keyring(MemoryKeyring())
    source = KeyringSecret(keyring="bubbled", user="ami")
    assert "keyring set bubbled ami" in await refusal(source)
    keyring.set_password("bubbled", "ami", SECRET)
    assert await reveal(source) == SECRET


@pytest.mark.usefixtures("own_keyring")
async def test_a_desktop_without_keyring_is_told() -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]  # the library's own
    assert "NoKeyringError" in await refusal(KeyringSecret(keyring="bubbled", user="ami"))


@pytest.mark.usefixtures("own_keyring")
async def test_whatever_a_keyring_raises_is_told_without_its_words() -> None:
    keyring.set_keyring(LockedKeyring())
    assert "OSError" in await refusal(KeyringSecret(keyring="bubbled", user="ami"))


async def test_how_to_install_the_keyring_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "bubbled[keyring]" in await refusal(KeyringSecret(keyring="bubbled", user="ami"))


@pytest.mark.parametrize(
    "code",
    [
        f"print({SECRET!r})",
        f"print({SECRET!r}, end='')",
        f"print({SECRET!r}); print('login: bubbled')",
        f"print({SECRET!r}); print('x' * 1_000_000)",
        f"import sys; print('noise', file=sys.stderr); print({SECRET!r})",
        f"import sys; sys.stdin.read(); print({SECRET!r})",
    ],
)
async def test_the_first_line_of_a_command_counts(code: str) -> None:
    assert await reveal(script(code)) == SECRET


async def test_a_command_is_not_read_by_a_shell() -> None:
    code = "import sys; print(sys.argv[1])"
    source = CommandSecret(command=(sys.executable, "-c", code, "$HOME `id`; echo x"))
    assert await reveal(source) == "$HOME `id`; echo x"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (f"import sys; print({SECRET!r}); sys.exit(3)", "failed with status 3"),
        (f"import sys; sys.exit({SECRET!r})", "failed with status 1"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "failed with status -9"),
        ("pass", "empty"),
        ("print('x' * 1_000_000)", "too long"),
    ],
)
async def test_a_command_that_fails_is_told_without_what_it_printed(code: str, told: str) -> None:
    text = await refusal(script(code))
    assert told in text
    assert sys.executable in text


async def test_a_command_that_does_not_exist_is_told(tmp_path: Path) -> None:
    text = await refusal(CommandSecret(command=(str(tmp_path / "pass"), SECRET)))
    assert "cannot be run: No such file" in text


async def test_a_command_that_never_ends_is_stopped() -> None:
    with pytest.raises(ConfigError, match=r"longer than 0\.05 s"):
        await reveal(CommandSecret(command=("sleep", "30")), command_limit_s=0.05)


async def test_nothing_that_a_command_started_outlives_a_cancelled_question(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    source = CommandSecret(command=("sh", "-c", f"(echo up; sleep 5; echo outlived) > {pipe} & wait"))
    asking = asyncio.create_task(reveal(source))
    with await asyncio.to_thread(pipe.open) as reader:  # opens when the command's child does
        assert await asyncio.to_thread(reader.readline) == "up\n"
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await asyncio.to_thread(reader.read) == ""  # ends when nobody holds the other end


async def test_nor_a_question_that_is_cancelled_while_its_command_starts(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    source = CommandSecret(command=("sh", "-c", f"(echo up; sleep 5; echo outlived) > {pipe} & wait"))
    asking = asyncio.create_task(reveal(source))
    for _ in range(2):  # to where it waits for the command to start
        await asyncio.sleep(0)
    with pipe.open() as reader:  # which holds up the loop on purpose
        assert reader.readline() == "up\n"
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await asyncio.to_thread(reader.read) == ""
