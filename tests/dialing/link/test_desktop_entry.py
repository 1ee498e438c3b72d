from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.dialing.link.desktop_entry import read, written
from bubbled.dialing.link.scheme import LinkError, Scheme

MIME_TYPES = [scheme.mime_type for scheme in Scheme]

paths = st.text(
    st.characters(categories=["L", "N", "P", "S", "Zs"]).filter(
        lambda each: each.isprintable() and each not in "%="
    ),
    min_size=1,
).map(lambda name: f"/{name}")


@given(paths)
def test_whatever_the_path_is_called_it_is_read_back(path: str) -> None:
    entry = read(written([path], MIME_TYPES))
    assert (entry.program, entry.mime_types) == (path, tuple(MIME_TYPES))


@pytest.mark.parametrize(
    ("command", "execution"),
    [
        (["/usr/bin/bubbled"], "/usr/bin/bubbled dial --url %u"),
        (["/usr/bin/python3", "-P", "-m", "bubbled"], "/usr/bin/python3 -P -m bubbled dial --url %u"),
        (["/home/zoë/bubbled"], "/home/zoë/bubbled dial --url %u"),
        (["/my apps/bubbled"], '"/my apps/bubbled" dial --url %u'),
        (["/$HOME/`id`/bubbled"], r'"/\\$HOME/\\`id\\`/bubbled" dial --url %u'),
        ([r'/a"b\c/bubbled'], r'"/a\\"b\\\\c/bubbled" dial --url %u'),
        (["/it's;rm -rf ~/bubbled"], '"/it\'s;rm -rf ~/bubbled" dial --url %u'),
    ],
)
def test_a_path_is_quoted_as_the_specification_has_it(command: list[str], execution: str) -> None:
    assert f"\nExec={execution}\n" in written(command, MIME_TYPES)


@pytest.mark.parametrize("path", ["/100%/bubbled", "/a=b/bubbled", "/two\nlines", "/\x1b[31m", "/\udcff"])
def test_a_path_that_desktops_cannot_start_is_refused(path: str) -> None:
    with pytest.raises(LinkError, match="install bubbled into another folder") as error:
        written([path], MIME_TYPES)
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ("Exec=linphone %u", "linphone"),
        ('Exec="/opt/soft phone/run" --open %U', "/opt/soft phone/run"),
        (r"Exec=soft\sphone", "soft"),
        ("Exec = env LANG=C linphone", "env"),
        ("Exec=", ""),
        ('Exec="unfinished', '"unfinished'),
        ("Name=Exec", ""),
    ],
)
def test_programs_of_others_are_understood(line: str, program: str) -> None:
    text = f"[Desktop Entry]\nType=Application\n{line}\n[Desktop Action x]\nExec=other\n"
    assert read(text).program == program


def test_what_is_no_application_runs_nothing() -> None:
    assert read("[Desktop Entry]\nType=Link\nExec=linphone\n").program == ""


def test_hidden_and_optional_programs_are_known() -> None:
    entry = read("[Desktop Entry]\nName=Soft\\sPhone\nHidden=true\nTryExec=/opt/softphone\n")
    assert (entry.name, entry.hidden, entry.try_program) == ("Soft Phone", True, "/opt/softphone")
