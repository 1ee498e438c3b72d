from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Contact
from bubbled.popup.layout import Layout
from bubbled.popup.picture import picture
from bubbled.popup.subject import Finding, Subject
from bubbled.popup.variable import Values
from tests.popup.test_layout import NOW, RINGING

HOME = "/home/alice"


def of(template: str, name: str | None = None, photo: str = "") -> str:
    contact = Contact(directory="Customers", name=name, fields=(("photo", photo),) if photo else ())
    subject = Subject(call=replace(RINGING, name="../../etc/passwd"), finding=Finding(contact=contact))
    return picture(template, Values(subject, Layout(region="NL"), NOW), HOME)


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("~/photos/$number_e164.jpg", "/home/alice/photos/+31612345678.jpg"),
        ("/srv/photos/$name.png", "/srv/photos/_.._etc_passwd.png"),
        ("avatar-default", "avatar-default"),
        ("/srv/$company.png", ""),
        ("photos/$number_e164.jpg", ""),
        ("$name", ""),
        ("", ""),
    ],
)
def test_a_picture_is_a_path_or_an_icon(template: str, path: str) -> None:
    assert of(template) == path


@pytest.mark.parametrize(
    ("photo", "path"),
    [
        ("/srv/photos/jan.jpg", "/srv/photos/jan.jpg"),
        ("~/photos/jan.jpg", "/home/alice/photos/jan.jpg"),
        ("user-available", "user-available"),
        ("https://example.com/jan.jpg", ""),
        ("jan's photo", ""),
    ],
)
def test_an_address_book_may_name_the_whole_path(photo: str, path: str) -> None:
    assert of("$photo", photo=photo) == path
    assert of("/srv/$photo", photo=photo).count("/") <= 2


def test_a_caller_cannot_choose_a_path_by_his_name() -> None:
    assert [of("$name", name=name) for name in ("/etc/shadow", "~/secret.jpg", "..", "\0")] == [
        "",
        "",
        "",
        "",
    ]


@given(st.text(min_size=1))
def test_a_value_stays_one_part_of_a_path(name: str) -> None:
    path = of("/srv/photos/${name|lower}.jpg", name=name)
    assert path.count("/") in {0, 3}
    assert "\0" not in path
    assert not path.rpartition("/")[2].startswith(".")


@given(photo=st.text(min_size=1), template=st.text())
def test_nothing_but_paths_and_icons_comes_out(photo: str, template: str) -> None:
    for text in ("$photo", "~/$photo", template):
        path = of(text, photo=photo)
        assert path == "" or path[0] == "/" or path[0].isalnum()
        assert path.isprintable()
