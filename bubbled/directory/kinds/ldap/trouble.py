"""What can go wrong with an LDAP server, and how that is told to the user. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError
from bubbled.extra import command_to_install

if TYPE_CHECKING:
    from bubbled.directory.kinds.ldap.option import LdapOptions


class Trouble(StrEnum):
    """Why there is no answer."""

    NOT_INSTALLED = "not installed"
    NO_CA_FILE = "no ca file"
    NO_HOST = "no host"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    SILENT = "silent"
    CERTIFICATE = "certificate"
    NO_TLS = "no tls"
    BROKEN_OFF = "broken off"
    ACCOUNT = "account"
    NOT_ALLOWED = "not allowed"
    TLS_WANTED = "tls wanted"
    NO_BASE = "no base"
    BAD_NAME = "bad name"
    BAD_FILTER = "bad filter"
    TOO_SLOW = "too slow"
    TOO_MANY = "too many"
    BUSY = "busy"
    OTHER = "other"


_OF_CODE: Final = {
    # RFC 4511, appendix A
    1: Trouble.NOT_ALLOWED,  # Active Directory says so to whom it does not know
    3: Trouble.TOO_SLOW,
    4: Trouble.TOO_MANY,
    8: Trouble.TLS_WANTED,
    11: Trouble.TOO_SLOW,
    13: Trouble.TLS_WANTED,
    32: Trouble.NO_BASE,
    34: Trouble.BAD_NAME,
    48: Trouble.ACCOUNT,
    49: Trouble.ACCOUNT,
    50: Trouble.NOT_ALLOWED,
    51: Trouble.BUSY,
    52: Trouble.BUSY,
    # ldap.h: what libldap finds by itself
    -1: Trouble.BROKEN_OFF,
    -5: Trouble.SILENT,
    -7: Trouble.BAD_FILTER,
    -11: Trouble.BROKEN_OFF,
    # bonsai: what the password policy of the server says
    -200: Trouble.ACCOUNT,
    -201: Trouble.ACCOUNT,
    -202: Trouble.ACCOUNT,
}

# What Active Directory says in hexadecimal about an account that it refuses.
_REFUSALS: Final = {
    "525": "there is no such account",
    "52e": "the password is wrong",
    "530": "it may not log in at this hour",
    "532": "its password has expired",
    "533": "it is switched off",
    "701": "it has expired",
    "773": "its password must be changed first",
    "775": "it is locked",
}
_REFUSAL = re.compile(r"\bdata ([0-9a-f]{3}),")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]+")
_LONGEST_DETAIL = 120


def trouble_of(code: int) -> Trouble:
    """What the result code of an operation means."""
    return _OF_CODE.get(code, Trouble.OTHER)


def detail_of(words: str) -> str:
    """What may be told of the words that came with a result code; servers put anything into them."""
    refusal = _REFUSAL.search(words)
    return _REFUSALS.get(refusal[1], "") if refusal else ""


def error(trouble: Trouble, detail: str, options: LdapOptions) -> DirectoryError:
    """What to tell the user, in one line.

    Args:
        trouble: what went wrong.
        detail: more about it, from `detail_of`, the system or its TLS library.
        options: of the directory.
    """
    kind: type[DirectoryError] = {Trouble.ACCOUNT: CredentialsError, Trouble.BUSY: BusyError}.get(
        trouble, DirectoryError
    )
    told = _UNPRINTABLE.sub(" ", detail).strip(" .")[:_LONGEST_DETAIL]
    return kind(_sentence(trouble, told, options))


def _sentence(trouble: Trouble, detail: str, options: LdapOptions) -> str:  # noqa: C901, PLR0911, PLR0912 - one for each trouble
    host = options.address.shown
    why = f" ({detail})" if detail else ""
    match trouble:
        case Trouble.NOT_INSTALLED:
            return (
                "the package for LDAP is not installed; on Debian install libldap2-dev, libsasl2-dev, gcc "
                f"and python3-dev, and then it, with: {command_to_install('ldap')}"
            )
        case Trouble.NO_CA_FILE:
            return f"{options.ca_file} holds no certificates that can be read{why}: mend ca_file"
        case Trouble.NO_HOST:
            return f"there is no host {options.address.host}: mend url, or see whether the network is up"
        case Trouble.REFUSED:
            return f"{host} refuses connections: see whether the LDAP server runs, and on this port"
        case Trouble.UNREACHABLE:
            return f"{host} cannot be reached{why}: see whether the network is up"
        case Trouble.SILENT:
            return f"{host} does not answer: see whether a firewall is between, or the server overloaded"
        case Trouble.CERTIFICATE:
            return (
                f"{host} shows a certificate that is not trusted{why}: name in url the host that the "
                "certificate is for, and in ca_file who signed it"
            )
        case Trouble.NO_TLS:
            return f"{host} does not speak TLS as asked{why}: mend url or start_tls"
        case Trouble.BROKEN_OFF:
            return f"{host} broke off the conversation{why}: see the log of the LDAP server"
        case Trouble.ACCOUNT if options.bind_dn is None:
            return f"{host} wants an account: set bind_dn and password"
        case Trouble.ACCOUNT:
            return f"{host} does not accept the account{why}: mend bind_dn or password"
        case Trouble.NOT_ALLOWED if options.bind_dn is None:
            return f"{host} does not answer anonymous questions: set bind_dn and password"
        case Trouble.NOT_ALLOWED:
            return f"the account may not search {options.base} on {host}: have its administrator allow it"
        case Trouble.TLS_WANTED:
            return f"{host} wants a secret connection: write ldaps:// in url, or set start_tls = true"
        case Trouble.NO_BASE:
            return f"{host} has no {options.base}, or the account may not see it: mend base"
        case Trouble.BAD_NAME:
            return f"{host} does not understand a name: write base and bind_dn as in dc=example,dc=com"
        case Trouble.BAD_FILTER:
            own = " and ".join(filter(None, (options.filter, options.internal)))
            return f"{host} does not understand the filter: mend {own[:200] or 'base and attributes'}"
        case Trouble.TOO_SLOW:
            return f"{host} gave up searching: have the attributes with numbers indexed, or set match"
        case Trouble.TOO_MANY:
            return f"{host} found more entries than it may tell: narrow base or filter"
        case Trouble.BUSY:
            return f"{host} is too busy to answer"
        case Trouble.OTHER:
            return f"{host} cannot answer{why}: see the log of the LDAP server"
        case _:
            assert_never(trouble)
