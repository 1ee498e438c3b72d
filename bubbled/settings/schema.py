"""What may stand in the settings file; docs/settings.md explains each key to the user.

Attributes are named as the keys are, but for `directories` (key `directory`), `buttons` (`button`) and
`dial.from_device` (`from`). Settings that mean the same are equal, so that a reload can tell what changed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import combinations, pairwise
from typing import Annotated, Any, get_args, get_origin

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from bubbled.model import Device
from bubbled.settings.button import ButtonSettings
from bubbled.settings.directory import MODELS, DirectorySettings
from bubbled.settings.popup import OwnNumbers, Popup, TraySettings
from bubbled.settings.secret_source import SecretSource
from bubbled.settings.value import (
    AnyPath,
    AskFirst,
    DeviceName,
    DevicePatterns,
    DialDigits,
    DialplanWord,
    Few,
    Host,
    Key,
    Lax,
    Many,
    NumberPattern,
    Port,
    Region,
    Section,
    SipHeader,
    Text,
    TierNumber,
    is_loopback,
    not_empty,
)

AMI_PORT = 5038
AMI_TLS_PORT = 5039
SIP_PORT = 5060
SIP_TLS_PORT = 5061


class PbxKind(StrEnum):
    """How bubbled follows the calls of a PBX."""

    AMI = "ami"
    SIP = "sip"


class SipTransport(StrEnum):
    """How SIP travels to the PBX."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class NumberFormat(StrEnum):
    """How the PBX wants the numbers of the outside: 0201234567, 0031201234567 or +31201234567."""

    NATIONAL = "national"
    INTERNATIONAL = "international"
    E164 = "e164"


class LogLevel(StrEnum):
    """The least important message that is still logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How messages are written; `AUTO` is console in a terminal, else JSON."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


# Defaults that follow from the values before them. A wrong one is missing here, and the default then does not
# matter: only older versions of pydantic ask for it at all.
def _own_devices(earlier: dict[str, Any]) -> tuple[Device, ...]:
    extension = earlier.get("extension")
    return tuple(Device(f"{technology}/{extension}") for technology in ("PJSIP", "SIP", "IAX2"))


def _transport(earlier: dict[str, Any]) -> SipTransport:
    return SipTransport.UDP if is_loopback(earlier.get("host") or "") else SipTransport.TLS


def _tls(earlier: dict[str, Any]) -> bool:
    if earlier.get("kind") is PbxKind.SIP:
        return earlier.get("transport") is SipTransport.TLS
    return not is_loopback(earlier.get("host", ""))


def _usual_port(earlier: dict[str, Any]) -> int:
    if earlier.get("kind") is not PbxKind.AMI:
        return SIP_TLS_PORT if earlier.get("transport") is SipTransport.TLS else SIP_PORT
    return AMI_TLS_PORT if earlier.get("tls") else AMI_PORT


class Me(Section):
    """Whose calls pop up.

    Attributes:
        numbers: what the numbers are called that reach the user.
    """

    extension: DialplanWord = Field(examples=['extension = "101"'])
    region: Region = Field(examples=['region = "NL"'])
    devices: Annotated[Many[DeviceName], AfterValidator(not_empty)] = Field(default_factory=_own_devices)
    name: Text | None = None
    numbers: OwnNumbers = Field(default_factory=dict)


class SipAccount(Section):
    """A SIP account, by which calls are followed where AMI does not tell, too.

    Attributes:
        host: the SIP server; None: that of AMI.
        domain: of the account; None: the host.
        auth_username: the name that goes with the secret; None: `username`.
        follow: the extension whose calls are followed; None: the user's own.
        phone: where the user's phone takes wishes to call; None: the PBX is asked.
    """

    host: Host | None = None
    transport: Lax[SipTransport] = Field(default_factory=_transport)
    ca_file: AnyPath | None = None
    port: Port = Field(default_factory=_usual_port)
    domain: Host | None = None
    username: Text = Field(examples=['username = "101"'])
    auth_username: Text | None = None
    secret: SecretSource = Field(examples=['secret = { keyring = "bubbled", user = "sip" }'])
    follow: DialplanWord | None = None
    phone: Host | None = None


_SIP_ALONE = ("transport", "domain", "auth_username", "follow", "phone")


class Pbx(Section):
    """The PBX and the account on it. TLS is on, with certificates checked, unless it is this computer.

    Attributes:
        transport: how SIP travels; of no use with AMI, as `domain`, `auth_username`, `follow` and
            `phone`.
        sip: a SIP account besides AMI.
    """

    kind: Lax[PbxKind] = PbxKind.AMI
    host: Host = Field(examples=['host = "pbx.example.com"'])
    transport: Lax[SipTransport] = Field(default_factory=_transport)
    tls: bool = Field(default_factory=_tls)
    ca_file: AnyPath | None = None
    port: Port = Field(default_factory=_usual_port)
    domain: Host | None = None
    username: Text = Field(examples=['username = "bubbled"'])
    auth_username: Text | None = None
    secret: SecretSource = Field(examples=['secret = { credential = "ami" }'])
    follow: DialplanWord | None = None
    phone: Host | None = None
    sip: SipAccount | None = None

    @field_validator("ca_file")
    @classmethod
    def _needs_tls(cls, ca_file: AnyPath | None, info: ValidationInfo) -> AnyPath | None:
        if ca_file is not None and info.data.get("tls") is False:
            switch = 'transport = "tls"' if info.data.get("kind") is PbxKind.SIP else "tls = true"
            raise ValueError(f"is of use only with {switch}")
        return ca_file

    @field_validator(*_SIP_ALONE)
    @classmethod
    def _needs_sip(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and info.data.get("kind") is PbxKind.AMI:
            raise ValueError('is of use only with kind = "sip"')
        return value

    @field_validator("tls", "sip")
    @classmethod
    def _needs_ami(cls, value: object, info: ValidationInfo) -> object:
        if value is not None and info.data.get("kind") is PbxKind.SIP:
            instead = 'transport = "tls"' if info.field_name == "tls" else 'kind = "ami"'
            raise ValueError(f'is of no use with kind = "sip"; say {instead}')
        return value

    @property
    def sip_account(self) -> SipAccount | None:
        """The account by which calls are followed by SIP, with its host; None where AMI alone does that."""
        if self.kind is PbxKind.SIP:
            return SipAccount.model_construct(**{key: getattr(self, key) for key in SipAccount.model_fields})
        return None if self.sip is None else self.sip.model_copy(update={"host": self.sip.host or self.host})


class Team(Section):
    """The colleagues whose calls count as a last contact.

    Attributes:
        devices: patterns of their devices, as in `fnmatch`.
        names: what to call them, by extension.
        share_notes: whether notes are told to the colleague who takes a call over, through the PBX.
    """

    devices: DevicePatterns = ()
    share_notes: bool = False
    names: Mapping[DialplanWord, Text] = Field(default_factory=dict)


class Dial(Section):
    """How bubbled places calls.

    Attributes:
        from_device: the phone that rings first; None: the first of the user's devices that the PBX knows.
        names: what the user calls the phones, by device.
        skip_unregistered: whether the next phone rings where the first is not registered.
        ring_s: how long the own phone rings.
        auto_answer: what makes the own phone lift by itself.
        international_prefix: None: as in `me.region`.
        extensions: which numbers are internal; None: those in `team.names`.
        codes: whether service codes such as `*72` may be dialled.
        ask: which numbers are dialled only after a question.
        trust_links: whether a link dials without a question.
        hotkey: dials what is selected; "none": there is no such key.
    """

    context: DialplanWord = "from-internal"
    from_device: DeviceName | None = Field(default=None, alias="from")
    names: Mapping[DeviceName, Text] = Field(default_factory=dict)
    skip_unregistered: bool = False
    ring_s: float = Field(default=30.0, ge=5, le=300, allow_inf_nan=False)
    auto_answer: SipHeader | None = None
    format: Lax[NumberFormat] = NumberFormat.NATIONAL
    outside_prefix: DialDigits = ""
    international_prefix: DialDigits | None = None
    extensions: Many[NumberPattern] | None = None
    codes: bool = False
    ask: Many[AskFirst] = ("premium_rate",)
    trust_links: bool = False
    hotkey: Key = "F7"


class Mode(StrEnum):
    """How the directories of a tier are asked: at once, one after a while, or each when the last is done."""

    PARALLEL = "parallel"
    STAGGERED = "staggered"
    SEQUENTIAL = "sequential"


class TierSettings(Section):
    """How the directories of one tier are asked."""

    mode: Lax[Mode] = Mode.PARALLEL
    stagger_ms: float = Field(default=150.0, ge=0, le=10_000, allow_inf_nan=False)


class LookupSettings(Section):
    """How long callers are looked for, and how long what was found is remembered.

    Attributes:
        budget_s: for all directories together.
        provisional_after_ms: when the match of a later directory is shown for the time being.
        remember_s: for how long a match is not asked for again; 0: always ask.
        remember_misses_s: the same where nobody had the number.
        tiers: by their numbers.
    """

    budget_s: float = Field(default=3.0, gt=0, le=60, allow_inf_nan=False)
    provisional_after_ms: float = Field(default=300.0, ge=0, le=10_000, allow_inf_nan=False)
    remember_s: float = Field(default=600.0, ge=0, le=86_400, allow_inf_nan=False)
    remember_misses_s: float = Field(default=60.0, ge=0, le=3_600, allow_inf_nan=False)
    tiers: Mapping[TierNumber, TierSettings] = Field(default_factory=dict, alias="tier")


class HistorySettings(Section):
    """How long calls are remembered (0: for ever) and in which file; None: in the user's state folder.

    Attributes:
        last_calls: how many the tray and `bubbled calls` list.
    """

    retention_days: int = Field(default=365, ge=0, le=36_500)
    last_calls: int = Field(default=10, ge=1, le=100)
    path: AnyPath | None = None


class PagesSettings(Section):
    """The pages in the browser.

    Attributes:
        enabled: whether there are any.
        port: of this computer, on which they are; 0: another each time.
    """

    enabled: bool = True
    port: int = Field(default=0, ge=0, le=65_535)


class Log(Section):
    """What the daemon says of itself, and how."""

    level: Lax[LogLevel] = LogLevel.INFO
    format: Lax[LogFormat] = LogFormat.AUTO


class Settings(Section):
    """The whole file. `directories` are in the order in which they are asked; no two have the same name.

    Attributes:
        buttons: those of the popup; None: bubbled's own.
    """

    me: Me
    pbx: Pbx
    team: Team = Field(default_factory=Team)
    dial: Dial = Field(default_factory=Dial)
    directories: Many[DirectorySettings] = Field(default=(), alias="directory")
    lookup: LookupSettings = Field(default_factory=LookupSettings)
    popup: Popup = Field(default_factory=Popup)
    buttons: Few[ButtonSettings] | None = Field(default=None, alias="button")
    tray: TraySettings = Field(default_factory=TraySettings)
    history: HistorySettings = Field(default_factory=HistorySettings)
    pages: PagesSettings = Field(default_factory=PagesSettings)
    log: Log = Field(default_factory=Log)

    @field_validator("directories")
    @classmethod
    def _names_differ(cls, directories: tuple[DirectorySettings, ...]) -> tuple[DirectorySettings, ...]:
        if len(Counter(directory.name for directory in directories)) < len(directories):
            raise PydanticCustomError("repeated_name", "holds two directories with the same name")
        return directories

    @field_validator("popup")
    @classmethod
    def _keys_differ(cls, popup: Popup, others: ValidationInfo) -> Popup:
        dial = others.data.get("dial")
        wished = {"popup.mute_key": popup.mute_key, "popup.focus_key": popup.focus_key}
        keys = {name: key for name, key in wished.items() if key != "none"}
        if isinstance(dial, Dial):
            keys = {"dial.hotkey": dial.hotkey} | keys
        for (one, key), (other, same) in combinations(keys.items(), 2):
            if key == same:
                raise ValueError(f"has {key} for two things, {one} and {other}: each needs a key of its own")
        return popup

    @field_validator("directories")
    @classmethod
    def _tiers_rise(cls, directories: tuple[DirectorySettings, ...]) -> tuple[DirectorySettings, ...]:
        numbered = [directory for directory in directories if directory.tier is not None]
        for earlier, later in pairwise(numbered):
            if (later.tier or 0) < (earlier.tier or 0):
                raise ValueError(
                    f"is out of order: {later.name} is of tier {later.tier}, but stands below {earlier.name} "
                    f"of tier {earlier.tier}, and directories are asked from top to bottom"
                )
        return directories


def keys_at(path: Iterable[str | int]) -> dict[str, FieldInfo]:
    """The keys that may stand in the table at `path`; empty where there are none, or the user names them.

    Where a table may be of several kinds, a tag of `directory.MODELS` in the path says which; else all count.
    """
    models: list[type[Section]] = [Settings]
    named_by_user = False
    for step in path:
        if step in MODELS:
            models = [MODELS[str(step)]]
        elif named_by_user:
            named_by_user = False
        elif isinstance(step, str):
            field = _keys_of(models).get(step)
            models = list(models_in(field.annotation)) if field else []
            named_by_user = field is not None and get_origin(field.annotation) is Mapping
    return {} if named_by_user else _keys_of(models)


def _keys_of(models: Iterable[type[Section]]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for model in models for name, field in model.model_fields.items()}


def models_in(annotation: Any) -> Iterator[type[Section]]:
    """The tables that a field of this type may hold."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)
