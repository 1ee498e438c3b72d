"""How long the daemon takes to be ready, what it weighs when idle, and how long `bubbled status` takes.

Runs the real program as a user does, with a demo PBX in this process, a small address book and folders of its
own, without a desktop. Prints JSON; times are medians in seconds, of processes that are started anew.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from bubbled.pbx.demo import CONTACTS, DemoPbx

ROUNDS = 9
IDLE_S = 5.0

SETTINGS = """
[me]
extension = "101"
region = "NL"
[pbx]
host = "127.0.0.1"
port = {port}
username = "bench"
secret = "bench"
[popup]
screen = "native"
[[directory]]
name = "Customers"
kind = "csv"
path = "{contacts}"
"""


class Run:
    """A daemon in a folder of its own."""

    def __init__(self, folder: Path, settings: Path) -> None:
        self._address = str(folder / "notify")
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "NOTIFY_SOCKET": self._address,
        }
        self._settings = settings

    async def start(self) -> tuple[float, subprocess.Popen[bytes]]:
        """Start it; gives the seconds from the start of the process to READY=1."""
        with suppress(FileNotFoundError):
            os.unlink(self._address)  # noqa: PTH108 - pathlib would have to go to a thread here, for no gain
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
            notices.bind(self._address)
            notices.setblocking(False)  # noqa: FBT003 - the name of the method says it
            begun = time.perf_counter()
            process = self.command("run", "--config", str(self._settings))
            while b"READY=1" not in await asyncio.get_running_loop().sock_recv(notices, 4096):
                pass
            return time.perf_counter() - begun, process

    def command(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command."""
        return subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "bubbled", *arguments],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    async def status(self) -> float:
        """Gives the seconds that `bubbled status` takes as a whole process."""
        begun = time.perf_counter()
        if await asyncio.to_thread(self.command("status").wait):
            raise RuntimeError("`bubbled status` failed")
        return time.perf_counter() - begun


def bare_interpreter() -> float:
    """Seconds that Python takes to start and do nothing, for comparison."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - begun


def weight_mb(pid: int) -> dict[str, float]:
    """What a process holds, by /proc/PID/smaps_rollup (proc(5))."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith(" kB")}
    return {"rss_mb": round(sizes["Rss"] / 1024, 1), "pss_mb": round(sizes["Pss"] / 1024, 1)}


async def measure(folder: Path) -> dict[str, object]:
    """Start it again and again; look at the last one."""
    async with DemoPbx() as pbx:
        settings = folder / "config.toml"
        settings.write_text(SETTINGS.format(port=pbx.port, contacts=CONTACTS))
        settings.chmod(0o600)
        run = Run(folder, settings)
        starts: list[float] = []
        for _ in range(ROUNDS):
            taken, process = await run.start()
            starts.append(taken)
            if len(starts) < ROUNDS:
                process.terminate()
                await asyncio.to_thread(process.wait)
        await asyncio.sleep(IDLE_S)
        weight = weight_mb(process.pid)
        statuses = [await run.status() for _ in range(ROUNDS)]
        process.terminate()
        await asyncio.to_thread(process.wait)
    return {
        "ready_s": round(statistics.median(starts), 3),
        "ready_best_s": round(min(starts), 3),
        "idle": weight,
        "status_s": round(statistics.median(statuses), 3),
        "bare_python_s": round(statistics.median(bare_interpreter() for _ in range(ROUNDS)), 3),
    }


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="bubbled-bench-") as folder:
        print(json.dumps(asyncio.run(measure(Path(folder))), indent=2))


if __name__ == "__main__":
    main()
