"""Xandikos, a real CalDAV and CardDAV server that keeps its collections in Git."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import sys
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import trustme
from dulwich.repo import Repo

from tests.servers.dav import PASSWORD, USER, DavAccount, with_uid
from tests.servers.process import LOOPBACK, Server, folder, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class XandikosAccount(DavAccount):
    async def fill(self, texts: Sequence[str]) -> None:
        await asyncio.to_thread(self._commit, texts)

    def _commit(self, texts: Sequence[str]) -> None:
        """One commit in the repository, as somebody may push one; a request for each takes minutes."""
        assert self.ca_file is not None
        place = self.ca_file.parent / "collections" / self.book().strip("/")
        names = [f"card-{i}.vcf" for i in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            (place / name).write_text(with_uid(text, name), encoding="utf-8", newline="")
        with closing(Repo(str(place))) as repository:
            tree = repository.get_worktree()
            tree.stage(names)
            tree.commit(
                message=b"Many", committer=b"Tests <tests@example.com>", author=b"Tests <tests@example.com>"
            )


@contextmanager
def xandikos() -> Iterator[DavAccount]:
    """Run it with one account, which has an address book, and over TLS: it asks for no password without.

    It would make a certificate for a host name by itself; the tests ask it by its address.
    """
    with folder() as place:
        port = free_port()
        authority = trustme.CA()
        authority.cert_pem.write_to_path(place / "authority.pem")
        (place / "certs").mkdir()
        certificate = authority.issue_cert(LOOPBACK)
        certificate.cert_chain_pems[0].write_to_path(place / "certs" / "selfsigned.crt")
        certificate.private_key_pem.write_to_path(place / "certs" / "selfsigned.key")
        digest = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()  # noqa: S324 - what the file holds
        (place / "users").write_text(f"{USER}:{{SHA}}{digest}\n")
        command = [
            *(sys.executable, "-m", "xandikos", "serve", "--defaults", "--autocert"),
            *("-d", str(place / "collections"), "--state-dir", str(place)),
            *("-l", LOOPBACK, "-p", str(port), "--htpasswd", str(place / "users")),
        ]
        with Server(command, port, place / "log") as server:
            yield XandikosAccount(
                server, f"https://{LOOPBACK}:{port}", f"/{USER}/contacts/", place / "authority.pem"
            )
