"""What can go wrong with a database, in words that tell the user what to do. Pure."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError


class Fault(Enum):
    """What went wrong, whatever the database calls it; its value tells the user."""

    ACCOUNT = "{host} does not let bubbled in: mend the user in url, or the password ({words})"
    ACCOUNT_FROM_HERE = (
        "{host} does not let this account in from this computer: let the administrator of the database "
        "allow it ({words})"
    )
    BUSY = "{host} has no connection left for bubbled: the next call asks again ({words})"
    COLUMN = "query names a column that is not there: mend query ({words})"
    CROWDED = "{host} is still busy with earlier questions: give the table an index for the query"
    CUT = "{host} cut the connection off: the next call asks again"
    DATABASE = "{host} has no such database, or not for this account: mend the end of url ({words})"
    FILE = "{host} cannot be opened: is it there, and may bubbled read it and its folder?"
    FILE_IS_OTHER = "{host} is no SQLite database, or is damaged: name the right file in url ({words})"
    FORBIDDEN = "{host} forbids the query: is all in it spelt right, and may the account read it? ({words})"
    FUNCTION = (
        "query uses a function or operator that {host} does not have for these types: mend query, perhaps "
        "with CAST(column AS text) ({words})"
    )
    LATE = "{host} took too long over the query: give the table an index for it"
    LOCKED = "{host} is kept locked by another program: the next call asks again"
    LOGIN_UNKNOWN = (
        "{host} wants this account to log in in a way that bubbled does not know: let the administrator of "
        "the database give it a password ({words})"
    )
    NO_TLS = (
        "{host} does not encrypt, and the password could be read on the way: switch TLS on there, "
        "or say tls = false where nobody listens"
    )
    OTHER = "{host} cannot answer ({words})"
    PARAMETER_TYPE = (
        "{host} cannot tell the type of a parameter: write it as CAST(:e164 AS text) in query ({words})"
    )
    REFUSED = "{host} cannot be reached ({words}): is it running, and are host and port in url right?"
    STARTING = "{host} is starting or stopping: the next call asks again"
    SYNTAX = "query is no SQL that {host} understands: mend query ({words})"
    TABLE = "query names a table that is not there: mend query ({words})"
    TLS_WANTED = "{host} wants an encrypted connection: say tls = true ({words})"
    TOO_LARGE = "{host} answers with more than 16 MB in one row: leave what is large out of query"
    UNFINISHED = (
        "{host} was left in the middle of a change, or is in WAL mode in a folder that bubbled may not write "
        "in: let its own program run ({words})"
    )
    UNKNOWN_HOST = "{host} cannot be found by its name: check url, and the network"
    UNTRUSTED = (
        "{host} shows a certificate that is not to be trusted ({words}): check the host name; for a "
        "certificate of your own company, give its authority as ca_file"
    )
    VALUE = (
        "query compares a number with a column of another kind, or makes a value that is none: mend query, "
        "perhaps with CAST(column AS text)"
    )
    WRITES = "query writes, which bubbled does not let it: leave only what reads ({words})"


_ERRORS: Final[dict[Fault, type[DirectoryError]]] = {
    Fault.ACCOUNT: CredentialsError,
    Fault.ACCOUNT_FROM_HERE: CredentialsError,
    Fault.BUSY: BusyError,
    Fault.LOGIN_UNKNOWN: CredentialsError,
}

_LONGEST_WORDS: Final = 160
# Databases repeat pieces of the query, with the number in it.
_DIGITS: Final = re.compile(r"\+?\d[\d .\-]{3,}\d")


def error_of(fault: Fault, host: object, words: str = "") -> DirectoryError:
    """The error for the user.

    Args:
        fault: what went wrong.
        host: how to call the database.
        words: what the database said, which may hold anything.
    """
    said = cleaned(words)
    text = fault.value.format(host=host, words=said)
    return _ERRORS.get(fault, DirectoryError)(text if said else text.replace(" ()", ""))


def cleaned(words: str) -> str:
    """The first line, short, without anything that looks like a phone number."""
    line = words.strip().partition("\n")[0][: 10 * _LONGEST_WORDS]
    plain = "".join(letter for letter in line if letter.isprintable())
    return _DIGITS.sub("***", plain)[:_LONGEST_WORDS].strip()
