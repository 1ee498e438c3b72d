"""Builds the rooms from the settings; each function one room, so that a reload can build one anew."""

from __future__ import annotations

import os
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled.daemon.dialler import DialRules
from bubbled.daemon.phones import PhoneRules
from bubbled.daemon.placement import CallRules
from bubbled.dialing.phone import every
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.wording import Sentences
from bubbled.directory import factory
from bubbled.directory.entry import ColumnNames
from bubbled.directory.factory import build
from bubbled.directory.order.lookup import Lookup
from bubbled.model import ME, Device, Owner
from bubbled.pbx.ami import wording
from bubbled.pbx.ami.access import Access, Address
from bubbled.pbx.ami.login import Credentials
from bubbled.pbx.ami.tls import tls_context
from bubbled.popup.language import catalogue
from bubbled.popup.layout import Layout
from bubbled.popup.presenter import PopupRules
from bubbled.popup.screen import SCREENS, choose
from bubbled.popup.wording import Wording
from bubbled.settings.secret import reveal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.directory.local.indexing import Order
    from bubbled.popup.screen import OnDismissed, OnPressed, Screen
    from bubbled.settings.schema import Columns, DirectorySettings, Pbx, Settings


async def access(pbx: Pbx) -> Access:
    """How to get at the PBX.

    Raises:
        ConfigError: the secret cannot be fetched.
        PbxError: the certificate file cannot be used.
    """
    return Access(
        address=Address(pbx.host, pbx.port),
        credentials=Credentials(pbx.username, await reveal(pbx.secret)),
        tls=tls_context(ca_file=pbx.ca_file) if pbx.tls else None,
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


def lookup(settings: Settings) -> Lookup:
    """The directories, in the user's order; they begin with `start`."""
    region = settings.me.region
    return Lookup(
        [
            build(order(each, region), name=each.name, timeout_s=each.timeout_s)
            for each in settings.directories
        ]
    )


def order(directory: DirectorySettings, region: str) -> Order:
    """What is to be read of a directory, where the user's own `region` stands for a missing one."""
    return factory.order(
        kind=directory.kind.value,
        name=directory.name,
        path=directory.path,
        region=directory.region or region,
        cache_dir=_xdg("XDG_CACHE_HOME", ".cache") / "index",
        columns=_columns(directory.columns),
    )


def _columns(columns: Columns | None) -> ColumnNames | None:
    if columns is None:
        return None
    return ColumnNames(columns.name, columns.company, columns.url, columns.numbers)


def rules(settings: Settings) -> PopupRules:
    """Which popups there are and what they say."""
    popup = settings.popup
    usual = Layout(region=settings.me.region)
    layout = Layout(
        region=settings.me.region,
        headline=popup.layout.headline or usual.headline,
        lines=usual.lines if popup.layout.lines is None else popup.layout.lines,
        footnote=usual.footnote if popup.layout.lines is None else "",
        wording=Wording(catalogue(os.environ), settings.team.names, settings.dial.names),
        may_dial=_plan(settings).is_extension,
    )
    return PopupRules(
        layout=layout, inbound=popup.inbound, outbound=popup.outbound, hide_after_s=popup.hide_after_s
    )


def screen(settings: Settings, on_dismissed: OnDismissed, on_pressed: OnPressed) -> Screen:
    """What shows the popups."""
    chosen = choose(settings.popup.screen.value, os.environ, on_terminal=sys.stdout.isatty())
    return SCREENS[chosen](on_dismissed, on_pressed)


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
    return _xdg("XDG_STATE_HOME", ".local/state") / "dial-from"


def history_path(settings: Settings) -> Path:
    """The file of the history."""
    return settings.history.path or _xdg("XDG_STATE_HOME", ".local/state") / "history.sqlite"


def _xdg(variable: str, fallback: str) -> Path:
    """Our folder in one of the user's base directories (XDG Base Directory Specification 0.8)."""
    given = Path(os.environ.get(variable, ""))
    return (given if given.is_absolute() else Path.home() / fallback) / "bubbled"
