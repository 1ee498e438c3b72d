"""What was learnt about the way to the PBX, and chosen, as the settings say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.settings.schema import PbxKind, SipTransport
from bubbled.setup.answer import (
    CA_FILE,
    HOST,
    NO,
    PLAIN,
    PORT,
    PRIVACY,
    TLS,
    TRANSPORT,
    TRUST,
    WAY,
    YES,
    Answers,
)

if TYPE_CHECKING:
    from bubbled.setup.known import Known, Reach


def connection(answers: Answers, known: Known) -> dict[str, str]:
    """Port, encryption and certificate; nothing where the PBX was never reached."""
    reach = known.reach
    if reach is None or HOST not in answers:
        return {}
    is_plain = PLAIN in {answers.get(PRIVACY), answers.get(TRUST)} or not _is_private(answers, reach)
    port = reach.plain_port if is_plain else reach.tls_port
    if port is None:
        return {}
    trusted = {CA_FILE: known.ca_file} if not is_plain and answers.get(TRUST) == YES else {}
    if answers.get(WAY) == PbxKind.SIP:
        transport = reach.plain_transport if is_plain else SipTransport.TLS.value
        return {TRANSPORT: transport, PORT: str(port), **trusted}
    return {TLS: NO if is_plain else YES, PORT: str(port), **trusted}


def _is_private(answers: Answers, reach: Reach) -> bool:
    """Whether TLS is to be used: its certificate is trusted, or there is nothing else."""
    if reach.tls_port is None:
        return False
    return reach.certificate is None or answers.get(TRUST) == YES or reach.plain_port is None
