"""Builds the rooms from the settings; each function one room, so that a reload can build one anew."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from bubbled.action.wording import Sentences as ActionSentences
from bubbled.daemon import folder, layout_assembly
from bubbled.daemon.dialler import DialRules
from bubbled.daemon.phones import PhoneRules
from bubbled.daemon.placement import CallRules
from bubbled.daemon.surroundings import Surroundings
from bubbled.daemon.switchboard import Followed, PbxAccess
from bubbled.dialing.phone import every
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.wording import Sentences
from bubbled.model import ME, Device, Owner
from bubbled.pbx.ami import wording
from bubbled.pbx.ami.access import Access, Address
from bubbled.pbx.ami.login import Credentials
from bubbled.pbx.sip.access import SipAccess, Transport
from bubbled.pbx.sip.digest import Account as SipCredentials
from bubbled.pbx.tls import tls_context
from bubbled.popup.language import catalogue
from bubbled.popup.presenter import PopupRules
from bubbled.popup.rule import Rule
from bubbled.popup.screen import Equipment, build, choose, is_installed
from bubbled.popup.showing import unheard
from bubbled.popup.window.message import Look
from bubbled.settings.popup import Opening
from bubbled.settings.schema import SIP_PORT, PbxKind, SipTransport
from bubbled.settings.secret import reveal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bubbled.popup.screen import OnDismissed, OnPressed, Screen
    from bubbled.popup.showing import OnShown
    from bubbled.settings.popup import PopupWindow
    from bubbled.settings.schema import Pbx, Settings, SipAccount


async def access(settings: Settings) -> PbxAccess:
    """How to get at the PBX, by AMI, by SIP or by both.

    Raises:
        ConfigError: a secret cannot be fetched.
        PbxError: a certificate file cannot be used.
    """
    pbx, account = settings.pbx, settings.pbx.sip_account
    return PbxAccess(
        ami=await ami_access(pbx) if pbx.kind is PbxKind.AMI else None,
        sip=None if account is None else await sip_access(account, settings.me.extension),
    )


async def ami_access(pbx: Pbx) -> Access:
    """How to get at the PBX by AMI; raises as `access` does."""
    return Access(
        address=Address(pbx.host, pbx.port),
        credentials=Credentials(pbx.username, await reveal(pbx.secret)),
        tls=tls_context(ca_file=pbx.ca_file) if pbx.tls else None,
    )


async def sip_access(account: SipAccount, extension: str) -> SipAccess:
    """How to follow an extension by a SIP account; raises as `access` does."""
    host = account.host or ""
    secret = await reveal(account.secret)
    return SipAccess(
        host=host,
        port=account.port,
        transport=Transport(account.transport.upper()),
        domain=account.domain or (f"[{host}]" if ":" in host else host),
        account=SipCredentials(account.username, secret, account.auth_username or account.username),
        extension=account.follow or extension,
        phone=(account.phone, SIP_PORT) if account.phone else None,
        tls=tls_context(ca_file=account.ca_file) if account.transport is SipTransport.TLS else None,
    )


def followed(settings: Settings) -> Followed:
    """Whose calls are told."""
    return Followed(
        owner_of=owner_of(settings),
        device=settings.me.devices[0],
        region=settings.me.region,
        outside_prefix=settings.dial.outside_prefix,
    )


def owner_of(settings: Settings) -> Callable[[Device], Owner | None]:
    """Whose phone a device is: the user's, a colleague's (by extension), or nobody's here."""
    team = settings.team
    mine = frozenset(map(_as_channel, phone_rules(settings).devices))

    def owner(device: Device) -> Owner | None:
        if device in mine:
            return ME
        if any(fnmatchcase(device, pattern) for pattern in team.devices):
            return Owner(wording.extension(None, f"{device}-"))
        return None

    return owner


def _as_channel(device: Device) -> Device:
    """A device as its channels are called: those of `Local/102@internal/n` leave out the options."""
    technology, _, name = device.partition("/")
    return Device(f"{technology}/{name.partition('/')[0]}") if technology == "Local" else device


def rules(settings: Settings, program: str = "bubbled", *, can_dial: bool = True) -> PopupRules:
    """Which popups there are and what they say; `program` is what the user types to speak to this daemon.

    `can_dial`: whether calls can be placed at all, as far as is known.
    """
    popup = settings.popup
    layout = layout_assembly.layout(settings, program, _plan(settings).is_extension)
    return PopupRules(
        layout=replace(layout, can_dial=can_dial),
        rule=_rule(settings),
        hide_after_s=popup.hide_after_s,
        keep_after_s=popup.keep_after_s,
    )


def _rule(settings: Settings) -> Rule:
    """Which calls pop up."""
    popup = settings.popup
    return Rule(
        region=settings.me.region,
        inbound=popup.inbound,
        outbound=popup.outbound,
        internal=popup.internal,
        missed=popup.missed,
        queues=popup.queues,
        numbers=popup.numbers,
        waits_for_answer=popup.opens is Opening.ANSWERED,
        hours=popup.hours,
    )


def screen(
    settings: Settings, on_dismissed: OnDismissed, on_pressed: OnPressed, on_shown: OnShown = unheard
) -> Screen:
    """What shows the popups."""
    names = choose(
        settings.popup.screen.value,
        os.environ,
        on_terminal=sys.stdout.isatty(),
        has_windows=is_installed(),
    )
    equipment = Equipment(
        on_dismissed=on_dismissed,
        on_pressed=on_pressed,
        on_shown=on_shown,
        has_pages=settings.pages.enabled,
        look=_look(settings.popup.window),
        find_desktop=Surroundings().find,
    )
    return build(names, equipment)


def _look(wished: PopupWindow) -> Look:
    return Look(
        monitor=wished.monitor,
        corner=wished.corner.value,
        offset=wished.offset,
        width=wished.width,
        theme=wished.theme.value,
        place_file=str(folder.state() / "window-place.json"),
    )


def dial_rules(settings: Settings, program: str) -> DialRules:
    """How calls are placed; `program` is what the user types to speak to this daemon."""
    dial = settings.dial
    return DialRules(
        plan=_plan(settings),
        call=CallRules(
            context=dial.context,
            ring_s=dial.ring_s,
            extension=settings.me.extension,
            auto_answer=dial.auto_answer,
        ),
        sentences=Sentences(catalogue(os.environ), program),
        trusts_links=dial.trust_links,
    )


def action_sentences(program: str) -> ActionSentences:
    """What is said of buttons; `program` is what the user types to speak to this daemon."""
    return ActionSentences(catalogue(os.environ), program)


def _plan(settings: Settings) -> DialPlan:
    dial = settings.dial
    return DialPlan(
        region=settings.me.region,
        format=dial.format,
        outside_prefix=dial.outside_prefix,
        international_prefix=dial.international_prefix,
        extensions=tuple(settings.team.names) if dial.extensions is None else dial.extensions,
        codes=dial.codes,
        ask=dial.ask,
    )


def phone_rules(settings: Settings) -> PhoneRules:
    """From which phones the user may call."""
    dial = settings.dial
    return PhoneRules(
        devices=every(settings.me.devices, dial.from_device, dial.names),
        first=dial.from_device,
        names=dial.names,
        skip_unregistered=dial.skip_unregistered,
    )


def preference_path() -> Path:
    """The file of the phone that the user chose."""
    return folder.state() / "dial-from"


def choices_path() -> Path:
    """The file of whom the user chose among several contacts with one number."""
    return folder.state() / "choices.json"


def call_log_path() -> Path:
    """Where calls wait until they stand in a CRM."""
    return folder.state() / "call-log.sqlite"


def history_path(settings: Settings) -> Path:
    """The file of the history."""
    return settings.history.path or folder.state() / "history.sqlite"
