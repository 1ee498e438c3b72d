"""What a `[[directory]]` of each kind may hold; docs/directories.md explains each kind to the user."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationInfo, field_validator

from bubbled.settings.secret_source import SecretSource
from bubbled.settings.suggestion import nearest
from bubbled.settings.value import (
    AnyPath,
    Lax,
    Many,
    Region,
    Section,
    Text,
    VariableName,
    has_control_characters,
    is_loopback,
)


class DirectoryKind(StrEnum):
    """What holds the contacts."""

    CSV = "csv"
    EXCEL = "excel"
    VCARD = "vcard"
    SQL = "sql"
    LDAP = "ldap"
    CARDDAV = "carddav"
    REST = "rest"
    GOOGLE_PLACES = "google_places"


class LdapVariant(StrEnum):
    """How the server compares telephone numbers: as RFC 4517 says, or as text."""

    GENERIC = "generic"
    ACTIVE_DIRECTORY = "active_directory"


class LdapScope(StrEnum):
    """Where below the base is searched."""

    BASE = "base"
    ONE = "one"
    SUB = "sub"


class LdapMatch(StrEnum):
    """How a number is searched for: whole, by its groups, or by its digits whatever stands between them."""

    EXACT = "exact"
    GROUPED = "grouped"
    DIGITS = "digits"


def _web_page(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError('must begin with "https://"')
    _without_password(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError('must begin with "https://": with "http://" everybody on the way could read along')
    return url


def _database(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"sqlite", "postgresql", "mysql", "mariadb"}:
        raise ValueError(
            'must begin with "sqlite:///", "postgresql://", "mysql://" or "mariadb://", '
            'such as "postgresql://bubbled@db.example.com/crm"'
        )
    return _without_password(url)


def _ldap_server(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"ldap", "ldaps"} or not parts.hostname:
        raise ValueError('must begin with "ldaps://" or "ldap://", such as "ldaps://ldap.example.com"')
    return _without_password(url)


def _without_password(url: str) -> str:
    if urlsplit(url).password is not None:
        raise ValueError(
            "must not hold a password: leave it out, and say where it is kept, for example: "
            'password = { file = "~/.config/bubbled/password" }'
        )
    return url


def _language(code: str) -> str:
    if not _LANGUAGE.fullmatch(code):
        raise ValueError('must be the code of a language, such as "nl" or "pt-BR"')
    return code


def _statement(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    if has_control_characters(text.translate(dict.fromkeys(map(ord, "\r\n\t"), " "))):
        raise ValueError("must not hold control characters")
    return text


_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z0-9]{2,8})?")

Url = Annotated[Text, AfterValidator(_web_page)]
"""An address of a server, without password; encrypted unless it is this computer."""

Statement = Annotated[str, AfterValidator(_statement)]
"""Text of several lines, such as an SQL query."""


class Columns(Section):
    """Which headings of a table hold what; those left out are recognised by their names."""

    name: Text | None = None
    company: Text | None = None
    url: Text | None = None
    numbers: Many[Text] = ()


class CommonSettings(Section):
    """What every source of contacts has.

    Attributes:
        region: where its national numbers belong; None: the user's own.
        timeout_s: how long it may take to answer.
        tier: directories of one tier are asked together; None: follows from their kinds and places.
        internal: whether it holds extensions, and so is asked about internal calls, and about those alone.
        enabled: whether it is asked at all.
    """

    name: Text = Field(examples=['name = "Customers"'])
    kind: Lax[DirectoryKind] = Field(examples=['kind = "csv"'])
    region: Region | None = None
    timeout_s: float = Field(default=2.0, gt=0, le=60, allow_inf_nan=False)
    tier: int | None = Field(default=None, ge=1, le=9)
    internal: bool = False
    enabled: bool = True


class FileSettings(CommonSettings):
    """A file with contacts: a table, a workbook, cards."""

    path: AnyPath = Field(examples=['path = "~/customers.csv"'])
    columns: Columns | None = None

    @field_validator("columns")
    @classmethod
    def _needs_headings(cls, columns: Columns | None, info: ValidationInfo) -> Columns | None:
        if columns is not None and info.data.get("kind") is DirectoryKind.VCARD:
            raise ValueError("is of no use here: vCard files have no headings")
        return columns


class SqlSettings(CommonSettings):
    """A database that is asked with the user's own query; `tls` None: unless it is this computer."""

    url: Annotated[Text, AfterValidator(_database)] = Field(
        examples=['url = "postgresql://bubbled@db.example.com/crm"']
    )
    password: SecretSource | None = None
    query: Statement = Field(examples=['query = "SELECT name, phone FROM customer WHERE phone = :e164"'])
    columns: Columns | None = None
    tls: bool | None = None
    ca_file: AnyPath | None = None


class LdapSettings(CommonSettings):
    """An LDAP server.

    Attributes:
        match: how a number is searched for; None: as suits the variant.
        filter: finds a number, in the place of `match`.
        internal_filter: finds an extension.
        attributes: which attributes of an entry hold what, where they are not the usual ones.
        fields: more attributes to show, by the name that they have in popups.
    """

    url: Annotated[Text, AfterValidator(_ldap_server)] = Field(examples=['url = "ldaps://ldap.example.com"'])
    start_tls: bool = False
    ca_file: AnyPath | None = None
    base: Text = Field(examples=['base = "ou=people,dc=example,dc=com"'])
    bind_dn: Text | None = None
    password: SecretSource | None = None

    variant: Lax[LdapVariant] = LdapVariant.GENERIC
    scope: Lax[LdapScope] = LdapScope.SUB
    match: Lax[LdapMatch] | None = None
    filter: Text | None = None
    internal_filter: Text | None = None
    attributes: Columns | None = None
    fields: Mapping[Text, Text] = Field(default_factory=dict)

    @field_validator("password")
    @classmethod
    def _of_an_account(cls, password: SecretSource | None, info: ValidationInfo) -> SecretSource | None:
        if password is not None and info.data.get("bind_dn") is None:
            raise ValueError("is of use only with bind_dn, the account that it belongs to")
        return password


class OAuthSettings(Section):
    """A grant that somebody gave once, with which the source lets bubbled in from then on."""

    client_id: Text = Field(examples=['client_id = "123.apps.googleusercontent.com"'])
    client_secret: SecretSource = Field(examples=['client_secret = { keyring = "bubbled", user = "google" }'])
    refresh_token: SecretSource = Field(examples=['refresh_token = { keyring = "bubbled", user = "grant" }'])
    token_url: Url = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


class CardDavSettings(CommonSettings):
    """Address books on a server, synchronised into the local index."""

    url: Url = Field(examples=['url = "https://cloud.example.com/remote.php/dav"'])
    username: Text | None = None
    password: SecretSource | None = None
    oauth: OAuthSettings | None = None
    refresh_every_s: float = Field(default=900.0, ge=60, le=86_400, allow_inf_nan=False)
    ca_file: AnyPath | None = None

    @field_validator("oauth")
    @classmethod
    def _instead_of_password(cls, oauth: OAuthSettings | None, info: ValidationInfo) -> OAuthSettings | None:
        if oauth is not None and info.data.get("password") is not None:
            raise ValueError("is of no use beside password; leave out one of them")
        return oauth


class RestSettings(CommonSettings):
    """A CRM package that speaks JSON, by a preset.

    Attributes:
        preset: the name of one of bubbled's own, or the path of the user's.
        variables: what the preset leaves open, such as the address of the server.
        secrets: the preset's secrets.
        refresh_every_s: for presets that synchronise.
        log_calls: whether calls are written there; only some presets can.
        log_after_s: how long after its end, so that a note can still be added.
    """

    preset: Text = Field(examples=['preset = "hubspot"'])
    variables: Mapping[VariableName, Text] = Field(default_factory=dict)
    secrets: Mapping[VariableName, SecretSource] = Field(default_factory=dict)
    refresh_every_s: float = Field(default=900.0, ge=60, le=86_400, allow_inf_nan=False)
    log_calls: bool = False
    log_after_s: float = Field(default=60.0, ge=0, le=3600, allow_inf_nan=False)
    ca_file: AnyPath | None = None


class PlacesSettings(CommonSettings):
    """Google Maps' businesses: asked last and alone, and only once it is switched on.

    Attributes:
        ask_after_errors: whether it is asked also when another directory could not answer.
    """

    enabled: bool = False
    key: SecretSource = Field(examples=['key = { keyring = "bubbled", user = "google" }'])
    url: Url = "https://places.googleapis.com"
    language: Annotated[Text, AfterValidator(_language)] = "en"
    ask_after_errors: bool = False

    @field_validator("internal")
    @classmethod
    def _not_of_colleagues(cls, internal: bool) -> bool:  # noqa: FBT001 - pydantic passes it so
        if internal:
            raise ValueError("is of no use here: Google is told no numbers of colleagues")
        return internal


_FILES = (DirectoryKind.CSV, DirectoryKind.EXCEL, DirectoryKind.VCARD)


def _tag(kind: DirectoryKind) -> str:
    return "directory: file" if kind in _FILES else f"directory: {kind.value}"


MODELS: Mapping[str, type[CommonSettings]] = {
    _tag(DirectoryKind.CSV): FileSettings,
    _tag(DirectoryKind.SQL): SqlSettings,
    _tag(DirectoryKind.LDAP): LdapSettings,
    _tag(DirectoryKind.CARDDAV): CardDavSettings,
    _tag(DirectoryKind.REST): RestSettings,
    _tag(DirectoryKind.GOOGLE_PLACES): PlacesSettings,
}
"""What each kind may hold, by what stands for it in the location of an error."""


def model_of(kind: DirectoryKind) -> type[CommonSettings]:
    """What a directory of this kind may hold."""
    return MODELS[_tag(kind)]


def _model_tag(value: Any) -> str:
    """The nearest model, so that a mistake in the kind does not hide those in the rest."""
    # Misspelt, too: the rest is then read as the user means it.
    kind = value.get(nearest("kind", value)) if isinstance(value, dict) else getattr(value, "kind", None)
    meant = nearest(kind, list(DirectoryKind)) if isinstance(kind, str) else None
    return _tag(DirectoryKind(meant or DirectoryKind.CSV))


DirectorySettings: TypeAlias = Annotated[
    Annotated[FileSettings, Tag("directory: file")]
    | Annotated[SqlSettings, Tag("directory: sql")]
    | Annotated[LdapSettings, Tag("directory: ldap")]
    | Annotated[CardDavSettings, Tag("directory: carddav")]
    | Annotated[RestSettings, Tag("directory: rest")]
    | Annotated[PlacesSettings, Tag("directory: google_places")],
    Discriminator(_model_tag),
]
"""One source of contacts, of whatever kind."""
