"""GNOME's custom shortcut, in its settings: gsettings(1).

The service of GNOME's that runs it takes its command apart by the rules of g_shell_parse_argv(), and runs it
again and again while the key is held down. Tried with GNOME 43.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from bubbled.dialing.shortcut.gnome_key import accelerator, is_on
from bubbled.dialing.shortcut.gvariant import strings_in, written
from bubbled.dialing.shortcut.port import NO_CHANGE, Binding, Change, KeyTakenError, ShortcutError
from bubbled.dialing.shortcut.tool import ToolError, ask
from bubbled.dialing.shortcut.words import dials, shell_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bubbled.keystroke import Keystroke

SCHEMA: Final = "org.gnome.settings-daemon.plugins.media-keys"
LIST: Final = "custom-keybindings"
CUSTOM: Final = f"{SCHEMA}.custom-keybinding"
PATH: Final = "/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/bubbled/"
"""Where ours is; GNOME's own program calls them custom0, custom1 and so on."""

NAME: Final = "bubbled: call the selected number"

_KEYS_OF_GNOME: Final = (
    SCHEMA,
    "org.gnome.desktop.wm.keybindings",
    "org.gnome.mutter.keybindings",
    "org.gnome.mutter.wayland.keybindings",
    "org.gnome.shell.keybindings",
)
"""Schemas whose values are keys; those of a GNOME that is not this one are missing."""


class GnomeShortcut:
    """One more custom shortcut, beside those of the user.

    Args:
        environment: the variables by which gsettings finds the settings.
    """

    name = "GNOME"

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def state(self) -> Binding | None:
        """Tell which key dials now; see the port."""
        paths = self._paths()
        if PATH in paths:
            return Binding(self._of(PATH, "binding"), self._of(PATH, "command"), ours=True)
        for path in paths:
            command = self._of(path, "command")
            if dials(command):
                return Binding(self._of(path, "binding"), command, ours=False)
        return None

    def install(self, keystroke: Keystroke, command: tuple[str, ...]) -> Change:
        """Plan to add ours; see the port."""
        wanted = {"name": NAME, "command": shell_line(command), "binding": accelerator(keystroke)}
        paths = self._paths()
        for path, taken in self._customs(paths):
            if is_on(taken, keystroke) and dials(self._of(path, "command")):
                return NO_CHANGE
            if is_on(taken, keystroke):
                raise KeyTakenError(keystroke, f'"{self._of(path, "name")}" of your own shortcuts')
        self._check_free(keystroke)
        if PATH in paths and all(self._of(PATH, key) == value for key, value in wanted.items()):
            return NO_CHANGE
        return Change(
            (
                f"GNOME's custom shortcuts ({SCHEMA}): put in:",
                *(f"    {key}: {value}" for key, value in wanted.items()),
            ),
            lambda: self._add(wanted),
        )

    def remove(self) -> Change:
        """Plan to take ours out; see the port."""
        paths = self._paths()
        if PATH not in paths:
            return NO_CHANGE
        line = f"    {NAME}: {self._of(PATH, 'binding')}"
        return Change(
            (f"GNOME's custom shortcuts ({SCHEMA}): taken out:", line),
            self._take_out,
        )

    # -- which keys are taken

    def _customs(self, paths: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """The user's own shortcuts, each with its key."""
        yield from ((path, self._of(path, "binding")) for path in paths if path != PATH)

    def _check_free(self, keystroke: Keystroke) -> None:
        for schema in _KEYS_OF_GNOME:
            for line in self._lines(schema):
                _, key, value = line.split(maxsplit=2)
                if any(is_on(each, keystroke) for each in strings_in(value)):
                    raise KeyTakenError(keystroke, f'"{key}" of GNOME ({schema})')

    def _lines(self, schema: str) -> list[str]:
        try:
            return self._gsettings("list-recursively", schema).splitlines()
        except ToolError:
            return []

    # -- gsettings

    def _paths(self) -> tuple[str, ...]:
        told = self._gsettings("get", SCHEMA, LIST).strip()
        paths = strings_in(told)
        if not paths and told != written(()):
            raise ShortcutError(f"GNOME's list of shortcuts is not understood ({told[:60]}); mend {SCHEMA}.")
        return paths

    def _of(self, path: str, key: str) -> str:
        return "".join(strings_in(self._gsettings("get", f"{CUSTOM}:{path}", key)))

    def _add(self, wanted: Mapping[str, str]) -> None:
        before = {key: self._of(PATH, key) for key in wanted}
        paths = self._paths()
        try:
            self._set(wanted)
            # In the list at last, so that GNOME never sees half of it.
            self._list(paths if PATH in paths else (*paths, PATH))
            self._check_kept(wanted)
        except ShortcutError:
            with suppress(ShortcutError):
                self._list(paths)
                if PATH in paths:
                    self._set(before)
                else:
                    self._forget()
            raise

    def _take_out(self) -> None:
        self._list([path for path in self._paths() if path != PATH])
        self._forget()

    def _set(self, values: Mapping[str, str]) -> None:
        for key, value in values.items():
            self._gsettings("set", f"{CUSTOM}:{PATH}", key, written(value))

    def _list(self, paths: Sequence[str]) -> None:
        if paths:
            self._gsettings("set", SCHEMA, LIST, written(paths))
        else:
            self._gsettings("reset", SCHEMA, LIST)

    def _forget(self) -> None:
        self._gsettings("reset-recursively", f"{CUSTOM}:{PATH}")

    def _check_kept(self, wanted: Mapping[str, str]) -> None:
        """Where dconf cannot be reached, gsettings forgets what it was told, and says nothing."""
        if PATH not in self._paths() or any(self._of(PATH, key) != value for key, value in wanted.items()):
            raise ShortcutError(
                "GNOME does not keep the shortcut, so nothing was changed; "
                "run this within your desktop session, where its settings can be reached."
            )

    def _gsettings(self, *arguments: str) -> str:
        return ask(self._environment, "gsettings", *arguments)
