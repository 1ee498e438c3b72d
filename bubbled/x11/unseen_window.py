"""A window that nobody sees: to X programs that exchange a selection, a window is their address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from Xlib import X
from Xlib.protocol import request

if TYPE_CHECKING:
    from bubbled.x11.connection import Connection


def unseen_window(connection: Connection) -> int:
    """Make one, which hears of changes of its properties; gives its id.

    Raises:
        XServerError: the connection is lost.
    """
    window = connection.new_resource()
    connection.send(
        request.CreateWindow,
        wid=window,
        parent=connection.setup["roots"][0]["root"],
        depth=0,
        x=0,
        y=0,
        width=1,
        height=1,
        border_width=0,
        window_class=X.InputOnly,
        visual=X.CopyFromParent,
        attrs={"event_mask": X.PropertyChangeMask},
    )
    return window
