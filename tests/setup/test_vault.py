from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend

from bubbled.error import ConfigError
from bubbled.setup.vault import Vault, has_keyring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Ring(KeyringBackend):
    """A keyring that remembers, until told to forget what it is given."""

    priority = 9

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.takes = True

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.takes:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, mine = keyring.get_keyring(), Ring()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def in_files(home: Path) -> Vault:
    return Vault(home / ".config" / "bubbled", may_use_keyring=False)


def test_a_secret_goes_into_a_file_that_only_the_user_can_read(home: Path) -> None:
    vault = in_files(home)
    place = vault.keep("ami", vault.place("ami", None), "swordfish")
    assert place == {"file": "~/.config/bubbled/ami-secret"}
    file = home / ".config" / "bubbled" / "ami-secret"
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("swordfish\n", 0o600)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_file_that_is_there_already_is_left_alone(home: Path) -> None:
    vault = in_files(home)
    vault.folder.mkdir(parents=True)
    (vault.folder / "ami-secret").write_text("of somebody")
    place = vault.keep("ami", vault.place("ami", None), "swordfish")
    assert place == {"file": "~/.config/bubbled/ami-secret-2"}
    assert (vault.folder / "ami-secret").read_text() == "of somebody"


def test_the_file_that_the_settings_name_takes_the_new_secret_and_gets_the_old_one_back(home: Path) -> None:
    file = home / "mine"
    file.write_text("old\n")
    vault = in_files(home)
    present = {"file": str(file)}
    assert vault.keep("ami", vault.place("ami", present), "new") == present
    assert file.read_text() == "new\n"
    vault.give_back()
    assert file.read_text() == "old\n"


def test_giving_back_leaves_no_file_that_was_not_there(home: Path) -> None:
    vault = in_files(home)
    vault.keep("ami", vault.place("ami", None), "swordfish")
    vault.give_back()
    assert list(vault.folder.iterdir()) == []


def test_where_the_settings_say_a_variable_the_secret_comes_into_a_file(home: Path) -> None:
    assert in_files(home).place("ami", {"env": "SECRET"}) == {"file": "~/.config/bubbled/ami-secret"}


def test_an_odd_name_makes_a_plain_file_name(home: Path) -> None:
    assert in_files(home).place("../../etc/Über CRM\n key", None) == {
        "file": "~/.config/bubbled/etc-ber-crm-key-secret"
    }


def test_a_keyring_that_works_is_used_and_can_be_had_back(home: Path, ring: Ring) -> None:
    ring.kept["bubbled", "ami"] = "old"
    vault = Vault(home)
    assert vault.keep("ami", vault.place("ami", None), "new") == {"keyring": "bubbled", "user": "ami"}
    assert ring.kept == {("bubbled", "ami"): "new"}
    vault.give_back()
    assert ring.kept == {("bubbled", "ami"): "old"}
    assert list(home.iterdir()) == []


def test_a_keyring_that_forgets_is_not_relied_upon(home: Path, ring: Ring) -> None:
    ring.takes = False
    vault = Vault(home / "bubbled")
    assert vault.keep("ami", vault.place("ami", None), "new") == {"file": "~/bubbled/ami-secret"}
    assert (home / "bubbled" / "ami-secret").read_text() == "new\n"


def test_where_no_desktop_has_a_keyring_there_is_none() -> None:
    from keyring.backends.fail import Keyring  # noqa: PLC0415

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    try:
        assert not has_keyring()
    finally:
        keyring.set_keyring(before)


def test_a_folder_that_cannot_be_is_told_without_the_secret(home: Path) -> None:
    (home / "file").touch()
    vault = Vault(home / "file" / "bubbled", may_use_keyring=False)
    with pytest.raises(ConfigError, match="cannot be kept") as refused:
        vault.keep("ami", vault.place("ami", None), "swordfish")
    assert "swordfish" not in str(refused.value)
