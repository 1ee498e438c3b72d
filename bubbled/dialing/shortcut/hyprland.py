"""The shortcut in Hyprland's configuration, which is a file of the user's.

After the Hyprland wiki ("Binds", "Using hyprctl") and its sources, 0.41 to 0.56; never tried with a real one.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bubbled.dialing.shortcut.block import block_in, with_block, without_block
from bubbled.dialing.shortcut.hyprland_config import LUA, OWN_LANGUAGE, Dialect, is_on, keys
from bubbled.dialing.shortcut.port import NO_CHANGE, Binding, Change, KeyTakenError, ShortcutError
from bubbled.dialing.shortcut.tool import ask
from bubbled.dialing.shortcut.user_file import read, replace
from bubbled.dialing.shortcut.words import dials, shell_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.keystroke import Keystroke

_LOOKS: Final = 20
"""How often Hyprland is asked for a key that it should have now: some versions read a little later."""

_RELOADED: Final = "Hyprland reads its configuration again (hyprctl reload)"


@dataclass(frozen=True, slots=True)
class _Config:
    """Where the configuration is, in which language, and what it says.

    Attributes:
        ours: the lines in it that are ours; empty for none.
        rest: what it says without them.
    """

    path: Path
    dialect: Dialect
    text: str
    ours: tuple[str, ...]
    rest: str

    def binding(self) -> Binding | None:
        """What our lines bind."""
        read_lines = (self.dialect.read(line) for line in self.ours)
        return next((Binding(*bound, ours=True) for bound in read_lines if bound), None)


class HyprlandShortcut:
    """A marked line in the user's configuration, which Hyprland reads at once.

    Args:
        environment: the variables that tell where Hyprland and its configuration are.
    """

    name = "Hyprland"

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def state(self) -> Binding | None:
        """Tell which key dials now; see the port."""
        own = self._config().binding()
        theirs = (_binding(bind) for bind in self._binds() if dials(_command(bind)))
        return own or next(theirs, None)

    def install(self, keystroke: Keystroke, command: tuple[str, ...]) -> Change:
        """Plan to bind the key; see the port."""
        config = self._config()
        own = config.binding()
        for bind in self._binds() if own is None or own.key != keys(keystroke) else ():
            if is_on(bind, keystroke) and dials(_command(bind)):
                return NO_CHANGE
            if is_on(bind, keystroke):
                raise KeyTakenError(keystroke, f"`{bind.get('dispatcher')} {_command(bind)}` of Hyprland")
        line = config.dialect.line(keystroke, shell_line(command))
        after = with_block(config.text, (line,), config.dialect.comment)
        if after == config.text:
            return NO_CHANGE
        told = (f"{config.path}: put in:", f"    {line}", _RELOADED)
        return Change(told, lambda: self._put_in(config, after, keystroke))

    def remove(self) -> Change:
        """Plan to take our lines out; see the port."""
        config = self._config()
        if config.rest == config.text:
            return NO_CHANGE
        told = (f"{config.path}: taken out:", *(f"    {line}" for line in config.ours), _RELOADED)
        return Change(told, lambda: self._take_out(config))

    def _put_in(self, config: _Config, after: str, keystroke: Keystroke) -> None:
        replace(config.path, config.text, after)
        try:
            self._ask("reload")
            self._check_read(config.path, keystroke)
        except ShortcutError:
            replace(config.path, after, config.text)
            with suppress(ShortcutError):
                self._ask("reload")
            raise

    def _check_read(self, path: Path, keystroke: Keystroke) -> None:
        if not any(is_on(bind, keystroke) for _ in range(_LOOKS) for bind in self._binds()):
            raise ShortcutError(
                f"Hyprland does not read the key from {path}, so that file is as before; "
                "add the line to the configuration that it reads."
            )

    def _take_out(self, config: _Config) -> None:
        replace(config.path, config.text, config.rest)
        self._ask("reload")

    # -- Hyprland itself

    def _ask(self, *arguments: str) -> str:
        return ask(self._environment, "hyprctl", *arguments)

    def _binds(self) -> list[dict[str, Any]]:
        try:
            binds = json.loads(self._ask("-j", "binds"))
        except ValueError:
            binds = None
        if not isinstance(binds, list):
            raise ShortcutError("Hyprland does not tell its keys (hyprctl binds); add the line by hand.")
        return binds

    # -- its configuration

    def _config(self) -> _Config:
        path = self._path()
        text = read(path)
        if text is None:
            raise ShortcutError(f"{path} is missing; start Hyprland once, which makes one, then try again.")
        dialect = LUA if path.suffix == ".lua" else OWN_LANGUAGE
        try:
            ours, rest = block_in(text, dialect.comment), without_block(text, dialect.comment)
        except ValueError as error:
            raise ShortcutError(
                f"{path} stays as it is, because {error}; take out what is left of them, then try again."
            ) from None
        return _Config(path, dialect, text, ours or (), rest)

    def _path(self) -> Path:
        """The user's configuration; Lua counts where both are there."""
        if named := self._environment.get("HYPRLAND_CONFIG"):
            return Path(named)
        given = Path(self._environment.get("XDG_CONFIG_HOME", ""))
        settings = given if given.is_absolute() else Path(self._environment.get("HOME", "/")) / ".config"
        lua, own = settings / "hypr" / "hyprland.lua", settings / "hypr" / "hyprland.conf"
        return lua if lua.exists() else own


def _command(bind: Mapping[str, Any]) -> str:
    return str(bind.get("arg", ""))


def _binding(bind: Mapping[str, Any]) -> Binding:
    return Binding(str(bind.get("key", "")), _command(bind), ours=False)
