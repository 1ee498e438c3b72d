"""What the user gives for the places that a preset leaves open. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.error import ConfigError
from bubbled.settings.suggestion import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bubbled.directory.kinds.rest.preset import Preset


def values_of(preset: Preset, given: Mapping[str, str]) -> Mapping[str, str]:
    """The variables of a preset: as the user gave them, else as the preset has them.

    A default may use variables described before it; they are quoted, so that they stay within their place.

    Raises:
        ConfigError: some are missing, or are not the preset's; all are named.
    """
    values: dict[str, str] = {}
    missing = []
    for name, variable in preset.variables.items():
        if name in given:
            values[name] = given[name]
        elif variable.default is None or not variable.default.names <= values.keys():
            missing.append(f"{name} ({variable.about})")
        else:
            values[name] = variable.default.fill_url(values)
    _refuse_others(given, preset.variables, "variables")
    if missing:
        raise ConfigError(f"{preset.about.title} needs in variables: {'; '.join(missing)}")
    return values


def check_secrets(preset: Preset, given: Collection[str]) -> None:
    """See that the secrets are those that the preset needs.

    Raises:
        ConfigError: some are missing, or are not the preset's; all are named.
    """
    missing = [f"{name} ({about})" for name, about in preset.secrets.items() if name not in given]
    _refuse_others(given, preset.secrets, "secrets")
    if missing:
        raise ConfigError(f"{preset.about.title} needs in secrets: {'; '.join(missing)}")


def _refuse_others(given: Collection[str], known: Collection[str], key: str) -> None:
    for name in given:
        if name not in known:
            meant = nearest(name, known)
            hint = f'did you mean "{meant}"?' if meant else f"known are {', '.join(known) or 'none'}"
            raise ConfigError(f'The preset knows no "{name}" in {key}; {hint}')
