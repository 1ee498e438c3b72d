from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from Xlib import Xatom

from bubbled.x11.atom import atoms
from bubbled.x11.connection import connect

if TYPE_CHECKING:
    from tests.dialing.x11_server import XServer


@pytest.mark.desktop
async def test_names_have_the_same_atoms_for_everybody_in_the_order_asked(x_server: XServer) -> None:
    async with asyncio.timeout(10):
        one, other = [
            await connect(x_server.display, lambda _event: None, lambda _reason: None) for _ in range(2)
        ]
        found = await atoms(one, ("BUBBLED_TEST", "PRIMARY", "WM_NAME"))
        assert found[1:] == [Xatom.PRIMARY, Xatom.WM_NAME]
        assert await atoms(other, ("BUBBLED_TEST",)) == found[:1]
        one.close()
        other.close()
