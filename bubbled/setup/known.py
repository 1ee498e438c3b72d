"""What setup knows before it asks, and what it learns by trying."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bubbled.model import Device
    from bubbled.setup.question import Choice


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a PBX shows that no authority of this computer has signed.

    Attributes:
        fingerprint: SHA-256, in pairs of capitals: `AB:CD:...`.
        names: whom it is made out to; may be empty.
        until: when it ends, in words.
        trouble: why it cannot be trusted even when the user wants to; None when it can.
    """

    pem: str
    fingerprint: str
    names: tuple[str, ...] = ()
    until: str = ""
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How a PBX can be reached; none of the ports: it cannot.

    Attributes:
        tls_port: where it speaks TLS, with a certificate that this computer trusts, or `certificate`.
        plain_port: where it speaks without, so that others on the way can read along.
        plain_transport: by which transport of SIP; of no meaning for AMI.
        reason: why not, in full sentences for the user.
    """

    tls_port: int | None = None
    certificate: Certificate | None = None
    plain_port: int | None = None
    plain_transport: str = "udp"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What a preset leaves to the user; `key` as in `answer.Answers`."""

    key: str
    about: str
    is_secret: bool
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All of it.

    Attributes:
        present: the settings as they are, unchecked; empty where there are none.
        folder: what a path is looked for in that does not begin with a slash.
        region: the country where the computer seems to be, by ISO 3166; None: it does not show.
        countries: all that have telephones.
        presets: CRM packages.
        reach: how the PBX that was answered can be reached; None: not tried.
        phones: which the PBX tells of; empty where it does not tell.
        is_logged_in: whether the PBX has taken the account.
        needs: by the name of the preset.
        places: where secrets are kept that nobody need type, by their keys in the answers.
        more: what else the file is to say, as in `answer.Given`.
        ca_file: where a certificate is put that the user trusts.
    """

    present: Mapping[str, Any] = field(default_factory=dict)
    folder: str = "/"
    region: str | None = None
    countries: tuple[Choice, ...] = ()
    presets: tuple[Choice, ...] = ()
    reach: Reach | None = None
    phones: tuple[Device, ...] = ()
    is_logged_in: bool = False
    needs: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)
    places: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    more: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    ca_file: str = ""

    def default(self, key: str) -> str | None:
        """What the settings say of a key, as an answer; None when they do not, or it is no text."""
        value: Any = self.present
        for step in key.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        return value if isinstance(value, str) else None

    def has(self, key: str) -> bool:
        """Whether the settings say anything of a key, or somebody says where a secret is kept."""
        if key in self.places:
            return True
        section, _, name = key.partition(".")
        table = self.present.get(section)
        return isinstance(table, Mapping) and name in table

    @property
    def directories(self) -> tuple[str, ...]:
        """The names of those that the settings have."""
        listed = self.present.get("directory")
        tables = listed if isinstance(listed, list) else []
        return tuple(str(table.get("name", "?")) for table in tables if isinstance(table, Mapping))
