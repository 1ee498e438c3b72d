"""Builds the rooms from the settings; each function one room, so that a reload can build one anew."""

from __future__ import annotations

import os
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled.directory import factory
from bubbled.directory.entry import ColumnNames
from bubbled.directory.factory import build
from bubbled.directory.order import Lookup
from bubbled.model import ME, Owner
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

    from bubbled.directory.indexing import Order
    from bubbled.model import Device
    from bubbled.popup.screen import OnDismissed, Screen
    from bubbled.settings.schema import Columns, DirectorySettings, Me, Pbx, Settings, Team


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


def owner_of(me: Me, team: Team) -> Callable[[Device], Owner | None]:
    """Whose phone a device is: the user's, a colleague's (by extension), or nobody's here."""
    mine = frozenset(me.devices)

    def owner(device: Device) -> Owner | None:
        if device in mine:
            return ME
        if any(fnmatchcase(device, pattern) for pattern in team.devices):
            return Owner(wording.extension(None, f"{device}-"))
        return None

    return owner


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
        wording=Wording(catalogue(os.environ), settings.team.names),
    )
    return PopupRules(
        layout=layout, inbound=popup.inbound, outbound=popup.outbound, hide_after_s=popup.hide_after_s
    )


def screen(settings: Settings, on_dismissed: OnDismissed) -> Screen:
    """What shows the popups."""
    chosen = choose(settings.popup.screen.value, os.environ, on_terminal=sys.stdout.isatty())
    return SCREENS[chosen](on_dismissed)


def history_path(settings: Settings) -> Path:
    """The file of the history."""
    return settings.history.path or _xdg("XDG_STATE_HOME", ".local/state") / "history.sqlite"


def _xdg(variable: str, fallback: str) -> Path:
    """Our folder in one of the user's base directories (XDG Base Directory Specification 0.8)."""
    given = Path(os.environ.get(variable, ""))
    return (given if given.is_absolute() else Path.home() / fallback) / "bubbled"
