from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.dialing.link.opener import opener

if TYPE_CHECKING:
    from tests.dialing.link.conftest import UserDesktop

TEL = "x-scheme-handler/tel"


def _who(desktop: UserDesktop) -> tuple[str, str] | None:
    """Tell who opens tel: links, and because of which file."""
    found = opener(desktop.folders, TEL)
    return (found.program, str(found.decided_by.relative_to(desktop.root))) if found else None


def test_nobody_opens_links_where_nothing_is_installed(desktop: UserDesktop) -> None:
    assert _who(desktop) is None


def test_a_program_that_says_so_itself_opens_links(desktop: UserDesktop) -> None:
    desktop.program("zoiper", f"MimeType={TEL};")
    desktop.program("linphone", f"MimeType=text/vcard;{TEL};")
    desktop.program("mail", "MimeType=x-scheme-handler/mailto;")
    assert _who(desktop) == ("linphone.desktop", "system/applications/linphone.desktop")

    found = opener(desktop.folders, TEL)
    assert found
    assert found.name == "Linphone"


def test_the_lists_are_asked_in_the_order_of_the_specification(desktop: UserDesktop) -> None:
    desktop.current = "ubuntu:GNOME"
    for place in (
        "system/applications/mimeapps.list",
        "system/applications/gnome-mimeapps.list",
        "data/applications/mimeapps.list",
        "etc/mimeapps.list",
        "etc/gnome-mimeapps.list",
        "config/mimeapps.list",
        "config/gnome-mimeapps.list",
        "config/ubuntu-mimeapps.list",
    ):
        name = place.translate({ord("/"): "_", ord("."): "_"})
        desktop.program(name)
        desktop.list(place, default=f"tel={name}.desktop")
        assert _who(desktop) == (f"{name}.desktop", place)


def test_the_list_of_another_desktop_is_not_asked(desktop: UserDesktop) -> None:
    desktop.current = "KDE"
    desktop.program("linphone")
    desktop.list("config/gnome-mimeapps.list", default="tel=linphone.desktop")
    assert _who(desktop) is None


def test_of_the_named_programs_the_first_that_can_run_opens(desktop: UserDesktop) -> None:
    desktop.program("hidden", "Hidden=true")
    desktop.program("gone", "Exec=/no/such/program %u")
    desktop.program("tried", "TryExec=/no/such/program")
    desktop.program("empty", "Exec=")
    desktop.program("page", "Type=Link")
    desktop.program("linphone")
    names = ("missing", "hidden", "gone", "tried", "empty", "page", "linphone")
    desktop.list("config/mimeapps.list", default=f"tel={'.desktop;'.join(names)}.desktop")
    assert _who(desktop) == ("linphone.desktop", "config/mimeapps.list")


def test_a_program_of_the_user_stands_before_the_one_of_the_system(desktop: UserDesktop) -> None:
    desktop.program("linphone")
    desktop.program("linphone", "Hidden=true", folder="data")
    desktop.list("config/mimeapps.list", default="tel=linphone.desktop")
    assert _who(desktop) is None


def test_a_program_of_the_user_that_opens_no_links_hides_one_that_does(desktop: UserDesktop) -> None:
    desktop.program("linphone", f"MimeType={TEL};")
    desktop.program("linphone", folder="data")
    assert _who(desktop) is None


def test_a_program_in_a_folder_is_named_with_a_dash(desktop: UserDesktop) -> None:
    desktop.program("kde/linphone")
    desktop.list("config/mimeapps.list", default="tel=kde-linphone.desktop")
    assert _who(desktop) == ("kde-linphone.desktop", "config/mimeapps.list")


def test_what_the_user_added_comes_before_what_programs_say(desktop: UserDesktop) -> None:
    desktop.program("linphone", f"MimeType={TEL};")
    desktop.program("zoiper")
    desktop.list("config/mimeapps.list", added="tel=zoiper.desktop;")
    assert _who(desktop) == ("zoiper.desktop", "config/mimeapps.list")


def test_what_the_user_removed_opens_nothing(desktop: UserDesktop) -> None:
    desktop.program("linphone", f"MimeType={TEL};")
    desktop.list("config/mimeapps.list", removed="tel=linphone.desktop;")
    desktop.list("etc/mimeapps.list", added="tel=linphone.desktop;")
    assert _who(desktop) is None


def test_lists_of_one_desktop_only_say_who_is_the_default(desktop: UserDesktop) -> None:
    desktop.current = "GNOME"
    desktop.program("linphone", f"MimeType={TEL};")
    desktop.program("zoiper")
    desktop.list("config/gnome-mimeapps.list", added="tel=zoiper.desktop;", removed="tel=linphone.desktop")
    assert _who(desktop) == ("linphone.desktop", "system/applications/linphone.desktop")


def test_a_list_that_cannot_be_read_says_nothing(desktop: UserDesktop) -> None:
    desktop.program("linphone", f"MimeType={TEL};")
    desktop.mimeapps.mkdir(parents=True)
    assert _who(desktop) == ("linphone.desktop", "system/applications/linphone.desktop")
