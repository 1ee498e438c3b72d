"""Where the control socket is: the same answer for the daemon and its clients."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Mapping


def socket_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the path of the control socket, in the first of these folders that there is.

    `$XDG_RUNTIME_DIR/bubbled` (XDG Base Directory Specification), `/run/user/UID/bubbled` for a login without
    that variable (cron, su), and a folder of the user's own among the temporary files.
    """
    return _runtime_folder(environ) / "control.sock"


def client(socket: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Give what a user types to speak to the daemon behind a socket; before a command, such as `status`."""
    if socket == socket_path(environ):
        return "bubbled"
    return f"bubbled --socket {shlex.quote(str(socket))}"


def _runtime_folder(environ: Mapping[str, str]) -> Path:
    named = environ.get("XDG_RUNTIME_DIR", "")
    # The specification: a path that is not absolute is to be ignored.
    if named.startswith("/"):
        return Path(named, "bubbled")
    uid = os.getuid()
    by_login = Path("/run/user", str(uid))
    if by_login.is_dir():
        return by_login / "bubbled"
    import tempfile  # noqa: PLC0415  # 10 ms that only a login without a runtime folder has to pay

    return Path(tempfile.gettempdir(), f"bubbled-{uid}")


def private_folder(folder: Path) -> None:
    """Make a folder that only the user can enter, or make sure that it is one.

    Raises:
        ControlError: it cannot be made, or someone else has put something there first.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise ControlError(
                f"{folder} is not a folder of your own, so it cannot be trusted; remove it or set TMPDIR."
            )
        if stat.S_IMODE(found.st_mode) & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise ControlError(
            f"Cannot use the folder {folder} for the control socket ({error.strerror}); "
            "set XDG_RUNTIME_DIR or give --socket."
        ) from error
