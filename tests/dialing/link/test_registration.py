from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.dialing.link.desktop_entry import BUBBLED
from bubbled.dialing.link.registration import install, lost_program, remove, states
from bubbled.dialing.link.scheme import LinkError, Scheme

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dialing.link.conftest import UserDesktop

ALL = tuple(Scheme)


def _who(desktop: UserDesktop) -> dict[str, str | None]:
    return {
        str(state.scheme): state.opener.program if state.opener else None for state in states(desktop.folders)
    }


def test_bubbled_opens_links_once_it_is_installed(desktop: UserDesktop, stand_in: Path) -> None:
    assert _who(desktop) == {"tel": None, "callto": None, "sip": None}
    install(desktop.folders, [str(stand_in)], ALL)
    assert _who(desktop) == {"tel": BUBBLED, "callto": BUBBLED, "sip": BUBBLED}
    assert all(state.by_bubbled for state in states(desktop.folders))


def test_twice_is_as_once(desktop: UserDesktop, stand_in: Path) -> None:
    install(desktop.folders, [str(stand_in)], ALL)
    once = desktop.files()
    install(desktop.folders, [str(stand_in)], ALL)
    assert desktop.files() == once


@pytest.mark.parametrize(
    "before", ["", "[Default Applications]\r\nx-scheme-handler/sip=zoiper.desktop;\r\n# end"]
)
def test_removing_leaves_everything_as_it_was(desktop: UserDesktop, stand_in: Path, before: str) -> None:
    if before:
        desktop.list("config/mimeapps.list").write_bytes(before.encode())
    desktop.list("config/kde-mimeapps.list", default="sip=zoiper.desktop")
    as_it_was = desktop.files()

    install(desktop.folders, [str(stand_in)], ALL)
    assert desktop.files() != as_it_was
    assert remove(desktop.folders)
    assert desktop.files() == as_it_was


def test_who_opened_links_before_does_so_again(desktop: UserDesktop, stand_in: Path) -> None:
    desktop.program("zoiper")
    desktop.program("linphone", "MimeType=x-scheme-handler/sip;")
    desktop.list("config/mimeapps.list", default="tel=zoiper.desktop")
    before = _who(desktop)
    assert before == {"tel": "zoiper.desktop", "callto": None, "sip": "linphone.desktop"}

    install(desktop.folders, [str(stand_in)], ALL)
    assert set(_who(desktop).values()) == {BUBBLED}
    remove(desktop.folders)
    assert _who(desktop) == before


def test_without_installation_there_is_nothing_to_remove(desktop: UserDesktop) -> None:
    desktop.list("config/mimeapps.list", default="tel=zoiper.desktop")
    before = desktop.files()
    assert not remove(desktop.folders)
    assert desktop.files() == before


def test_what_an_installation_that_was_torn_apart_left_is_removed(
    desktop: UserDesktop, stand_in: Path
) -> None:
    install(desktop.folders, [str(stand_in)], ALL)
    (desktop.root / "data" / "applications" / BUBBLED).unlink()
    assert remove(desktop.folders)
    assert desktop.files() == {}


def test_exactly_the_given_schemes_are_opened(desktop: UserDesktop, stand_in: Path) -> None:
    install(desktop.folders, [str(stand_in)], [Scheme.SIP, Scheme.TEL])
    assert _who(desktop) == {"tel": BUBBLED, "callto": None, "sip": BUBBLED}
    install(desktop.folders, [str(stand_in)], [Scheme.CALLTO])
    assert _who(desktop) == {"tel": None, "callto": BUBBLED, "sip": None}


def test_the_list_of_one_desktop_cannot_keep_links_to_itself(desktop: UserDesktop, stand_in: Path) -> None:
    desktop.program("zoiper")
    desktop.list("config/gnome-mimeapps.list", default="tel=zoiper.desktop")
    install(desktop.folders, [str(stand_in)], ALL)

    for desktop.current in ("GNOME", "KDE", ""):
        assert set(_who(desktop).values()) == {BUBBLED}
    # What it does not name is left to the general list.
    assert b"x-scheme-handler/sip" not in desktop.files()["config/gnome-mimeapps.list"]


def test_a_program_that_is_gone_is_told(desktop: UserDesktop, stand_in: Path) -> None:
    assert lost_program(desktop.folders) is None
    install(desktop.folders, [str(stand_in)], ALL)
    assert lost_program(desktop.folders) is None

    moved = stand_in.rename(stand_in.with_name("moved"))
    assert lost_program(desktop.folders) == str(stand_in)
    assert set(_who(desktop).values()) == {None}

    install(desktop.folders, [str(moved)], ALL)
    assert lost_program(desktop.folders) is None


def test_where_a_list_cannot_be_changed_nothing_is(desktop: UserDesktop, stand_in: Path) -> None:
    desktop.list("config/mimeapps.list", default="tel=zoiper.desktop").chmod(0o444)
    before = desktop.files()
    with pytest.raises(LinkError, match="it is read-only"):
        install(desktop.folders, [str(stand_in)], ALL)
    assert desktop.files() == before


def test_a_list_of_another_desktop_that_says_nothing_of_links_may_be_read_only(
    desktop: UserDesktop, stand_in: Path
) -> None:
    desktop.list("config/gnome-mimeapps.list", default="mailto=mail.desktop").chmod(0o444)
    install(desktop.folders, [str(stand_in)], ALL)
    assert remove(desktop.folders)


@pytest.mark.parametrize("index", [None, "#!/no/such/interpreter\n", "#!/bin/sh\nexit 1\n"])
def test_an_index_that_cannot_be_made_is_no_trouble(
    desktop: UserDesktop, stand_in: Path, monkeypatch: pytest.MonkeyPatch, index: str | None
) -> None:
    monkeypatch.setenv("PATH", str(stand_in.parent))
    if index:
        program = stand_in.with_name("update-desktop-database")
        program.write_text(index)
        program.chmod(0o755)
    install(desktop.folders, [str(stand_in)], ALL)
    assert set(_who(desktop).values()) == {BUBBLED}
