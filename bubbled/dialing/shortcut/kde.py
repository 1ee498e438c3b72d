"""KDE Plasma's custom shortcut: a command in a .desktop file, and its key in KDE's service for shortcuts."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bubbled.dialing.shortcut.kde_bus import GlobalShortcuts
from bubbled.dialing.shortcut.kde_key import key_code, keystroke_of
from bubbled.dialing.shortcut.port import NO_CHANGE, Binding, Change, KeyTakenError, ShortcutError
from bubbled.dialing.shortcut.user_file import read, replace
from bubbled.dialing.shortcut.words import exec_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.keystroke import Keystroke

COMPONENT: Final = "bubbled-dial.desktop"
NAME: Final = "bubbled: call the selected number"
ACTION: Final = (COMPONENT, "_launch", NAME, NAME)
"""As KDE calls it: the file, the action of starting it, and both as users read them."""

_EXEC: Final = "Exec="
_FILE: Final = f"""\
[Desktop Entry]
Type=Application
Name={NAME}
{_EXEC}{{command}}
StartupNotify=false
X-KDE-GlobalAccel-CommandShortcut=true
"""


class KdeShortcut:
    """A command shortcut, as System Settings makes them.

    Args:
        environment: the variables that tell where the session bus and the user's files are.
    """

    name = "KDE Plasma"

    def __init__(self, environment: Mapping[str, str]) -> None:
        given = Path(environment.get("XDG_DATA_HOME", ""))
        data = given if given.is_absolute() else Path(environment.get("HOME", "/")) / ".local" / "share"
        # Of the two folders that KDE looks into, the one that it needs no index of.
        self._file = data / "kglobalaccel" / COMPONENT
        self._shortcuts = GlobalShortcuts(environment)

    def state(self) -> Binding | None:
        """Tell which key dials now; see the port."""
        text = read(self._file)
        if text is None:
            return None
        shown = ", ".join(str(keystroke_of(code) or code) for code in self._shortcuts.keys(ACTION))
        return Binding(shown, _command_in(text), ours=True) if shown else None

    def install(self, keystroke: Keystroke, command: tuple[str, ...]) -> Change:
        """Plan to add ours; see the port."""
        before, after = read(self._file), _FILE.format(command=exec_line(command))
        code = key_code(keystroke)
        owner = self._shortcuts.owner(code)
        if owner and owner[0] != COMPONENT:
            raise KeyTakenError(keystroke, f'"{owner[-1]}" of {owner[2]}')
        if owner and before == after:
            return NO_CHANGE

        def make() -> None:
            replace(self._file, before, after)
            try:
                self._set(code)
            except ShortcutError:
                with suppress(ShortcutError):
                    replace(self._file, after, before)
                raise

        told = (f"{self._file}: put in:", *(f"    {line}" for line in after.splitlines()))
        return Change((*told, f"KDE's global shortcuts: {keystroke} runs it"), make)

    def remove(self) -> Change:
        """Plan to take ours out; see the port."""
        before = read(self._file)
        if before is None:
            return NO_CHANGE

        def make() -> None:
            replace(self._file, before, None)
            try:
                self._shortcuts.forget(*ACTION[:2])
            except ShortcutError:
                # What cannot be taken out whole stays whole: a key without its command would do nothing.
                with suppress(ShortcutError):
                    replace(self._file, None, before)
                raise

        return Change((f"{self._file}: taken out, and its key with it",), make)

    def _set(self, code: int) -> None:
        self._shortcuts.set(ACTION, code)
        if code not in self._shortcuts.keys(ACTION):
            raise ShortcutError(
                "KDE did not take the key, so nothing was changed; set it in System Settings."
            )


def _command_in(text: str) -> str:
    found = (line.removeprefix(_EXEC) for line in text.splitlines() if line.startswith(_EXEC))
    return next(found, "")
