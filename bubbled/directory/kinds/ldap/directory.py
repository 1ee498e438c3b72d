"""A directory that is an LDAP server: OpenLDAP, Active Directory and their kin."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import structlog

from bubbled.directory.kinds.ldap import search, trouble
from bubbled.directory.kinds.ldap.option import Scope
from bubbled.directory.kinds.ldap.record import BINARY, entry_of, wanted
from bubbled.directory.kinds.ldap.session import FailedSearchError, Pool, Question
from bubbled.directory.port import CredentialsError, Disclosure, Phase, State
from bubbled.directory.verification import verified
from bubbled.error import BubbledError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.directory.kinds.ldap.option import LdapOptions
    from bubbled.model import E164, Contact, Extension

# A connection that takes longer than an answer may is still worth having: for the next call.
_LONGEST_S = 10.0

_log = structlog.get_logger()


class LdapDirectory:
    """The entries of one LDAP server below one base."""

    def __init__(self, name: str, options: LdapOptions, *, region: str, timeout_s: float = 2.0) -> None:
        """See `LdapOptions` for its settings; `region` is where national notation on the server belongs.

        Raises:
            ConfigError: a filter of the user's cannot be filled in.
        """
        search.check(options)
        self.name: Final = name
        self.timeout_s: Final = timeout_s
        self._options = options
        self._region = region
        self._pool = Pool(self._account, max(timeout_s, _LONGEST_S))
        self._state = State(Phase.READY)
        self._greeting: asyncio.Task[None] | None = None

    @property
    def count(self) -> None:
        """Counting the entries would mean reading them all."""

    @property
    def state(self) -> State:
        """How the last question went."""
        return self._state

    @property
    def is_local(self) -> bool:
        """It is a server, even if on this computer."""
        return False

    @property
    def may_be_kept(self) -> bool:
        """The entries are the user's own organisation's."""
        return True

    @property
    def rate(self) -> None:
        """Servers are made to be asked often."""

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:
        """The server is told the number as its filter has it."""
        return (Disclosure(self._options.address.shown, search.told(number, self._options)),)

    async def start(self) -> None:
        """Connect in the background, so that the first call need not wait for that."""
        if self._greeting is None:
            self._greeting = asyncio.create_task(self._greet(), name=f"greet {self.name}")

    async def lookup(self, number: E164 | Extension) -> tuple[Contact, ...]:
        """See `port.Directory`."""
        options = self._options
        found = await self._ask(options.scope, search.filter_for(number, options), wanted(options))
        entries = [entry_of(attributes, at, options) for at, attributes in enumerate(found, start=1)]
        return verified(entries, number, region=self._region, directory=self.name)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._greeting is not None:
            self._greeting.cancel()
            await asyncio.wait((self._greeting,))
        await self._pool.aclose()

    async def _greet(self) -> None:
        try:
            await self._ask(Scope.BASE, "(objectClass=*)", ("1.1",))
        except BubbledError as problem:
            _log.warning("an LDAP server cannot be asked", directory=self.name, reason=str(problem))

    async def _ask(
        self, scope: Scope, expression: str, attributes: tuple[str, ...]
    ) -> list[dict[str, list[str]]]:
        try:
            found = await self._pool.ask(Question(self._options.base, scope, expression, attributes))
        except FailedSearchError as problem:
            told = trouble.error(problem.trouble, problem.detail, self._options)
            self._state = State(Phase.FAILED, reason=str(told))
            raise told from None
        except ConfigError as problem:
            self._state = State(Phase.FAILED, reason=str(problem))
            raise CredentialsError(str(problem)) from problem
        self._state = State(Phase.READY)
        return found

    async def _account(self) -> Mapping[str, object]:
        """What the process that speaks LDAP must know of the server and of our account there."""
        options = self._options
        password = await options.password() if options.password else None
        if password == "":
            # RFC 4513, 5.1.2: servers take that for an anonymous question, and do not refuse it.
            raise ConfigError("the password is empty: see where the settings say that it is kept")
        return {
            "scheme": options.address.scheme,
            "host": options.address.host,
            "port": options.address.port,
            "start_tls": options.start_tls,
            "ca_file": str(options.ca_file) if options.ca_file else None,
            "bind_dn": options.bind_dn,
            "password": password,
            "binary": list(BINARY),
        }
