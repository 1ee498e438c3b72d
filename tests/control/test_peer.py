from __future__ import annotations

import os
import socket

import pytest

from bubbled.control.peer import ROOT, peer_uid, trustworthy


def test_the_kernel_tells_who_is_at_the_other_end() -> None:
    near, far = socket.socketpair(socket.AF_UNIX)
    with near, far:
        assert peer_uid(near) == os.getuid()


@pytest.mark.parametrize(
    ("peer", "own", "trusted"),
    [(1000, 1000, True), (ROOT, 1000, True), (1001, 1000, False), (1000, ROOT, True), (65534, 1000, False)],
)
def test_a_user_trusts_himself_and_root(peer: int, own: int, trusted: bool) -> None:  # noqa: FBT001  # a table of cases
    assert trustworthy(peer, own) is trusted
