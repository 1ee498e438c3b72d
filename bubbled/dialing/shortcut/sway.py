"""The shortcut in sway's configuration, which is a file of the user's: sway(5)."""

from __future__ import annotations

import glob
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Final

from bubbled.dialing.shortcut.block import block_in, with_block, without_block
from bubbled.dialing.shortcut.port import NO_CHANGE, Binding, Change, KeyTakenError, ShortcutError
from bubbled.dialing.shortcut.sway_config import bindings, keys
from bubbled.dialing.shortcut.tool import ask
from bubbled.dialing.shortcut.user_file import read, replace
from bubbled.dialing.shortcut.words import dials, shell_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bubbled.dialing.shortcut.sway_config import Bound
    from bubbled.keystroke import Keystroke

SYSTEMS_OWN: Final = Path("/etc/sway/config")
"""The configuration of those who have none of their own."""

_SYSTEM: Final = (Path("/etc"), Path("/usr"))
"""Where nothing is the user's, even where the user may write there."""

_EXEC: Final = "exec "


@dataclass(frozen=True, slots=True)
class _Config:
    """Where the user's configuration is, and what it says.

    Attributes:
        text: None while there is none, and sway takes the system's.
        ours: the lines in it that are ours; None for none.
        rest: what it says without them.
        includes: lines of ours without which the first configuration of one's own would hide the system's.
    """

    path: Path
    text: str | None
    ours: tuple[str, ...] | None
    rest: str
    includes: tuple[str, ...]


class SwayShortcut:
    """A marked line in the user's configuration; sway reads it at once when it runs.

    Args:
        environment: the variables that tell where sway and its configuration are.
    """

    name = "sway"

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def state(self) -> Binding | None:
        """Tell which key dials now; see the port."""
        config = self._config()
        own = [_binding(bound, ours=True) for bound in bindings("\n".join(config.ours or ()), _nothing)]
        others = [_binding(bound, ours=False) for bound in self._bound(config) if dials(bound.command)]
        return next(iter((*own, *others)), None)

    def install(self, keystroke: Keystroke, command: tuple[str, ...]) -> Change:
        """Plan to bind the key; see the port."""
        config = self._config()
        for bound in self._bound(config):
            if bound.is_on(keystroke) and dials(bound.command):
                return NO_CHANGE
            if bound.is_on(keystroke):
                raise KeyTakenError(keystroke, f"`{bound.command}` in {config.path}")
        line = f"bindsym --no-repeat {keys(keystroke)} {_EXEC}{shell_line(command)}"
        lines = (*config.includes, line)
        after = with_block(config.text or "", lines)
        return NO_CHANGE if after == config.text else self._replacing(config, after, "put in", lines)

    def remove(self) -> Change:
        """Plan to take our lines out; see the port."""
        config = self._config()
        if config.ours is None:
            return NO_CHANGE
        # A configuration that is there only for our lines goes with them; an empty one would leave no keys.
        after = None if config.includes and not config.rest else config.rest
        return self._replacing(config, after, "taken out", config.ours)

    def _replacing(self, config: _Config, after: str | None, done: str, lines: tuple[str, ...]) -> Change:
        def make() -> None:
            replace(config.path, config.text, after)
            try:
                self._reload(after)
            except ShortcutError:
                replace(config.path, after, config.text)
                raise

        told = f"{config.path}: {done}:"
        reload = ("sway reads its configuration again (swaymsg reload)",) if self._runs else ()
        return Change((told, *(f"    {line}" for line in lines), *reload), make)

    # -- sway itself

    @property
    def _runs(self) -> bool:
        return bool(self._environment.get("SWAYSOCK"))

    def _reload(self, expected: str | None) -> None:
        if not self._runs:
            return
        ask(self._environment, "swaymsg", "reload")
        if expected is not None and self._ask("get_config")["config"].strip() != expected.strip():
            raise ShortcutError(
                "sway does not read the configuration that was changed, so it is as before; "
                "see `swaymsg -t get_version` for the one that it reads, and add the line there."
            )

    def _ask(self, question: str) -> Any:
        return json.loads(ask(self._environment, "swaymsg", "--raw", "--type", question))

    # -- its configuration

    def _config(self) -> _Config:
        loaded = self._loaded()
        systems = loaded if loaded and _is_systems(loaded) else SYSTEMS_OWN
        path = self._own_path() if loaded in {None, systems} else loaded
        text = read(path)
        if text is None:
            return _Config(path, None, None, "", (f"include {systems}",))
        try:
            ours, rest = block_in(text), without_block(text)
        except ValueError as error:
            raise ShortcutError(
                f"{path} stays as it is, because {error}; take out what is left of them, then try again."
            ) from None
        includes = (line for line in ours or () if line.startswith("include "))
        return _Config(path, text, ours, rest, tuple(includes))

    def _loaded(self) -> Path | None:
        """The configuration that sway reads; None where it does not run."""
        if not self._runs:
            return None
        # sway may write a second slash before it.
        return Path(re.sub(r"\A/+", "/", self._ask("get_version")["loaded_config_file_name"]))

    def _own_path(self) -> Path:
        """The first configuration of the user's own where sway looks for one; else where it usually is."""
        home = Path(self._environment.get("HOME", "/"))
        given = Path(self._environment.get("XDG_CONFIG_HOME", ""))
        settings = given if given.is_absolute() else home / ".config"
        places = (home / ".sway", settings / "sway", home / ".i3", settings / "i3")
        there = (place / "config" for place in places if (place / "config").exists())
        return next(there, settings / "sway" / "config")

    def _bound(self, config: _Config) -> Iterator[Bound]:
        """What is bound by others."""
        lines = "\n".join((config.rest, *config.includes))
        return bindings(lines, self._included(config.path.parent))

    def _included(self, folder: Path) -> Callable[[str], Iterator[str]]:
        seen: set[str] = set()

        def texts(pattern: str) -> Iterator[str]:
            expanded = Template(pattern.strip("\"'")).safe_substitute(self._environment)
            home = self._environment.get("HOME", "~")
            absolute = home + expanded[1:] if expanded.startswith("~/") else expanded
            for name in sorted(glob.glob(absolute, root_dir=folder)):  # noqa: PTH207 - pathlib takes no absolute ones
                if name not in seen:
                    seen.add(name)
                    with suppress(ShortcutError):  # sway goes on without it too
                        yield read(folder / name) or ""

        return texts


def _is_systems(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in _SYSTEM)


def _binding(bound: Bound, *, ours: bool) -> Binding:
    return Binding(bound.keys, bound.command.removeprefix(_EXEC), ours=ours)


def _nothing(_pattern: str) -> tuple[str, ...]:
    return ()
