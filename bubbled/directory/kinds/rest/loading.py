"""Finding and reading presets: one of bubbled's own by its name, or the user's by its path."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from bubbled.directory.kinds.rest.preset import Preset
from bubbled.directory.kinds.rest.wording import words_for
from bubbled.error import ConfigError
from bubbled.settings.mistake import InvalidSettings, Mistake, dotted
from bubbled.settings.position import line_of, locate
from bubbled.settings.small_file import read_small_file
from bubbled.settings.suggestion import nearest
from bubbled.settings.syntax import endless_key, syntax_mistake

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).parents[2] / "presets"
"""Where bubbled's own presets are, each a file to read and to copy."""

_LARGEST_BYTES = 64 * 1024


def names() -> tuple[str, ...]:
    """What bubbled's own presets are called."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def find(preset: str) -> Path:
    """Where a preset is that the settings name: `hubspot`, `~/crm.toml`, `/etc/bubbled/crm.toml`.

    Raises:
        ConfigError: there is no such preset.
    """
    if "/" in preset or preset.endswith(".toml"):
        return _users_own(preset)
    if preset in names():
        return FOLDER / f"{preset}.toml"
    meant = nearest(preset, names())
    hint = f'did you mean "{meant}"?' if meant else f"there are {', '.join(names())}."
    raise ConfigError(f'There is no preset "{preset}"; {hint} A file of your own is named by its whole path.')


def load(preset: str) -> Preset:
    """Read a preset by name or path; one that did not change is read only once.

    Raises:
        ConfigError: there is none.
        InvalidSettings: it cannot be used; it lists every mistake with its line.
    """
    path = find(preset)
    try:
        content, _ = read_small_file(path, _LARGEST_BYTES)
    except OSError as problem:
        raise ConfigError(
            f"The preset {path} cannot be read ({problem.strerror}), so its directory is not asked: check "
            "preset in the settings"
        ) from None
    return _preset(path, content)


@cache
def _preset(path: Path, content: bytes) -> Preset:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise _refused(path, Mistake("", None, "this is not UTF-8; save the file as UTF-8 text")) from None
    if (endless := endless_key(text)) is not None:
        raise _refused(path, endless)
    try:
        document = tomllib.loads(text)
    except RecursionError:
        raise _refused(path, Mistake("", None, "brackets are nested too deeply")) from None
    except ValueError as problem:
        raise _refused(path, syntax_mistake(str(problem), text)) from None
    try:
        return Preset.model_validate(document, context={"variables": _variables(document)})
    except ValidationError as refused:
        raise _refused(path, *_mistakes(refused, text)) from None


def _users_own(preset: str) -> Path:
    try:
        path = Path(preset).expanduser()
    except RuntimeError:
        raise ConfigError(f"{preset} begins with the home folder of a user that does not exist") from None
    if not path.is_absolute():
        raise ConfigError(f'The preset {preset} must be named by its whole path, beginning with "/" or "~/"')
    return path


def _variables(document: Mapping[str, Any]) -> tuple[str, ...]:
    described = document.get("variables")
    return tuple(described) if isinstance(described, dict) else ()


def _mistakes(refused: ValidationError, text: str) -> tuple[Mistake, ...]:
    lines = locate(text)
    mistakes = []
    for error in refused.errors(include_url=False):
        path = tuple(step for step in error["loc"] if step != "[key]")
        mistakes.append(Mistake(dotted(path), line_of(path, lines), words_for(error)))
    return tuple(sorted(mistakes, key=lambda mistake: mistake.line or 0))


def _refused(path: Path, *mistakes: Mistake) -> InvalidSettings:
    return InvalidSettings(path, mistakes)
