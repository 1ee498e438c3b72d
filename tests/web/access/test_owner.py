from __future__ import annotations

import asyncio
import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bubbled.web.access.owner import TABLES, owner_of
from tests.web import stranger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


@contextmanager
def listening() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


def table(folder: Path, *, state: str = "01", uid: int = 1000, inode: int = 621) -> list[Path]:
    """As the kernel would write it on this machine: 127.0.0.1:50000 speaks with 127.0.0.1:41231."""
    line = (
        "   0: 0100007F:C350 0100007F:A10F {state} 00000000:00000000 00:00000000 00000000 {uid:5d}        0 "
        "{inode} 1 00000000ea847b8f 20 4 30 10 -1\n"
    )
    file = folder / "tcp"
    file.write_text(HEAD + line.format(state=state, uid=uid, inode=inode))
    return [folder / "gone", file]


CLIENT, SERVER = ("127.0.0.1", 50_000), ("127.0.0.1", 41_231)


def test_our_own_connection_is_ours() -> None:
    with listening() as listener, socket.create_connection(listener.getsockname()) as client:
        assert owner_of(client.getsockname(), listener.getsockname()) == os.getuid()


def test_our_own_connection_over_an_ipv6_socket_is_ours_too() -> None:
    with listening() as listener, socket.socket(socket.AF_INET6) as client:
        client.connect(("::ffff:127.0.0.1", listener.getsockname()[1]))
        client_port = client.getsockname()[1]
        assert owner_of(("127.0.0.1", client_port), listener.getsockname()) == os.getuid()


@pytest.mark.root
async def test_the_connection_of_another_user_is_his_and_nobodys_once_he_has_closed_it() -> None:
    with listening() as listener:
        listener.settimeout(0)
        asking = asyncio.create_task(stranger.ask(listener.getsockname()[1], b"hello"))
        connection, client = await asyncio.get_running_loop().sock_accept(listener)
        with connection:
            assert owner_of(client, listener.getsockname()) == stranger.UID
            connection.shutdown(socket.SHUT_WR)
            await asking
            assert owner_of(client, listener.getsockname()) is None


@pytest.mark.parametrize("is_reset", [False, True])
def test_a_connection_that_was_closed_before_anybody_looked_is_nobodys(*, is_reset: bool) -> None:
    with listening() as listener:
        with socket.create_connection(listener.getsockname()) as client:
            place = client.getsockname()
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            if is_reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        assert owner_of(place, listener.getsockname()) is None


def test_the_other_direction_is_not_taken_for_it() -> None:
    with listening() as listener, socket.create_connection(listener.getsockname()) as client:
        accepted, _ = listener.accept()
        with accepted:
            assert owner_of(("127.0.0.1", 1), client.getsockname()) is None


@pytest.mark.parametrize(("uid", "expected"), [(1000, 1000), (0, 0), (4_294_967_294, 4_294_967_294)])
def test_the_owner_is_read_from_the_table(tmp_path: Path, uid: int, expected: int) -> None:
    assert owner_of(CLIENT, SERVER, table(tmp_path, uid=uid)) == expected


@pytest.mark.parametrize("state", ["02", "04", "05", "06", "08"])
def test_who_is_coming_or_going_is_nobody(tmp_path: Path, state: str) -> None:
    assert owner_of(CLIENT, SERVER, table(tmp_path, state=state)) is None


def test_a_socket_without_a_program_is_nobodys_though_it_says_that_it_is_roots(tmp_path: Path) -> None:
    assert owner_of(CLIENT, SERVER, table(tmp_path, uid=0, inode=0)) is None


def test_where_the_system_tells_nothing_nobody_is_known(tmp_path: Path) -> None:
    assert owner_of(CLIENT, SERVER, [tmp_path / "gone"]) is None


def test_the_tables_are_those_of_this_machine() -> None:
    assert [each.name for each in TABLES if each.exists()]
