"""Programs of the desktop by which it is asked and told."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Final

from bubbled.dialing.shortcut.port import ShortcutError

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE_S: Final = 5.0


class ToolError(ShortcutError):
    """A program of the desktop is missing, failed or does not end."""


def ask(environment: Mapping[str, str], name: str, *arguments: str) -> str:
    """Run a program and give what it says.

    Raises:
        ToolError: it cannot be run, or failed; the text has the first line of what it said.
    """
    try:
        done = subprocess.run(  # noqa: S603 - an argument list: no shell reads it
            [name, *arguments],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except FileNotFoundError:
        raise ToolError(
            f"The program {name} is missing, so the desktop cannot be asked; install it."
        ) from None
    except subprocess.TimeoutExpired:
        raise ToolError(f"{name} does not end, so the desktop cannot be asked; try again later.") from None
    except OSError as error:
        raise ToolError(f"{name} cannot be run ({error.strerror}); mend that, then try again.") from None
    said = done.stdout.decode(errors="replace")
    if done.returncode:
        line = _first_line(done.stderr.decode(errors="replace") or said)
        raise ToolError(f"The desktop refused: {name} says {line!r}; mend that, then try again.")
    return said


def _first_line(text: str) -> str:
    line = next(iter(text.strip().splitlines()), "nothing")
    return "".join(each for each in line if each.isprintable())[:200].rstrip(".")
