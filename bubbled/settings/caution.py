"""What the user should know about settings that can be used."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bubbled.settings.value import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.settings.schema import Settings

_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH

# Asterisk ends channel names with a dash and eight hexadecimal digits, which differ from call to call.
_SERIAL = re.compile(r"-[0-9a-f]{8}$")


def cautions(settings: Settings, mode: int) -> Iterator[str]:
    """One line for each thing that works, but perhaps not as the user would wish; `mode` is the file's."""
    pbx = settings.pbx
    if isinstance(pbx.secret, SecretStr):
        yield _about_plain_secret(mode)
    if not pbx.tls and not is_loopback(pbx.host):
        yield (
            "pbx.tls is off, so that everybody on the way to the PBX can read who calls whom; "
            "switch TLS on in Asterisk's manager.conf and here"
        )
    for device in settings.me.devices:
        if _SERIAL.search(device):
            yield (
                f"me.devices: {device} looks like the channel of one call, whose name no other call gets; "
                f"if so, write {_SERIAL.sub('', device)}"
            )
    if settings.buttons:
        yield "button: popup buttons come with a later version of bubbled; until then none is shown"


def _about_plain_secret(mode: int) -> str:
    readers = ", and other users of this computer can read the file" if mode & _OTHERS_READ else ""
    return (
        f"pbx.secret stands in the settings as plain text{readers}; "
        'keep it elsewhere, for example: secret = { file = "~/.config/bubbled/ami-secret" }'
    )
