"""What the administrator of the PBX adds there for bubbled, by the settings of the user."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

from bubbled.control.check import Stanza
from bubbled.pbx.ami.stanza import stanza as ami_stanza
from bubbled.pbx.ami.tracker import WANTED
from bubbled.pbx.sip.stanza import stanza as sip_stanza
from bubbled.settings.schema import PbxKind

if TYPE_CHECKING:
    from bubbled.settings.schema import Settings


async def stanza(settings: Settings | None) -> Stanza:
    """Give what is to be added, and where; None: there are no settings that can be used."""
    if settings is None:
        return Stanza("/etc/asterisk/manager.conf", ami_stanza("bubbled", WANTED, permit=None, asterisk=None))
    pbx = settings.pbx
    if pbx.kind is PbxKind.SIP:
        return Stanza("/etc/asterisk", sip_stanza(pbx.username, pbx.follow or settings.me.extension))
    permit = await asyncio.to_thread(address_towards, pbx.host, pbx.port)
    shares = settings.team.share_notes
    text = ami_stanza(pbx.username, WANTED, permit=permit, asterisk=None, shares_notes=shares)
    return Stanza("/etc/asterisk/manager.conf", text)


def address_towards(host: str, port: int) -> str | None:
    """Tell from which of its addresses this computer would connect to a host; nothing but DNS is asked."""
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind) as probe:
            probe.connect(address)
            return str(probe.getsockname()[0])
    except OSError:
        return None
