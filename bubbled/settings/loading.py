"""Reading the settings file."""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from bubbled.error import ConfigError
from bubbled.settings.caution import cautions
from bubbled.settings.diagnosis import find_mistakes
from bubbled.settings.mistake import TOO_DEEP, InvalidSettings, Mistake
from bubbled.settings.schema import Settings
from bubbled.settings.small_file import read_small_file
from bubbled.settings.syntax import endless_key, syntax_mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

# Room for ten thousand colleagues; a larger file is not settings.
LARGEST_BYTES: Final = 256 * 1024

_BOM = "\ufeff"

_BOM_IGNORED = "the file begins with a byte order mark, which is ignored; save it as UTF-8 without one"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings that can be used, and what to tell the user nevertheless: one line each, without secrets."""

    settings: Settings
    warnings: tuple[str, ...]


def default_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the settings are unless the user says otherwise (XDG Base Directory Specification 0.8).

    Raises:
        ConfigError: the user has no home folder.
    """
    given = Path(environment.get("XDG_CONFIG_HOME", ""))
    # "All paths set in these environment variables must be absolute"; others are to be ignored.
    return (given if given.is_absolute() else _home() / ".config") / "bubbled" / "config.toml"


def load(path: Path) -> Loaded:
    """Read the settings in `path`.

    Raises:
        InvalidSettings: they cannot be used; it lists every mistake.
    """
    return checked(path, *_read(path))


def checked(path: Path, text: str, mode: int) -> Loaded:
    """Take settings out of the text that a file at `path` holds, or is to hold.

    Args:
        path: to name in errors; it is not read.
        text: of the file.
        mode: of the file, for what is to be said of it.

    Raises:
        InvalidSettings: they cannot be used; it lists every mistake.
    """
    if len(text.encode(errors="surrogatepass")) > LARGEST_BYTES:
        raise _refusal(path, f"it is larger than {LARGEST_BYTES // 1024} KiB, which no settings are")
    _must_be_text(path, text)
    document = parsed(path, text)
    settings = _validated(document)
    if settings is None:
        raise InvalidSettings(path, find_mistakes(document, text.removeprefix(_BOM)))
    about_bom = (_BOM_IGNORED,) if text.startswith(_BOM) else ()
    return Loaded(settings, (*about_bom, *cautions(settings, mode)))


def read_document(path: Path) -> tuple[dict[str, Any], str]:
    """What stands in a file of settings or of a part of them, unchecked, and the text of it.

    Raises:
        InvalidSettings: it cannot be read, or is no TOML.
    """
    text = _read(path)[0].removeprefix(_BOM)
    return parsed(path, text), text


def parsed(path: Path, text: str) -> dict[str, Any]:
    """What stands in the text that a file at `path` holds, or is to hold, unchecked.

    Raises:
        InvalidSettings: it is no TOML, or nothing stands in it.
    """
    text = text.removeprefix(_BOM)
    endless = endless_key(text)
    if endless is not None:
        raise InvalidSettings(path, (endless,))
    try:
        document = tomllib.loads(text)
    except RecursionError:
        mistake = TOO_DEEP
    except ValueError as error:  # a number of thousands of digits is not told by a TOMLDecodeError
        mistake = syntax_mistake(str(error), text)
    else:
        if document:
            return document
        mistake = Mistake("", None, "the file holds no settings; start from what `bubbled example` prints")
    raise InvalidSettings(path, (mistake,))


def read_text(path: Path) -> tuple[str, bytes]:
    """All that stands in a file, as text and as it is on disk.

    Raises:
        InvalidSettings: it cannot be read, or is not UTF-8.
    """
    text, _ = _read(path)
    return text, text.encode()


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise ConfigError(
            "You have no home folder, so bubbled cannot find its settings; "
            "set HOME, or name the file with --config"
        ) from None


def _read(path: Path) -> tuple[str, int]:
    """The text of the file at `path`, and its mode."""
    try:
        content, status = read_small_file(path, LARGEST_BYTES)
    except FileNotFoundError:
        raise _refusal(
            path,
            "the file does not exist; `bubbled setup` makes it by a few questions, and "
            f"`bubbled example {shlex.quote(str(path))}` makes one to fill in",
        ) from None
    except OSError as error:
        raise _refusal(
            path, f"the file cannot be read: {error.strerror}; mend that, or name another file with --config"
        ) from None
    return _decoded(path, content), status.st_mode


def _decoded(path: Path, content: bytes) -> str:
    text = content.decode(errors="surrogateescape")
    _must_be_text(path, text)
    return text


def _must_be_text(path: Path, text: str) -> None:
    wrong = re.search("[\ud800-\udfff]", text)
    if wrong:
        line = text.count("\n", 0, wrong.start()) + 1
        raise _refusal(path, "this is not UTF-8; save the file as UTF-8 text", line)


def _validated(document: dict[str, Any]) -> Settings | None:
    # Pydantic's own error holds all values, the secret too: it must not travel on as the cause of ours.
    try:
        return Settings.model_validate(document)
    except ValidationError:
        return None


def _refusal(path: Path, complaint: str, line: int | None = None) -> InvalidSettings:
    return InvalidSettings(path, (Mistake("", line, complaint),))
