from __future__ import annotations

import pytest

from bubbled.x11.server import Address, XServerError, find_cookie
from tests.dialing.x11_authority import INTERNET, INTERNET_6, LOCAL, WILD, entry

DESK = LOCAL, b"desk"


@pytest.mark.parametrize(
    ("name", "host", "number"),
    [
        (":0", None, 0),
        (":1.0", None, 1),
        ("unix:2", None, 2),
        ("unix/desk:3", None, 3),
        ("localhost:10.0", "localhost", 10),
        ("tcp/desk.example.com:0", "desk.example.com", 0),
        ("[::1]:0", "::1", 0),
        ("::1:12", "::1", 12),
    ],
)
def test_the_name_of_a_display_says_where_it_is(name: str, host: str | None, number: int) -> None:
    assert Address.parse(name) == Address(name, host, number)


@pytest.mark.parametrize(
    "name", ["", "0", ":", "nonsense", ":x", ":0\n", "tcp/:0", ":0.0.0", ":70000", "desk\0:0", ":0;reboot"]
)
def test_anything_else_is_none(name: str) -> None:
    with pytest.raises(XServerError, match="which is no X display"):
        Address.parse(name)


def test_it_listens_where_x_servers_listen() -> None:
    assert Address.parse(":7").sockets == ("/tmp/.X11-unix/X7", "\0/tmp/.X11-unix/X7")  # noqa: S108 - where they put it
    assert Address.parse("desk:7").port == 6007


def test_the_cookie_is_that_of_this_machine_and_display() -> None:
    authority = b"".join(
        (
            entry(LOCAL, b"other", b"0", b"1"),
            entry(*DESK, b"1", b"2"),
            entry(*DESK, b"0", b"3", scheme=b"XDM-AUTHORIZATION-1"),
            entry(*DESK, b"0", b"4"),
            entry(*DESK, b"0", b"5"),
        )
    )
    assert find_cookie(authority, 0, "desk", None) == b"4"
    assert find_cookie(authority, 1, "desk", None) == b"2"
    assert find_cookie(authority, 2, "desk", None) is None
    assert find_cookie(authority, 0, "elsewhere", None) is None


def test_a_cookie_may_be_for_every_display_or_every_machine() -> None:
    assert find_cookie(entry(*DESK, b"", b"any display"), 5, "desk", None) == b"any display"
    assert find_cookie(entry(WILD, b"", b"5", b"any machine"), 5, "renamed", None) == b"any machine"


def test_a_display_of_another_machine_has_the_cookie_of_its_address() -> None:
    authority = entry(INTERNET, bytes([10, 0, 0, 7]), b"0", b"4") + entry(
        INTERNET_6, bytes(15) + b"\7", b"0", b"6"
    )
    assert find_cookie(authority, 0, "desk", "10.0.0.7") == b"4"
    assert find_cookie(authority, 0, "desk", "::7") == b"6"
    assert find_cookie(authority, 0, "desk", "::7%eth0") == b"6"
    assert find_cookie(authority, 0, "desk", "10.0.0.8") is None


@pytest.mark.parametrize("loopback", ["127.0.0.1", "::1"])
def test_a_display_that_ssh_brings_has_the_cookie_of_this_machine(loopback: str) -> None:
    assert find_cookie(entry(*DESK, b"10", b"7"), 10, "desk", loopback) == b"7"


def test_a_damaged_file_is_read_as_far_as_it_goes() -> None:
    whole = entry(LOCAL, b"other", b"0", b"1") + entry(*DESK, b"0", b"cookie")
    assert find_cookie(whole, 0, "desk", None) == b"cookie"
    for end in range(len(whole)):
        assert find_cookie(whole[:end], 0, "desk", None) is None
