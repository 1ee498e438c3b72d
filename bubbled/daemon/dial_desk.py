"""All that dialling takes in one place: the phones, whoever places the calls, and the key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from bubbled.daemon import assembly
from bubbled.daemon.desktop import Desktop
from bubbled.daemon.dialler import Dialler
from bubbled.daemon.inquiry import Inquiries
from bubbled.daemon.phones import Phones
from bubbled.daemon.placement import NotDialledError, Placement
from bubbled.dialing.destination import Source
from bubbled.dialing.preference import Preference
from bubbled.dialing.selection.port import SelectionError

if TYPE_CHECKING:
    from bubbled.daemon.desk import Desk
    from bubbled.daemon.switchboard import Switchboard
    from bubbled.display import Display
    from bubbled.model import Device
    from bubbled.settings.schema import Settings


class DialDesk:
    """Lets the user call by key, by command and by the buttons of popups.

    Attributes:
        phones: which of the user's phones rings.
        dialler: places the calls.
        desktop: has the key, and reads what is selected.
    """

    def __init__(self, settings: Settings, desk: Desk, line: Switchboard, *, program: str) -> None:
        """Place calls on a line, and ask and tell the user at a desk; `program` starts what he may type."""
        self._program = program
        self._line = line
        preference = Preference(assembly.preference_path())
        self.phones = Phones(assembly.phone_rules(settings), preference, self._device_state)
        self._placement = Placement(self.phones, lambda: line.originator, desk.calls)
        self.dialler = Dialler(
            assembly.dial_rules(settings, self._program),
            phones=self.phones,
            placement=self._placement,
            inquiries=Inquiries(desk.notices),
            screen_trouble=lambda: desk.screen.trouble,
        )
        desk.on_dial = self._wanted_by_button
        self.desktop = Desktop(settings.dial.hotkey, self._pressed)

    async def run(self) -> NoReturn:
        """Have the key until cancelled."""
        await self.desktop.run()

    def settings_changed(self, settings: Settings) -> None:
        """Dial by other settings from now on."""
        self.dialler.rules_changed(assembly.dial_rules(settings, self._program))
        self.phones.rules = assembly.phone_rules(settings)
        self.phones.forget()
        self.desktop.change_key(settings.dial.hotkey)

    async def selection(self, display: Display | None = None) -> str:
        """Give what is selected, on the user's desktop or on a display that a command names.

        Raises:
            NotDialledError: it cannot be read, which the screen tells too.
        """
        try:
            return await self.desktop.selection(display)
        except SelectionError as error:
            self.dialler.tell(str(error))
            raise NotDialledError(str(error), is_told=True) from error

    async def aclose(self) -> None:
        """Place no more calls, and let go of the desktop."""
        await self.dialler.aclose()
        await self.desktop.aclose()

    def must_be_new_press(self) -> None:
        """Take a press of a key that the desktop has, and that runs a command.

        Raises:
            NotDialledError: it is the second half of a double one, or the key is held down.
        """
        if not self._placement.is_new_press():
            raise NotDialledError("The key was pressed a moment ago: nothing more is done.", is_told=True)

    def _pressed(self) -> None:
        if self._placement.is_new_press():
            self.dialler.start(self._dial_selected())

    async def _dial_selected(self) -> None:
        await self.dialler.dial(await self.selection(), Source.SELECTION)

    def _wanted_by_button(self, number: str) -> None:
        self.dialler.start(self.dialler.dial(number, Source.POPUP))

    async def _device_state(self, device: Device) -> str | None:
        return await self._line.originator.device_state(device)
