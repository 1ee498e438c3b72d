"""What the user should know about settings that can be used."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bubbled.settings.schema import PbxKind, SipTransport
from bubbled.settings.template import doubts
from bubbled.settings.value import Section, is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.settings.directory import DirectorySettings
    from bubbled.settings.schema import Settings

_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH

# Asterisk ends channel names with a dash and eight hexadecimal digits, which differ from call to call.
_SERIAL = re.compile(r"-[0-9a-f]{8}$")


def cautions(settings: Settings, mode: int) -> Iterator[str]:
    """One line for each thing that works, but perhaps not as the user would wish; `mode` is the file's."""
    pbx = settings.pbx
    if isinstance(pbx.secret, SecretStr):
        yield _about_plain_secret("pbx.secret", mode)
    if pbx.sip is not None and isinstance(pbx.sip.secret, SecretStr):
        yield _about_plain_secret("pbx.sip.secret", mode)
    for directory in settings.directories:
        yield from _about_directory(directory, mode)
    for unused in settings.lookup.tiers.keys() - {str(each.tier) for each in settings.directories}:
        if not _may_be_meant(unused, settings):
            yield f"lookup.tier.{unused} counts for no directory; give one tier = {unused}, or leave it out"
    if pbx.kind is PbxKind.AMI and not pbx.tls and not is_loopback(pbx.host):
        yield (
            "pbx.tls is off, so that everybody on the way to the PBX can read who calls whom; "
            "switch TLS on in Asterisk's manager.conf and here"
        )
    account = pbx.sip_account
    if (
        account is not None
        and account.transport is not SipTransport.TLS
        and not is_loopback(account.host or "")
    ):
        yield (
            f"SIP goes over {account.transport.upper()}, so that everybody on the way to the PBX can read "
            'who calls whom; if the PBX offers it, say transport = "tls"'
        )
    for device in settings.me.devices:
        if _SERIAL.search(device):
            yield (
                f"me.devices: {device} looks like the channel of one call, whose name no other call gets; "
                f"if so, write {_SERIAL.sub('', device)}"
            )
    yield from doubts(settings)


def _may_be_meant(tier: str, settings: Settings) -> bool:
    """Whether directories without a tier of their own may be of this one: these are 1 and 2."""
    return tier in {"1", "2"} and any(each.tier is None for each in settings.directories)


def _about_directory(directory: DirectorySettings, mode: int) -> Iterator[str]:
    for key, value in _secrets(directory):
        if isinstance(value, SecretStr):
            yield _about_plain_secret(f'{key} of the directory "{directory.name}"', mode)
    if not directory.enabled and "enabled" not in directory.model_fields_set:
        yield f'the directory "{directory.name}" is asked only with enabled = true: it tells others who calls'


def _secrets(section: Section, above: str = "") -> Iterator[tuple[str, object]]:
    """The values of a section that could be secrets, with their keys; those of sections in it, too."""
    for key in type(section).model_fields:
        match getattr(section, key):
            case Section() as inner:
                yield from _secrets(inner, f"{above}{key}.")
            case dict() as inner:
                yield from ((f"{above}{key}.{name}", value) for name, value in inner.items())
            case value:
                yield f"{above}{key}", value


def _about_plain_secret(key: str, mode: int) -> str:
    readers = ", and other users of this computer can read the file" if mode & _OTHERS_READ else ""
    return (
        f"{key} stands in the settings as plain text{readers}; "
        'keep it elsewhere, for example: { file = "~/.config/bubbled/secret" }'
    )
