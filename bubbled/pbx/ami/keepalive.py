"""Notices a PBX that has gone without a word: Asterisk itself never says anything on an idle connection."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bubbled.error import PbxError
from bubbled.pbx.ami.error import ConnectionFailedError
from bubbled.pbx.consequence import NO_CALLS

if TYPE_CHECKING:
    from bubbled.pbx.ami.connection import Connection


async def keep_alive(connection: Connection, *, idle_s: float, answer_s: float) -> None:
    """Ping whenever nothing came for `idle_s`; abort the connection when then nothing comes for `answer_s`.

    Any bytes are a sign of life: a busy PBX may answer late.
    """
    clock = asyncio.get_running_loop().time
    while connection.loss is None:
        rest_s = idle_s - (clock() - connection.received_at)
        if rest_s > 0:
            await asyncio.sleep(rest_s)
        elif not await _is_alive(connection, answer_s):
            connection.abort(
                ConnectionFailedError(f"The PBX has gone silent: {NO_CALLS} until it can be reached again.")
            )


async def _is_alive(connection: Connection, answer_s: float) -> bool:
    last = connection.received_at
    try:
        await connection.action({"Action": "Ping"}, time_limit_s=answer_s)
    except PbxError:
        return connection.received_at > last
    return True
