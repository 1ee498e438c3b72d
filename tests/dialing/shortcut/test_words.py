from __future__ import annotations

import shlex

import pytest

from bubbled.dialing.shortcut.port import ShortcutError
from bubbled.dialing.shortcut.words import dials, exec_line, shell_line

ARGUMENTS = ("dial", "--selection")


@pytest.mark.parametrize(
    "path", ["/usr/bin/bubbled", "/home/jan/my programs/bubbled", "/home/jos\u00e9/bubbled"]
)
def test_a_shell_reads_the_very_same_words(path: str) -> None:
    assert shlex.split(shell_line((path, *ARGUMENTS))) == [path, *ARGUMENTS]


def test_a_desktop_entry_has_its_own_quotes() -> None:
    assert exec_line(("/my programs/bubbled", *ARGUMENTS)) == '"/my programs/bubbled" dial --selection'


@pytest.mark.parametrize(
    "path",
    ["/a'b", '/a"b', "/a$b", "/a`b", "/a\\b", "/a;b", "/a,b", "/a#b", "/a%b", "/a\nb", "/a{b", "/a&b", ""],
)
def test_names_that_a_desktop_would_misread_are_refused(path: str) -> None:
    for write in (shell_line, exec_line):
        with pytest.raises(ShortcutError, match="plain name"):
            write((path, *ARGUMENTS))


@pytest.mark.parametrize(
    ("line", "does"),
    [
        ("bubbled dial --selection", True),
        ("'/home/jan/my programs/bubbled' dial --selection", True),
        ("python3 -P -m bubbled dial --selection", True),
        ("exec bubbled dial  --selection --device PJSIP/101", True),
        ("bubbled dial 0612345678", False),
        ("gnome-terminal", False),
        ("", False),
    ],
)
def test_what_users_bound_themselves_is_recognised(line: str, does: bool) -> None:  # noqa: FBT001 - a row of the table
    assert dials(line) is does
