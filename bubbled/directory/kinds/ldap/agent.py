"""Speak LDAP in a process of its own.

libldap, and bonsai around it, hold up the whole interpreter while they connect, agree on TLS and log in, also
in a thread and also with asyncio: a server that accepts and never answers would stop every popup. A process
can be left waiting, and killed. It also keeps a hostile server away from the daemon's memory.

`python -m bubbled.directory.kinds.ldap.agent` is that process. It reads an account and then questions from
its standard input, each a line of JSON, and writes an answer to each, again a line of JSON. It ends when its
input does, or when the system's alarm finds it stuck.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from bubbled.directory.kinds.ldap.diagnosis import Endpoint, ca_file_trouble, trusted_file, why_unreachable
from bubbled.directory.kinds.ldap.trouble import Trouble, detail_of, trouble_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_ENTRIES: Final = 100
"""How many entries are taken of an answer."""

LONGEST_ANSWER: Final = 2_000_000
"""Bytes of an answer, after which entries are left out."""

_MOST_FOUND = 1000  # by servers that do not know pages
_MOST_VALUES = 200  # of one attribute
_LONGEST_VALUE = 1000  # characters; popups show fewer
_MOST_MEMORY = 128 * 1024**2  # bytes, of which 25 MB are usual: libldap takes in whatever the server sends
_FORGOTTEN_AFTER_S = 240.0  # after which a firewall may have dropped a silent connection without a word
_GRACE_S = 2


class Agent:
    """One account on one server, and the connection to it, made when it is first needed."""

    def __init__(self, account: dict[str, Any]) -> None:
        self._account = account
        self._endpoint = Endpoint(
            account["scheme"], account["host"], account["port"], account["start_tls"], account["ca_file"]
        )
        self._connection: Any = None
        self._used_at = 0.0

    def answer(self, question: dict[str, Any]) -> dict[str, Any]:
        """The entries found, or what went wrong."""
        try:
            import bonsai  # noqa: PLC0415 - where it is missing, that is the answer
        except ImportError:
            return _failed(Trouble.NOT_INSTALLED)
        trouble = ca_file_trouble(self._endpoint)
        if trouble is not None:
            return _failed(Trouble.NO_CA_FILE, trouble)
        try:
            return {"entries": list(_fitting(self._found(bonsai, question)))}
        except bonsai.LDAPError as problem:
            return self._told(problem.code, str(problem))

    def _found(self, bonsai: Any, question: dict[str, Any]) -> list[Any]:
        """Ask; once more on a new connection where the server has closed the old one, as after a restart."""
        was_open = self._is_fresh()
        try:
            return self._search(bonsai, question)
        except (bonsai.ConnectionError, bonsai.errors.ClosedConnection):
            self._drop()
            if not was_open:
                raise
            return self._search(bonsai, question)

    def _search(self, bonsai: Any, question: dict[str, Any]) -> list[Any]:
        if self._connection is None:
            self._connection = self._client(bonsai).connect(timeout=question["limit_s"])
        self._used_at = time.monotonic()
        # A page, because of more than MOST_ENTRIES the server would otherwise tell none.
        page = self._connection.paged_search(
            question["base"],
            bonsai.LDAPSearchScope[question["scope"].upper()],
            question["filter"],
            question["attributes"],
            timeout=question["limit_s"],
            sizelimit=_MOST_FOUND,
            page_size=MOST_ENTRIES,
        )
        return list(islice(page, MOST_ENTRIES))

    def _client(self, bonsai: Any) -> Any:
        address = f"{self._endpoint.scheme}://{self._endpoint.quoted_host}:{self._endpoint.port}"
        client = bonsai.LDAPClient(address, self._endpoint.start_tls)
        client.set_cert_policy("demand")
        client.set_ca_cert(trusted_file(self._endpoint))
        # A referral would take the password to a host that the user did not name.
        client.set_server_chase_referrals(False)
        client.set_ignore_referrals(True)
        client.set_auto_page_acquire(False)
        client.set_raw_attributes(self._account["binary"])
        if self._account["bind_dn"] is not None:
            client.set_credentials(
                "SIMPLE", user=self._account["bind_dn"], password=self._account["password"]
            )
        return client

    def _is_fresh(self) -> bool:
        if self._connection is not None and time.monotonic() - self._used_at > _FORGOTTEN_AFTER_S:
            self._drop()
        return self._connection is not None

    def _told(self, code: int, words: str) -> dict[str, Any]:
        trouble = trouble_of(code)
        if trouble in (Trouble.BROKEN_OFF, Trouble.SILENT):
            self._drop()
        if trouble is Trouble.BROKEN_OFF:
            return _failed(*why_unreachable(self._endpoint))
        return _failed(trouble, detail_of(words))

    def _drop(self) -> None:
        # Not close(), which complains of a connection that is broken; bonsai closes what nobody holds.
        self._connection = None


def _failed(trouble: Trouble, detail: str = "") -> dict[str, Any]:
    return {"failed": trouble, "detail": detail}


def _fitting(found: Iterable[Any]) -> Iterable[dict[str, list[str]]]:
    room = LONGEST_ANSWER
    for entry in found:
        attributes = {name.lower(): _texts(values) for name, values in entry.items()}
        room -= len(json.dumps(attributes))
        if room < 0:
            return
        yield attributes


def _texts(values: Iterable[object]) -> list[str]:
    return [
        (value.hex() if isinstance(value, bytes) else str(value))[:_LONGEST_VALUE]
        for value in islice(values, _MOST_VALUES)
    ]


def main() -> None:
    """Answer the questions on standard input until it ends."""
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    agent = Agent(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        question = json.loads(line)
        # Left to the system, which ends this process even while libldap holds up the interpreter.
        signal.alarm(int(question["limit_s"]) + _GRACE_S)
        answer = agent.answer(question)
        signal.alarm(0)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
