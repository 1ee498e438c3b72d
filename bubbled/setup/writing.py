"""Writing what setup found: secrets, certificate and settings, all of them or none."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled.error import ConfigError
from bubbled.settings.editing import ABSENT, edited
from bubbled.settings.file import SettingsFile, check
from bubbled.setup.document import GONE, applied, values
from bubbled.setup.fresh import fresh

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.settings.schema import Settings
    from bubbled.setup.answer import Answers
    from bubbled.setup.document import Places
    from bubbled.setup.known import Known
    from bubbled.setup.present import Present
    from bubbled.setup.vault import Vault


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be written.

    Attributes:
        path: of the settings file.
        text: what it would hold; as it is now where nothing changes.
        places: where each secret would be kept.
        is_new: whether the file does not exist yet.
        has_changed: whether it would say anything else than now.
    """

    path: Path
    text: str
    places: Places
    is_new: bool
    has_changed: bool


def draft(path: Path, present: Present, answers: Answers, known: Known, vault: Vault) -> Draft:
    """Put together what would be written; nothing is.

    Raises:
        ConfigError: the file is written in a way that cannot be changed by program.
    """
    places = {
        key: vault.place(label(key, answers), _said(present.document, key)) for key in secrets(answers, known)
    }
    text = _text(present, answers, known, places)
    return Draft(path, text, places, present.text is None, text != present.text)


def settings_of(path: Path, present: Present, answers: Answers, known: Known) -> Settings:
    """The settings as they would hold, for a trial: with secrets as they were typed.

    Raises:
        InvalidSettings: something in the answers cannot be used.
    """
    settings, _ = check(path, _text(present, answers, known, {}))
    return settings


def write(
    path: Path, present: Present, answers: Answers, known: Known, vault: Vault
) -> tuple[Settings, tuple[str, ...]]:
    """Keep the secrets, the certificate and the settings; when one cannot be, the others are as they were.

    Returns:
        What holds now, and what is to be said about it.

    Raises:
        InvalidSettings: something in the answers cannot be used.
        ConfigError: something cannot be written, or somebody else has changed the file meanwhile.
    """
    certificate = _certificate(answers, known)
    with ExitStack() as ways_back:
        ways_back.callback(vault.give_back)
        places = {
            key: vault.keep(label(key, answers), place, answers[key])
            for key, place in draft(path, present, answers, known, vault).places.items()
        }
        if certificate is not None:
            _create(*certificate)
            ways_back.callback(certificate[0].unlink)
        text = _text(present, answers, known, places)
        settings, warnings = check(path, text)
        if text != present.text:
            SettingsFile(path).save(text, present.digest)
        ways_back.pop_all()
    return settings, warnings


def secrets(answers: Answers, known: Known) -> tuple[str, ...]:
    """The keys of the answers that are secrets, and were typed now."""
    needs = known.needs.get(answers.get("directory.preset", ""), ())
    keys = {"pbx.secret", "directory.password", *(need.key for need in needs if need.is_secret)}
    return tuple(key for key, text in answers.items() if text and key in keys)


def label(key: str, answers: Answers) -> str:
    """What a secret is of, in a word or two: `ami`, `nextcloud password`."""
    if key == "pbx.secret":
        return answers.get("pbx.kind", "ami")
    return f"{answers.get('directory.name', 'directory')} {key.rpartition('.')[2]}".lower()


def _text(present: Present, answers: Answers, known: Known, places: Places) -> str:
    changed = values(answers, known, places)
    if present.text is None:
        return fresh(applied({}, changed))
    if not changed:
        return present.text
    return edited(present.text, {path: ABSENT if value is GONE else value for path, value in changed.items()})


def _said(document: Mapping[str, object], key: str) -> object:
    section, _, name = key.partition(".")
    table = document.get(section)
    return table.get(name) if isinstance(table, dict) else None


def _certificate(answers: Answers, known: Known) -> tuple[Path, str] | None:
    """The file that comes to be, and what it is to hold; None where no certificate is trusted anew."""
    shown = known.reach.certificate if known.reach else None
    if shown is None or answers.get("pbx.ca_file") != known.ca_file:
        return None
    return Path(known.ca_file).expanduser(), shown.pem


def _create(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with path.open("x", encoding="ascii") as file:
            file.write(text)
    except OSError as error:
        raise ConfigError(
            f"The certificate cannot be kept in {path}: {error.strerror}; make room for it"
        ) from None
