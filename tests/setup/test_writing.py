from __future__ import annotations

import stat
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.error import ConfigError
from bubbled.settings.file import ChangedMeanwhileError
from bubbled.settings.mistake import InvalidSettings
from bubbled.setup import writing
from bubbled.setup.known import Certificate, Reach
from bubbled.setup.present import present
from bubbled.setup.vault import Vault
from tests.setup.talk import known

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = {
    "pbx.kind": "ami",
    "pbx.host": "pbx.example.com",
    "pbx.username": "bubbled",
    "pbx.secret": "swordfish",
    "me.extension": "101",
    "me.region": "NL",
    "directory.kind": "none",
}
FILE = """\
# mine
[me]
extension = "103" # me
region = "NL"
[pbx]
host = "pbx.example.com"
username = "bubbled"
secret = { env = "SECRET" }
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "config" / "config.toml"


def vault(path: Path) -> Vault:
    return Vault(path.parent, may_use_keyring=False)


def test_a_first_file_and_the_secret_are_for_the_user_alone(path: Path) -> None:
    settings, warnings = writing.write(path, present(path), ANSWERS, known(), vault(path))
    assert (settings.me.extension, warnings) == ("101", ())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "swordfish" not in path.read_text()
    assert path.with_name("ami-secret").read_text() == "swordfish\n"


def test_of_a_file_that_is_there_only_what_is_new_is_changed(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(FILE)
    answers = ANSWERS | {"pbx.secret": ""}
    writing.write(path, present(path), answers, known(present(path).document), vault(path))
    assert path.read_text() == FILE.replace('"103"', '"101"')
    assert list(path.parent.iterdir()) == [path]


def test_when_somebody_has_changed_the_file_nothing_is_left_behind(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(FILE)
    was = present(path)
    path.write_text("# theirs")
    with pytest.raises(ChangedMeanwhileError):
        writing.write(path, was, ANSWERS, known(was.document), vault(path))
    assert path.read_text() == "# theirs"
    assert list(path.parent.iterdir()) == [path]


def test_answers_that_make_no_settings_leave_nothing_behind(path: Path) -> None:
    facts = known(more={("popup", "inbuond"): True})
    with pytest.raises(InvalidSettings, match="did you mean"):
        writing.write(path, present(path), ANSWERS, facts, vault(path))
    assert not list(path.parent.iterdir())


def test_a_folder_that_cannot_be_written_to_leaves_nothing_behind(path: Path) -> None:
    path.parent.touch()
    with pytest.raises(ConfigError):
        writing.write(path, present(path), ANSWERS, known(), vault(path))
    assert path.parent.read_bytes() == b""


def test_a_certificate_that_is_trusted_lies_beside_the_settings(path: Path) -> None:
    pem = path.with_name("pbx-ca.pem")
    facts = known(ca_file=str(pem), reach=Reach(tls_port=5039, certificate=Certificate("PEM\n", "AB")))
    answers = ANSWERS | {"pbx.ca_file": str(pem), "pbx.tls": "yes", "pbx.port": "5039"}
    writing.write(path, present(path), answers, facts, vault(path))
    assert pem.read_text() == "PEM\n"
    assert tomllib.loads(path.read_text())["pbx"]["ca_file"] == str(pem)


def test_a_certificate_of_somebody_else_is_not_written_over(path: Path) -> None:
    pem = path.with_name("pbx-ca.pem")
    path.parent.mkdir()
    pem.write_text("theirs")
    facts = known(ca_file=str(pem), reach=Reach(tls_port=5039, certificate=Certificate("PEM\n", "AB")))
    with pytest.raises(ConfigError, match="cannot be kept"):
        writing.write(path, present(path), ANSWERS | {"pbx.ca_file": str(pem)}, facts, vault(path))
    assert pem.read_text() == "theirs"
    assert list(path.parent.iterdir()) == [pem]


@pytest.mark.parametrize(
    "text",
    ["[me\n", "[popup]\ninbuond = true\n", "[[directory]]\nname = 1\n", "x = 1\n", ""],
)
def test_a_file_with_mistakes_that_no_answer_mends_is_not_understood(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    assert present(path).trouble
    assert path.read_text() == text


@pytest.mark.parametrize("text", ['[me]\nextension = "1 0"\n', '[pbx]\nhost = "https://pbx"\n', "[me]\n"])
def test_mistakes_in_what_is_asked_are_mended_by_answering(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    assert present(path).trouble is None


def test_a_link_that_leads_nowhere_and_a_folder_are_not_understood(path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to("nowhere")
    assert present(path).trouble
    path.unlink()
    path.mkdir()
    assert present(path).trouble


def test_settings_for_a_trial_know_the_secret_and_are_not_written(path: Path) -> None:
    settings = writing.settings_of(path, present(path), ANSWERS, known())
    assert "swordfish" not in repr(settings)
    assert not path.parent.exists()


def test_the_draft_holds_no_secret(path: Path) -> None:
    drafted = writing.draft(path, present(path), ANSWERS, known(), vault(path))
    assert "swordfish" not in repr(drafted)
    assert drafted.is_new
    assert replace(drafted, text="").has_changed


def test_a_secret_of_a_package_is_called_after_its_directory() -> None:
    assert writing.label("directory.secrets.key", {"directory.name": "HubSpot"}) == "hubspot key"
