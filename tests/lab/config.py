"""The configuration of one PBX instance, made from etc/."""

from __future__ import annotations

import re
import socket
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from secrets import randbelow
from typing import Self

ETC = Path(__file__).parent / "etc"
SIP_PORT = 5060
SIP_TLS_PORT = 5061
AMI_PORT = 5038

_TAGGED = re.compile(r"^(.*?) *;@(\d+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Network:
    """A loopback network for one PBX, so that several run side by side on their usual ports."""

    second: int
    third: int

    @classmethod
    def free(cls) -> Self:
        """Choose one that nobody uses."""
        while True:
            network = cls(1 + randbelow(254), 1 + randbelow(254))
            if network._is_free():
                return network

    @property
    def pbx_ip(self) -> str:
        """Where the PBX listens."""
        return self._ip(1)

    @property
    def trunk_ip(self) -> str:
        """Where the outside world lives."""
        return self._ip(2)

    @property
    def phone_ip(self) -> str:
        """Where the phones of the house are, each on a port of its own."""
        return self._ip(3)

    def _ip(self, host: int) -> str:
        return f"127.{self.second}.{self.third}.{host}"

    def _is_free(self) -> bool:
        with closing(socket.socket(type=socket.SOCK_DGRAM)) as sip:
            try:
                sip.bind((self.pbx_ip, SIP_PORT))
            except OSError:
                return False
        return True


def render(text: str, major: int, names: dict[str, str]) -> str:
    """Fill in `@NAME@`; keep the lines that fit: those ending in `;@22` from 22 on, in `;@16` before."""
    dropped = "16" if major >= 22 else "22"
    fitting = _TAGGED.sub(lambda line: "" if line[2] == dropped else line[1], text)
    return re.sub(r"@([A-Z_]+)@", lambda name: names[name[1]], fitting)


def write(folder: Path, major: int, names: dict[str, str]) -> None:
    """Write all of etc/ into an existing folder."""
    for source in ETC.glob("*.conf"):
        (folder / source.name).write_text(render(source.read_text(), major, names))
