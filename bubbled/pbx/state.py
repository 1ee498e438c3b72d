"""How it stands with a PBX: what each kind of source tells of its connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.error import PbxError


@dataclass(frozen=True, slots=True)
class Connecting:
    """A connection is being made."""


@dataclass(frozen=True, slots=True)
class Up:
    """Calls are followed; `version` is that of AMI (`11.0.0`), or what a SIP server calls itself."""

    version: str


@dataclass(frozen=True, slots=True)
class Down:
    """No connection; the next try comes by itself."""

    reason: PbxError
    retry_in_s: float


@dataclass(frozen=True, slots=True)
class Refused:
    """The PBX does not accept the account; somebody must mend that, and the next try comes late."""

    reason: PbxError
    retry_in_s: float


State = Connecting | Up | Down | Refused
