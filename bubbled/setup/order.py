"""Which questions there are, and in which order: each by what was answered and learnt before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from bubbled.settings.schema import PbxKind
from bubbled.settings.value import is_loopback
from bubbled.setup.answer import (
    DEVICES,
    EXTENSION,
    HOST,
    OTHER,
    PLAIN,
    PRIVACY,
    REGION,
    SECRET,
    TRUST,
    USERNAME,
    WAY,
    YES,
    Answers,
)
from bubbled.setup.contacts import contacts
from bubbled.setup.question import Choice, Group, Kind, Question

if TYPE_CHECKING:
    from bubbled.model import Device
    from bubbled.setup.known import Known, Reach

Questions = Iterator[Question]
"""Those of one group; what comes later may depend on the answers to what comes before."""

_MANY_PHONES: Final = 12


def is_sip(answers: Answers) -> bool:
    """Whether nothing but a SIP account is used."""
    return answers.get(WAY) == PbxKind.SIP


def usual_devices(extension: str) -> tuple[str, ...]:
    """The phones that are followed when the settings name none."""
    return tuple(f"{technology}/{extension}" for technology in ("PJSIP", "SIP", "IAX2"))


def _way(_answers: Answers, known: Known) -> Questions:
    yield Question(
        key=WAY,
        group=Group.WAY,
        text="How may bubbled speak to your PBX?",
        kind=Kind.CHOICE,
        default=known.default(WAY) or PbxKind.AMI.value,
        choices=(
            Choice(
                PbxKind.AMI.value, "with a manager account (AMI): all calls, calling from the computer, notes"
            ),
            Choice(PbxKind.SIP.value, "with the SIP account of my phone alone: calls that ring, no more"),
        ),
    )


def _reach(answers: Answers, known: Known) -> Questions:
    yield Question(
        key=HOST,
        group=Group.REACH,
        text="Name or address of the PBX",
        hint="As the administrator calls it, such as pbx.example.com or 192.168.1.10.",
        default=known.default(HOST),
    )
    if known.reach is not None:
        host = answers.get(HOST, "")
        yield from _privacy(known.reach, host, PLAIN if _goes_plain(known, host) else None)


def _goes_plain(known: Known, host: str) -> bool:
    """Whether the settings say already that there is no encryption towards this host."""
    pbx = known.present.get("pbx")
    if not isinstance(pbx, Mapping) or pbx.get("host") != host:
        return False
    return pbx.get("tls") is False or pbx.get("transport") in {"udp", "tcp"}


def _privacy(reach: Reach, host: str, default: str | None) -> Questions:
    other = Choice(OTHER, "name another PBX, or another port")
    plain = Choice(PLAIN, "go on without encryption: others on the way can read your calls")
    certificate = reach.certificate
    if is_loopback(host) and reach.plain_port:
        return
    if certificate is not None:
        ways = [] if certificate.trouble else [Choice(YES, "trust this certificate from now on")]
        ways += [plain] if reach.plain_port else []
        yield Question(
            key=TRUST,
            group=Group.REACH,
            text="This computer does not know who signed the PBX's certificate. What now?",
            kind=Kind.CHOICE,
            hint="Compare the fingerprint with what the administrator of the PBX sees.",
            default=default,
            choices=(*ways, other),
        )
    elif reach.plain_port and not reach.tls_port:
        yield Question(
            key=PRIVACY,
            group=Group.REACH,
            text="The PBX offers no encryption here. What now?",
            kind=Kind.CHOICE,
            hint="Fine within an office; over the internet ask the administrator for TLS.",
            default=default,
            choices=(plain, other),
        )


def _account(answers: Answers, known: Known) -> Questions:
    if is_sip(answers):
        yield _extension(Group.ACCOUNT, known)
        yield Question(
            key=USERNAME,
            group=Group.ACCOUNT,
            text="User name of your phone's SIP account",
            default=known.default(USERNAME) or answers.get(EXTENSION),
        )
    else:
        yield Question(
            key=USERNAME,
            group=Group.ACCOUNT,
            text="Name of the manager account",
            hint="The account for bubbled in manager.conf of the PBX; `bubbled doctor` prints what it needs.",
            default=known.default(USERNAME) or "bubbled",
        )
    yield Question(
        key=SECRET,
        group=Group.ACCOUNT,
        text="Its secret",
        kind=Kind.SECRET,
        hint="It is not shown while you type.",
        default="" if known.has(SECRET) else None,
    )


def _extension(group: Group, known: Known) -> Question:
    return Question(
        key=EXTENSION,
        group=group,
        text="Your extension",
        hint=f"The number by which colleagues call you.{_told_of(known.phones)}",
        default=known.default(EXTENSION),
        choices=tuple(Choice(device.partition("/")[2], device) for device in known.phones),
    )


def _told_of(phones: Sequence[Device]) -> str:
    """Which there are, as far as they fit on a line or two."""
    if not phones:
        return ""
    names = ", ".join(phones[:_MANY_PHONES])
    return f" The PBX tells of {names}{', ...' if len(phones) > _MANY_PHONES else '.'}"


def _phone(answers: Answers, known: Known) -> Questions:
    if is_sip(answers):
        return
    yield _extension(Group.PHONE, known)
    if EXTENSION not in answers:
        return
    usual = usual_devices(answers[EXTENSION])
    if known.phones and not set(usual) & set(known.phones) and not known.has(DEVICES):
        yield Question(
            key=DEVICES,
            group=Group.PHONE,
            text=f"The PBX tells of no {usual[0]}. Which phone is yours?",
            kind=Kind.CHOICE,
            hint="Its name as the PBX has it also does, or several with commas between them.",
            choices=(
                *(Choice(device, "") for device in known.phones[:_MANY_PHONES]),
                Choice(OTHER, "another extension"),
            ),
        )


def _country(_answers: Answers, known: Known) -> Questions:
    yield Question(
        key=REGION,
        group=Group.COUNTRY,
        text="Your country",
        hint="How numbers without a country code are read; two letters or its name.",
        default=known.default(REGION) or known.region,
        choices=known.countries,
    )


ORDER: Final[Mapping[Group, Callable[[Answers, Known], Questions]]] = {
    Group.WAY: _way,
    Group.REACH: _reach,
    Group.ACCOUNT: _account,
    Group.PHONE: _phone,
    Group.COUNTRY: _country,
    Group.CONTACTS: contacts,
}
"""The groups, in the order in which they are asked."""
