"""Which desktop: where the display is on which keys are pressed and text is selected."""

from __future__ import annotations

import asyncio
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import structlog

from bubbled import session_bus

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE_S: Final = 1.0
"""How long the user's service manager may take to tell its environment."""

_LONGEST: Final = 4096
"""Of one value: what Linux allows a path."""

_OF_THE_SERVICE: Final = frozenset(
    {
        "CREDENTIALS_DIRECTORY",
        "INVOCATION_ID",
        "JOURNAL_STREAM",
        "NOTIFY_SOCKET",
        "PYTHONFAULTHANDLER",
        "SYSTEMD_EXEC_PID",
        "WATCHDOG_PID",
        "WATCHDOG_USEC",
    }
)
"""systemd.exec(5), "Environment Variables Set or Propagated by the Service Manager", and our unit."""

_SYSTEMD: Final = "org.freedesktop.systemd1"

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """Where the programs of one desktop find it; all None: there is no desktop.

    Attributes:
        x11: the X server, as $DISPLAY has it: `:0`. A Wayland desktop mostly has one too.
        xauthority: the file that lets programs in; None: `~/.Xauthority`.
        wayland: the Wayland compositor, as $WAYLAND_DISPLAY has it: `wayland-0`.
        runtime_dir: the folder of the compositor's socket, $XDG_RUNTIME_DIR.
    """

    x11: str | None = None
    xauthority: str | None = None
    wayland: str | None = None
    runtime_dir: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Take it from the variables of a program; an empty one is none."""
        xauthority = environment.get("XAUTHORITY")
        return cls(
            x11=environment.get("DISPLAY") or None,
            # Whoever is told of it may live in another folder.
            xauthority=os.path.abspath(xauthority) if xauthority else None,  # noqa: PTH100 - links stay as they are
            wayland=environment.get("WAYLAND_DISPLAY") or None,
            runtime_dir=environment.get("XDG_RUNTIME_DIR") or None,
        )

    @classmethod
    def from_json(cls, value: object) -> Self:
        """Read what `to_json` wrote, of whatever a client sent.

        Raises:
            ValueError: it is anything else; the text says what.
        """
        if not isinstance(value, dict):
            raise ValueError("a display must be an object")  # noqa: TRY004 - one kind of error for what a client sent
        if unknown := sorted(str(key)[:40] for key in value.keys() - cls.__dataclass_fields__.keys()):
            raise ValueError(f"a display has no {', '.join(map(repr, unknown))}")
        told = {key: text for key, text in value.items() if text is not None}
        for key, text in told.items():
            _check(key, text)
        return cls(**told)

    def to_json(self) -> dict[str, str]:
        """Give what is known, for the control API."""
        return {key: text for key, text in asdict(self).items() if text is not None}

    @property
    def is_there(self) -> bool:
        """Whether there is a desktop at all."""
        return bool(self.x11 or self.wayland)


def _check(key: str, text: object) -> None:
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST or not text.isprintable():
        raise ValueError(f"the {key} of a display must be one line of text")
    if key in {"xauthority", "runtime_dir"} and not text.startswith("/"):
        raise ValueError(f"the {key} of a display must be a path from the root")


async def desktop_environment(*, besides: Display | None = None) -> Display:
    """Find the desktop of the user: in our own variables, else in those of the user's service manager.

    A daemon that systemd started before the desktop has no variables of it, but the desktop tells them to
    systemd (`systemctl --user import-environment`), which tells them on the session bus.

    Args:
        besides: one that is known to be gone, though our variables may still name it.

    Returns:
        an empty Display when neither knows of a desktop, or the service manager does not answer in time.
    """
    own = Display.from_environment(os.environ)
    if own.is_there and own != besides:
        return own
    told = await _told_by_systemd()
    if told is None:
        return Display() if own == besides else own
    return Display.from_environment({**os.environ, **told})


async def desktop_variables() -> dict[str, str]:
    """Give the environment for programs that are to appear on the user's desktop; found as above.

    What systemd told this service alone is left out: a browser must not report to its watchdog.
    """
    told = {} if Display.from_environment(os.environ).is_there else await _told_by_systemd() or {}
    return {name: value for name, value in {**os.environ, **told}.items() if name not in _OF_THE_SERVICE}


async def _told_by_systemd() -> dict[str, str] | None:
    """The environment of the user's service manager; None when it does not tell."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            lines = await _environment_of_systemd()
    except Exception as error:  # noqa: BLE001 - the library raises all kinds, and all mean the same
        _log.debug("The service manager does not tell its environment", reason=repr(error))
        return None
    return dict(line.partition("=")[::2] for line in lines)


async def _environment_of_systemd() -> list[str]:
    """Give the lines `NAME=value` (org.freedesktop.systemd1(5), property Environment of the manager)."""
    # Only where it is needed: it takes longer to load than all else here.
    from dbus_fast import Message, MessageFlag, MessageType  # noqa: PLC0415 - see above
    from dbus_fast.aio import MessageBus  # noqa: PLC0415 - see above

    call = Message(
        _SYSTEMD,
        "/org/freedesktop/systemd1",
        "org.freedesktop.DBus.Properties",
        "Get",
        flags=MessageFlag.NO_AUTOSTART,
        signature="ss",
        body=[f"{_SYSTEMD}.Manager", "Environment"],
    )
    bus = MessageBus(bus_address=session_bus.address())
    try:
        await bus.connect()
        reply = await bus.call(call)
    finally:
        bus.disconnect()
    return _lines(reply.body) if reply and reply.message_type is MessageType.METHOD_RETURN else []


def _lines(body: list[Any]) -> list[str]:
    (environment,) = body
    return [line for line in environment.value if isinstance(line, str)]
