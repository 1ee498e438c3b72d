"""Trying what was answered: the PBX, the account on it, the phone, the contacts."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from bubbled.control.check import Check, Verdict
from bubbled.daemon import ami_check, assembly, sip_check
from bubbled.error import BubbledError, PbxError
from bubbled.model import Device
from bubbled.pbx.ami.client import AmiClient
from bubbled.pbx.ami.error import ActionRefusedError
from bubbled.settings.schema import Pbx, PbxKind, SipAccount
from bubbled.settings.value import DeviceName, is_loopback
from bubbled.setup.answer import CA_FILE, EXTENSION, HOST, PORT, WAY, Answers
from bubbled.setup.contacts_trial import try_contacts
from bubbled.setup.document import applied, values
from bubbled.setup.order import usual_devices
from bubbled.setup.question import Group
from bubbled.setup.reach import reach_ami, reach_sip

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from bubbled.directory.port import State
    from bubbled.pbx.ami.connection import Connection
    from bubbled.setup.known import Known, Reach

_LIMIT_S: Final = 25.0
_MANY: Final = 500
_LONGEST_NAME: Final = 80

_NAMES: Final = {
    Group.REACH: "PBX",
    Group.ACCOUNT: "Login",
    Group.PHONE: "Phones",
    Group.CONTACTS: "Contacts",
}

_NOT_REACHED: Final = Check("PBX", Verdict.SKIPPED, "not tried, because the PBX could not be reached")
_NOT_LOGGED_IN: Final = Check("Phone", Verdict.SKIPPED, "not tried, because there was no login")


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it, and what is known now."""

    checks: tuple[Check, ...]
    known: Known

    @property
    def has_failed(self) -> bool:
        """Whether it does not work as it was answered."""
        return any(each.verdict is Verdict.FAILED for each in self.checks)


async def try_out(
    group: Group, answers: Answers, known: Known, tell: Callable[[State], None] = lambda _state: None
) -> Tried:
    """Try the answers to a group of questions; `tell` hears how far an address book is that is read.

    What goes wrong is a failed check, never an error.
    """
    try:
        # A long address book takes its time, and shows how far it is.
        async with asyncio.timeout(None if group is Group.CONTACTS else _LIMIT_S):
            return await _tried(group, answers, known, tell)
    except TimeoutError:
        text = f"no answer within {_LIMIT_S:g} s"
    except (BubbledError, OSError) as error:
        text = str(error)
    return Tried((Check(_NAMES[group], Verdict.FAILED, text),), known)


async def _tried(group: Group, answers: Answers, known: Known, tell: Callable[[State], None]) -> Tried:
    match group:
        case Group.REACH:
            return await _reach(answers, known)
        case Group.ACCOUNT:
            return await _account(answers, known)
        case Group.PHONE:
            return await _phone(answers, known)
        case Group.CONTACTS:
            return Tried(await try_contacts(answers, known, tell), known)
        case _:
            return Tried((), known)


@contextmanager
def pbx_settings(answers: Answers, known: Known) -> Iterator[Pbx]:
    """The section of the PBX as it would be; a certificate that is trusted only now is in a file meanwhile.

    Raises:
        PbxError: the answers are no such section.
    """
    with tempfile.TemporaryDirectory(prefix="bubbled-") as folder:
        table = _document(answers, known)["pbx"]
        certificate = known.reach.certificate if known.reach else None
        if certificate is not None and answers.get(CA_FILE) == known.ca_file:
            file = Path(folder, "pbx.pem")
            file.write_text(certificate.pem)
            table = table | {"ca_file": str(file)}
        try:
            yield Pbx.model_validate(table)
        except ValidationError as error:
            where = ", ".join(".".join(map(str, each["loc"])) for each in error.errors())
            raise PbxError(f"The settings of the PBX are not usable: see {where} in [pbx].") from None


def _document(answers: Answers, known: Known) -> dict[str, Any]:
    return applied(known.present, values(answers, known, {}))


async def _reach(answers: Answers, known: Known) -> Tried:
    host = answers[HOST]
    knock = reach_sip if answers.get(WAY) == PbxKind.SIP else reach_ami
    reach = await knock(host, _port(answers, known), _trusted(answers, known))
    return Tried(tuple(_told(reach, host)), replace(known, reach=reach, is_logged_in=False))


def _trusted(answers: Answers, known: Known) -> Path | None:
    """The certificate that the user trusts already."""
    file = answers.get(CA_FILE) or known.default(CA_FILE)
    return Path(file).expanduser() if file else None


def _port(answers: Answers, known: Known) -> int | None:
    """The port that the user named, or the settings do for this host; None: the usual ones."""
    if PORT in answers:
        return int(answers[PORT])
    pbx = known.present.get("pbx", {})
    port = pbx.get("port") if pbx.get("host") == answers[HOST] else None
    return port if isinstance(port, int) else None


def _told(reach: Reach, host: str) -> Iterable[Check]:
    if reach.certificate is not None and not (is_loopback(host) and reach.plain_port):
        certificate = reach.certificate
        names = ", ".join(certificate.names)[:_LONGEST_NAME] or "nobody"
        until = f" until {certificate.until}" if certificate.until else ""
        yield Check(
            "Certificate", Verdict.WARNING, f"signed by nobody this computer knows; for {names}{until}"
        )
        yield Check("Fingerprint", Verdict.WARNING, f"SHA-256 {certificate.fingerprint}")
        if certificate.trouble:
            advice = f"Answer with the name that it is made out to, or have one made for {host}."
            yield Check("Certificate", Verdict.WARNING, f"cannot be trusted: {certificate.trouble}", advice)
    elif reach.tls_port:
        yield Check("PBX", Verdict.OK, f"there, encrypted, at {host}:{reach.tls_port}")
    elif reach.plain_port and (is_loopback(host) or not reach.reason):
        yield Check("PBX", Verdict.OK, f"there, at {host}:{reach.plain_port}")
    elif reach.plain_port:
        yield Check("PBX", Verdict.WARNING, f"there at {host}:{reach.plain_port}, but without encryption")
    else:
        yield Check("PBX", Verdict.FAILED, reach.reason)


async def _account(answers: Answers, known: Known) -> Tried:
    if known.reach is not None and not (known.reach.tls_port or known.reach.plain_port):
        return Tried((_NOT_REACHED,), known)
    if answers.get(WAY) == PbxKind.SIP:
        return await _sip_account(answers, known)
    async with _logged_in(answers, known) as connection:
        checks = await ami_check.rights(connection)
        phones = await _known_phones(connection)
    login = Check("Login", Verdict.OK, f"the PBX takes the account (AMI {connection.version})")
    return Tried((login, *checks), replace(known, phones=phones, is_logged_in=True))


async def _sip_account(answers: Answers, known: Known) -> Tried:
    with pbx_settings(answers, known) as pbx:
        account = SipAccount.model_construct(**{key: getattr(pbx, key) for key in SipAccount.model_fields})
        checks = await sip_check.by_sip(await assembly.sip_access(account, answers[EXTENSION]))
    return Tried(tuple(checks), replace(known, is_logged_in=True))


@asynccontextmanager
async def _logged_in(answers: Answers, known: Known) -> AsyncIterator[Connection]:
    with pbx_settings(answers, known) as pbx:
        connection = await AmiClient(await assembly.ami_access(pbx), wanted=()).connect()
    try:
        yield connection
    finally:
        connection.abort(PbxError("The trial is over."))
        await connection.ended()


async def _known_phones(connection: Connection) -> tuple[Device, ...]:
    """The phones that the PBX tells of; names that none could have are left out: a PBX may say anything."""
    try:
        rows = await connection.list({"Action": "DeviceStateList"})
    except ActionRefusedError:
        return ()
    named = sorted({row.get("Device", "") for row in rows})
    return tuple(Device(name) for name in named if _is_phone(name))[:_MANY]


def _is_phone(name: str) -> bool:
    if (
        not name.startswith(("PJSIP/", "SIP/", "IAX2/"))
        or len(name) > _LONGEST_NAME
        or not name.isprintable()
    ):
        return False
    try:
        TypeAdapter(DeviceName).validate_python(name)
    except ValidationError:
        return False
    return "," not in name


async def _phone(answers: Answers, known: Known) -> Tried:
    if not known.is_logged_in:
        return Tried((_NOT_LOGGED_IN,), known)
    async with _logged_in(answers, known) as connection:
        return Tried(tuple(await ami_check.phones(connection, devices(answers, known))), known)


def devices(answers: Answers, known: Known) -> tuple[Device, ...]:
    """The phones that are followed, those that the PBX tells of first."""
    table = _document(answers, known)["me"]
    listed = table.get("devices") or usual_devices(str(table.get("extension")))
    return tuple(sorted(map(Device, listed), key=lambda device: device not in known.phones))
