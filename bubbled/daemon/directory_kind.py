"""Builds a directory of each kind from its settings; what a kind needs is loaded only where it is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bubbled.daemon import folder
from bubbled.directory import factory
from bubbled.directory.entry import ColumnNames
from bubbled.directory.unusable import UnusableDirectory
from bubbled.error import BubbledError
from bubbled.settings.directory import (
    CardDavSettings,
    FileSettings,
    LdapSettings,
    PlacesSettings,
    RestSettings,
    SqlSettings,
)
from bubbled.settings.secret import reveal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bubbled.directory.call_log.port import CallWriter
    from bubbled.directory.http.authorization import Credentials
    from bubbled.directory.http.port import Transport
    from bubbled.directory.kinds.rest.preset import Preset
    from bubbled.directory.local.feed import Feed
    from bubbled.directory.local.indexing import Order
    from bubbled.directory.port import Directory, Secret
    from bubbled.settings.directory import Columns, CommonSettings, DirectorySettings
    from bubbled.settings.secret_source import SecretSource

    Around = Callable[[Transport], Transport]
    """Puts something between a directory and the transport that shows its account."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is around a directory.

    Attributes:
        around: for those that speak HTTP: to record what is said, or to answer instead.
        index_dir: where the local indexes are kept; None: in the user's cache.
    """

    around: Around = field(default=lambda inner: inner)
    index_dir: Path | None = None

    @property
    def indexes(self) -> Path:
        """Where they are kept."""
        return self.index_dir or folder.cache() / "index"


def build(settings: DirectorySettings, region: str, surroundings: Surroundings | None = None) -> Directory:
    """One directory, which does nothing before its `start`; one that cannot be built says why when asked.

    The user's own `region` stands for a missing one.
    """
    try:
        return _build(settings, settings.region or region, surroundings or Surroundings())
    except BubbledError as error:
        return UnusableDirectory(settings.name, str(error))


def _build(settings: DirectorySettings, region: str, surroundings: Surroundings) -> Directory:
    built: Directory
    match settings:
        case FileSettings():
            what = order(settings, region)
            built = factory.build(what, name=settings.name, timeout_s=settings.timeout_s)
        case SqlSettings():
            built = _sql(settings, region)
        case LdapSettings():
            built = _ldap(settings, region)
        case CardDavSettings():
            built = _carddav(settings, region, surroundings)
        case RestSettings():
            built = _rest(settings, region, surroundings)
        case PlacesSettings():
            built = _google_places(settings, region, surroundings)
    return built


def order(settings: FileSettings, region: str) -> Order:
    """What is to be read of a file."""
    return factory.order(
        kind=settings.kind.value,
        name=settings.name,
        path=settings.path,
        region=settings.region or region,
        cache_dir=Surroundings().indexes,
        columns=_columns(settings.columns),
        internal=settings.internal,
    )


def _sql(settings: SqlSettings, region: str) -> Directory:
    from bubbled.directory.kinds.sql.directory import SqlDirectory  # noqa: PLC0415 - for those who use it
    from bubbled.directory.kinds.sql.options import SqlOptions  # noqa: PLC0415 - the same

    options = SqlOptions(
        url=settings.url,
        query=settings.query,
        password=_optional_secret(settings, "password", settings.password),
        columns=_columns(settings.columns),
        tls=settings.tls,
        ca_file=settings.ca_file,
    )
    return SqlDirectory(settings.name, options, region=region, timeout_s=settings.timeout_s)


def _ldap(settings: LdapSettings, region: str) -> Directory:
    from bubbled.directory.kinds.ldap.directory import LdapDirectory  # noqa: PLC0415 - for those who use it
    from bubbled.directory.kinds.ldap.option import LdapOptions, Match, Scope, Variant  # noqa: PLC0415 - the same

    options = LdapOptions(
        url=settings.url,
        base=settings.base,
        bind_dn=settings.bind_dn,
        password=_optional_secret(settings, "password", settings.password),
        start_tls=settings.start_tls,
        ca_file=settings.ca_file,
        variant=Variant(settings.variant.value),
        scope=Scope(settings.scope.value),
        match=None if settings.match is None else Match(settings.match.value),
        filter=settings.filter,
        internal=settings.internal_filter,
        attributes=_columns(settings.attributes),
        fields=tuple(settings.fields.items()),
    )
    return LdapDirectory(settings.name, options, region=region, timeout_s=settings.timeout_s)


def _carddav(settings: CardDavSettings, region: str, surroundings: Surroundings) -> Directory:
    from bubbled.directory.http.authorization import AuthorizedTransport  # noqa: PLC0415 - for those who use it
    from bubbled.directory.http.body import LARGEST_LIST_BYTES  # noqa: PLC0415 - the same
    from bubbled.directory.http.client import HttpTransport  # noqa: PLC0415 - the same
    from bubbled.directory.kinds.carddav.feed import CardDavFeed  # noqa: PLC0415 - the same

    carrier = HttpTransport(ca_file=settings.ca_file, most_bytes=LARGEST_LIST_BYTES)
    transport = surroundings.around(AuthorizedTransport(carrier, _dav_account(settings, carrier)))
    index = _index(settings, (settings.url, settings.username), surroundings)
    feed = CardDavFeed(settings.url, transport)
    return _synchronised(settings, feed, index, region, settings.refresh_every_s)


def _dav_account(settings: CardDavSettings, carrier: Transport) -> Credentials:
    from bubbled.directory.http.authorization import Basic, NoCredentials  # noqa: PLC0415 - for those who use it
    from bubbled.directory.http.grant import RefreshToken  # noqa: PLC0415 - the same
    from bubbled.directory.http.oauth import Client, OAuth2  # noqa: PLC0415 - the same
    from bubbled.directory.http.token_file import TokenFile  # noqa: PLC0415 - the same

    if settings.oauth is not None:
        oauth = settings.oauth
        secret = _secret(settings, "oauth.client_secret", oauth.client_secret)
        token_file = TokenFile(_token_file(settings, settings.url, {"client_id": oauth.client_id}))
        grant = RefreshToken(_secret(settings, "oauth.refresh_token", oauth.refresh_token), token_file)
        return OAuth2(carrier, Client(oauth.token_url, oauth.client_id, secret), grant)
    if settings.password is not None:
        return Basic(settings.username or "", _secret(settings, "password", settings.password))
    return NoCredentials()


def _rest(settings: RestSettings, region: str, surroundings: Surroundings) -> Directory:
    from bubbled.directory.kinds.rest.directory import RestDirectory  # noqa: PLC0415 - for those who use it
    from bubbled.directory.kinds.rest.feed import RestFeed  # noqa: PLC0415 - the same
    from bubbled.directory.kinds.rest.loading import load  # noqa: PLC0415 - the same
    from bubbled.directory.kinds.rest.transport import transport_for  # noqa: PLC0415 - the same

    preset = load(settings.preset)
    writes_calls = settings.log_calls and preset.log_call is not None
    transport = transport_for(
        preset,
        settings.variables,
        {name: _secret(settings, f"secrets.{name}", source) for name, source in settings.secrets.items()},
        token_file=_token_file(settings, settings.preset, settings.variables),
        ca_file=settings.ca_file,
        over=_watched(settings.ca_file) if writes_calls else None,
    )
    transport = surroundings.around(transport)
    if preset.syncs:
        index = _index(settings, (settings.preset, sorted(settings.variables.items())), surroundings)
        feed = RestFeed(preset, settings.variables, transport)
        return _synchronised(settings, feed, index, region, settings.refresh_every_s)
    return RestDirectory(
        settings.name,
        preset,
        settings.variables,
        transport,
        region=region,
        timeout_s=settings.timeout_s,
        call_writer=_call_writer(settings, preset, transport) if writes_calls else None,
    )


def _watched(ca_file: Path | None) -> Transport:
    from bubbled.directory.http.client import HttpTransport  # noqa: PLC0415 - for those who use it
    from bubbled.directory.kinds.rest.departure import WatchedTransport  # noqa: PLC0415 - the same

    return WatchedTransport(HttpTransport(ca_file=ca_file))


def _call_writer(settings: RestSettings, preset: Preset, transport: Transport) -> CallWriter:
    from bubbled.directory.kinds.rest.call_writer import RestCallWriter  # noqa: PLC0415 - for those who use it

    return RestCallWriter(preset, settings.variables, transport, after_s=settings.log_after_s)


def _google_places(settings: PlacesSettings, region: str, surroundings: Surroundings) -> Directory:
    from bubbled.directory.http.client import HttpTransport  # noqa: PLC0415 - for those who use it
    from bubbled.directory.kinds.google_places import (  # noqa: PLC0415 - for those who use it
        GooglePlacesDirectory,
        GooglePlacesOptions,
    )

    options = GooglePlacesOptions(
        key=_secret(settings, "key", settings.key),
        language=settings.language,
        region=region,
        base_url=settings.url.rstrip("/"),
    )
    transport = surroundings.around(HttpTransport())
    return GooglePlacesDirectory(settings.name, options, settings.timeout_s, transport)


def _synchronised(
    settings: CommonSettings, feed: Feed, index: Path, region: str, every_s: float
) -> Directory:
    from bubbled.directory.local.synced import SyncedDirectory  # noqa: PLC0415 - for those who use it

    return SyncedDirectory(
        settings.name,
        feed,
        index_path=index,
        region=region,
        timeout_s=settings.timeout_s,
        every_s=every_s,
        internal=settings.internal,
    )


def _columns(columns: Columns | None) -> ColumnNames:
    if columns is None:
        return ColumnNames()
    return ColumnNames(columns.name, columns.company, columns.url, columns.numbers)


def _secret(settings: CommonSettings, key: str, source: SecretSource) -> Secret:
    async def fetch() -> str:
        what = f"The secret {key} of the directory {settings.name}"
        return await reveal(source, what=what, key=f"directory.{key}")

    return fetch


def _optional_secret(settings: CommonSettings, key: str, source: SecretSource | None) -> Secret | None:
    return None if source is None else _secret(settings, key, source)


def _index(settings: CommonSettings, source: object, surroundings: Surroundings) -> Path:
    """Where the index of what comes from a source is; of another account, elsewhere."""
    return surroundings.indexes / factory.index_name(settings.name, repr(source))


def _token_file(settings: CommonSettings, preset: str, variables: Mapping[str, str]) -> Path:
    """Where the tokens of one account are; of another account, another file."""
    source = repr((preset, sorted(variables.items())))
    name = factory.index_name(settings.name, source).removesuffix(".sqlite")
    return folder.state() / "tokens" / f"{name}.json"
