"""Where the PBX account's secret is kept: one model for each place; `secret.reveal` goes and fetches it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BaseModel, Discriminator, Field, SecretStr, Tag

from bubbled.settings.suggestion import nearest
from bubbled.settings.value import AnyPath, Many, Section, Text, has_control_characters, not_empty


def _file_name(text: str) -> str:
    if "/" in text or text in {".", ".."}:
        raise ValueError("must be the name of a credential, not a path")
    return text


def _sendable(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text or has_control_characters(text):
        raise ValueError("must be one line without control characters, and not empty")
    return secret


class CredentialSecret(Section):
    """A credential that systemd passes to the service (systemd.exec(5), LoadCredential=)."""

    credential: Annotated[Text, AfterValidator(_file_name)]


class EnvSecret(Section):
    """An environment variable of the daemon."""

    env: Text


class FileSecret(Section):
    """The first line of a file that only the user can read."""

    file: AnyPath


class KeyringSecret(Section):
    """An entry of the desktop's keyring (Secret Service, KWallet)."""

    keyring: Text
    user: Text = Field(examples=['user = "bubbled"'])


class CommandSecret(Section):
    """The first line that a command prints; its arguments are passed as they stand, without a shell."""

    command: Annotated[Many[Text], AfterValidator(not_empty)]


_PLACES = ("credential", "env", "file", "keyring", "command")


def _tag(name: str) -> str:
    return f"secret: {name}"


PLACES: Final = frozenset({"credential", "env", "file", "keyring", "user"})
"""The keys that say where a secret is kept, and may be shown to others; a command may hold it itself."""

TAGS = frozenset({_tag(name) for name in ("plain", *_PLACES)})
"""What stands in the location of an error below a secret, beside the keys of the file."""


def _place(value: object) -> str | None:
    match value:
        case str() | SecretStr():
            return _tag("plain")
        case dict():
            named = next((place for place in _PLACES if place in value), None)
            meant = named or next(filter(None, (nearest(key, _PLACES) for key in value)), None)
            return meant and _tag(meant)
        case Section():
            return _tag(next(place for place in _PLACES if place in type(value).model_fields))
        case _:
            return None


SecretSource: TypeAlias = Annotated[
    Annotated[SecretStr, AfterValidator(_sendable), Tag(_tag("plain"))]
    | Annotated[CredentialSecret, Tag(_tag("credential"))]
    | Annotated[EnvSecret, Tag(_tag("env"))]
    | Annotated[FileSecret, Tag(_tag("file"))]
    | Annotated[KeyringSecret, Tag(_tag("keyring"))]
    | Annotated[CommandSecret, Tag(_tag("command"))],
    Discriminator(_place),
]
"""Exactly one place; a plain string is the secret itself, which no printed form of it shows."""


def secret_variables(settings: object) -> Iterator[str]:
    """The environment variables of the daemon that hold secrets, by the whole settings or a part of them."""
    match settings:
        case EnvSecret(env=name):
            yield name
        case BaseModel():
            for _, value in settings:
                yield from secret_variables(value)
        case Mapping():
            yield from secret_variables(tuple(settings.values()))
        case tuple():
            for value in settings:
                yield from secret_variables(value)
        case _:
            pass
