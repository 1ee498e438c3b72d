"""A real Asterisk for tests: one object, one process, on a loopback network of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Self

import trustme

from tests.lab import config
from tests.lab.ami import FULL, Session
from tests.lab.installation import Installation

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOMES = PurePosixPath("/srv/bubbled-lab")
_FOLDERS = ("etc", "run", "lib", "spool", "log", "cache")
_BOOT_S = 20.0
_STOP_S = 10.0
_RETRY_S = 0.02


class Asterisk:
    """One running PBX.

    `async with Asterisk() as pbx:` starts it (about half a second) and ends it. It may be used from several
    event loops, one after the other. It dies with the process that started it.

    Attributes:
        network: its addresses; two instances never share one.
        ami: host and port of its AMI.
        authority: who signed the certificate that it shows over TLS.
    """

    def __init__(self, installation: Installation | None = None) -> None:
        self.installation = installation or Installation.default()
        self.network = config.Network.free()
        self.ami = (self.network.pbx_ip, config.AMI_PORT)
        self.authority = trustme.CA()
        self._home = _HOMES / f"{os.getpid()}-{self.network.pbx_ip}"
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self._process is not None and self._process.poll() is None

    async def start(self) -> None:
        """Start it and wait until it is fully booted.

        Raises:
            TimeoutError: it did not come up; the error holds the end of its log.
        """
        self._sweep()
        self._furnish()
        self._launch()
        await self._booted()

    async def stop(self) -> None:
        """End it in order: every call is hung up first."""
        if self._process and self.running:
            self._process.send_signal(signal.SIGCONT)
            self._process.terminate()
            await self._gone()

    async def aclose(self) -> None:
        """End it in order, and remove what it has written."""
        await self.stop()
        shutil.rmtree(self._outside(self._home), ignore_errors=True)

    async def kill(self) -> None:
        """End it at once, as a power cut would: no hangup, no word to anybody."""
        if self._process:
            self._process.kill()
            await self._gone()

    async def restart(self) -> None:
        """Restart it as an administrator does (`core restart now`), calls or not."""
        watch = await Session.connect(self.ami, FULL, time.monotonic)
        watch_is_lost = asyncio.create_task(watch.lost.wait())
        await self.run("core restart now")
        await asyncio.wait_for(watch_is_lost, _STOP_S)
        await watch.close()
        await self._booted()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop it in its tracks: connections stay open, and nobody answers any more."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)  # its threads go on for a moment
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    async def run(self, command: str) -> str:
        """Run a command of its console and return what it says."""
        process = await asyncio.create_subprocess_exec(
            *self._command("-rx", command),
            cwd=self.installation.root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return said.decode(errors="replace")

    async def admit(self, stanza: str) -> None:
        """Add an AMI account, as it stands in manager.conf; it is gone after the next `start`."""
        with self._outside(self._home / "etc" / "manager.conf").open("a") as accounts:
            accounts.write(f"\n{stanza}\n")
        await self.run("manager reload")

    def rewrite(self, file: str, old: str, new: str) -> None:
        """Change a file of its configuration; a `reload` of its console reads it, `start` restores it."""
        path = self._outside(self._home / "etc" / file)
        path.write_text(path.read_text().replace(old, new))

    def forget(self) -> None:
        """Remove its database, with all that it remembers over a restart; only while it does not run."""
        for path in self._outside(self._home / "lib").glob("astdb*"):
            path.unlink()

    def log(self, lines: int = 60) -> str:
        """Return the end of its log."""
        texts = [
            path.read_text(errors="replace")
            for path in sorted(self._outside(self._home / "log").glob("*.log"))
        ]
        return "\n".join("\n".join(text.splitlines()[-lines:]) for text in texts)

    def _outside(self, path: PurePosixPath) -> Path:
        return self.installation.root / path.relative_to("/")

    def _command(self, *arguments: str) -> list[str]:
        """Build a command, to be run in the root's folder: its user may not be able to reach that by name."""
        # The signal that ends it with its parent is lost when a process changes its user: so the user comes
        # first, with the one right that entering the root takes.
        user, group = self.installation.user()
        become = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--pdeathsig=KILL"]
        enter = ["--inh-caps=+sys_chroot", "--ambient-caps=+sys_chroot", "chroot", "."]
        return [*become, *enter, "asterisk", "-C", f"{self._home}/etc/asterisk.conf", *arguments]

    def _sweep(self) -> None:
        for home in self._outside(_HOMES).glob("*-*"):
            if not Path("/proc", home.name.split("-")[0]).exists():
                shutil.rmtree(home)

    def _furnish(self) -> None:
        home = self._outside(self._home)
        for name in _FOLDERS:
            (home / name).mkdir(parents=True, exist_ok=True)
        names = {
            "HOME": str(self._home),
            "MODULES": str(self.installation.modules()),
            "PBX_IP": self.network.pbx_ip,
            "TRUNK_IP": self.network.trunk_ip,
        }
        config.write(home / "etc", self.installation.major(), names)
        self._certify(home / "etc")
        for path in (home, *home.rglob("*")):
            os.chown(path, *self.installation.user())

    def _certify(self, folder: Path) -> None:
        issued = self.authority.issue_cert(self.network.pbx_ip)
        (folder / "certificate.pem").write_bytes(b"".join(pem.bytes() for pem in issued.cert_chain_pems))
        (folder / "certificate.key").write_bytes(issued.private_key_pem.bytes())

    def _launch(self) -> None:
        with self._outside(self._home / "log" / "console.log").open("ab") as console:
            self._process = subprocess.Popen(  # noqa: S603 (fixed words and our own paths)
                self._command("-f"),
                cwd=self.installation.root,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )

    async def _booted(self) -> None:
        try:
            async with asyncio.timeout(_BOOT_S):
                session = await self._first_login()
                await session.event("FullyBooted")
                await session.close()
        except TimeoutError as error:
            raise TimeoutError(f"Asterisk did not come up:\n{self.log()}") from error

    async def _first_login(self) -> Session:
        assert self._process
        while self._process.poll() is None:
            try:
                return await Session.connect(self.ami, FULL, time.monotonic)
            except ConnectionError:
                await asyncio.sleep(_RETRY_S)
        raise TimeoutError

    async def _gone(self) -> None:
        assert self._process
        await asyncio.to_thread(self._process.wait, _STOP_S)
