"""The settings of an LDAP directory, checked as far as that can be done without asking the server. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bubbled.directory.entry import ColumnNames
from bubbled.error import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.directory.port import Secret

_PORTS = {"ldap": 389, "ldaps": 636}
_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,99}")


class Variant(StrEnum):
    """How the server compares numbers, and what it calls its attributes."""

    GENERIC = "generic"
    """As RFC 4517 says, leaving out spaces and hyphens: OpenLDAP, 389 Directory Server."""
    ACTIVE_DIRECTORY = "active_directory"
    """As text, sign by sign."""


class Scope(StrEnum):
    """Where below `base` is searched; its value is the word of RFC 4516."""

    BASE = "base"
    ONE = "one"
    SUB = "sub"


class Match(StrEnum):
    """How a number is searched for where the user gives no filter; see `search.pattern`."""

    EXACT = "exact"
    """In each of the usual notations, whole: what ordinary indexes serve, also in a very large directory."""
    GROUPED = "grouped"
    """By its end, with anything between the groups in which its plan writes it: `*6*12345678`."""
    DIGITS = "digits"
    """By its end, with anything between its digits: finds every notation, and reads all entries for it."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is; as text, what libldap wants."""

    scheme: str
    host: str
    port: int

    @property
    def shown(self) -> str:
        """For the user: with the port where that is not the usual one."""
        usual = self.port == _PORTS[self.scheme]
        return self.host if usual else f"{self._quoted}:{self.port}"

    @property
    def is_here(self) -> bool:
        """Whether what is said to it stays on this computer."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def _quoted(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    def __str__(self) -> str:
        return f"{self.scheme}://{self._quoted}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LdapOptions:
    """What the user says of one LDAP server.

    Attributes:
        url: `ldaps://ldap.example.com`, or `ldap://` with `start_tls`; with a port where it is not the usual.
        base: below which entry to search: `ou=people,dc=example,dc=com`.
        bind_dn: the account; None asks anonymously. Active Directory also takes `bubbled@example.com`.
        password: of the account.
        start_tls: whether an `ldap://` connection is made secret before anything is said.
        ca_file: who vouches for the certificate of the server; None: those whom this computer trusts.
        match: how to search for numbers; None: what suits the variant.
        filter: the user's own filter for numbers, with `${tail}` and the like; see `search`.
        internal: the same for extensions, with `${extension}`.
        attributes: which attributes hold what; those left out are the usual ones.
        fields: more attributes to show, by the name that they have in popups: `{"room": "roomNumber"}`.

    Raises:
        ConfigError: it cannot be used, and why.
    """

    url: str
    base: str
    bind_dn: str | None = None
    password: Secret | None = field(default=None, repr=False)
    start_tls: bool = False
    ca_file: Path | None = None
    variant: Variant = Variant.GENERIC
    scope: Scope = Scope.SUB
    match: Match | None = None
    filter: str | None = None
    internal: str | None = None
    attributes: ColumnNames = field(default_factory=ColumnNames)
    fields: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        address = self.address
        if not self.base.strip():
            raise ConfigError("base is empty: say below which entry to search, such as dc=example,dc=com")
        if self.start_tls and address.scheme == "ldaps":
            raise ConfigError("ldaps:// is secret from the start: leave out start_tls, or write ldap://")
        if (self.bind_dn is None) != (self.password is None):
            raise ConfigError("bind_dn and password go together: give both, or neither to ask anonymously")
        if self.password is not None and not self.is_secret and not address.is_here:
            raise ConfigError(
                f"{address.host} would be sent the password for everybody to read: "
                "write ldaps:// in the url, or set start_tls = true"
            )
        for name in self._named_attributes():
            if not _ATTRIBUTE.fullmatch(name):
                raise ConfigError(f"{name[:40]!r} is no LDAP attribute: write its name as in telephoneNumber")

    @property
    def address(self) -> Address:
        """Where the server is.

        Raises:
            ConfigError: the url is none of LDAP.
        """
        try:
            parts = urlsplit(self.url.strip())
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
            raise ConfigError("url is no address of an LDAP server: write it as ldaps://ldap.example.com")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ConfigError("url goes no further than the server: what comes behind it belongs in base")
        return Address(parts.scheme, parts.hostname, port or _PORTS[parts.scheme])

    @property
    def is_secret(self) -> bool:
        """Whether nobody between here and the server can read along."""
        return self.start_tls or self.url.strip().lower().startswith("ldaps:")

    @property
    def matching(self) -> Match:
        """How to search for numbers.

        Active Directory has no index for what begins with `*` in any case, so there it may as well find every
        notation.
        """
        by_default = Match.DIGITS if self.variant is Variant.ACTIVE_DIRECTORY else Match.GROUPED
        return self.match or by_default

    def _named_attributes(self) -> tuple[str, ...]:
        own = self.attributes
        single = tuple(name for name in (own.name, own.company, own.url) if name is not None)
        return (*single, *own.numbers, *(attribute for _, attribute in self.fields))
