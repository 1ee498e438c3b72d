"""What `bubbled doctor` says of the buttons of popups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.action.readiness import Need, lacking
from bubbled.action.wording import Sentences
from bubbled.control.check import Check, Verdict
from bubbled.display import desktop_variables

if TYPE_CHECKING:
    from collections.abc import Collection

    from bubbled.settings.button import ButtonSettings
    from bubbled.settings.schema import Settings

_ASKS_ITSELF: Final = frozenset({"window"})
"""The screens on which a text can be typed."""


async def buttons(settings: Settings, screen: str = "") -> list[Check]:
    """Tell what they would lack; `screen` names what shows popups, where that is known."""
    needs = _needs(settings.buttons)
    if screen in _ASKS_ITSELF:
        needs.discard(Need.ASK)
    programs = dict.fromkeys(each.run[0] for each in settings.buttons or () if each.run)
    told = [Sentences().trouble(each) for each in lacking(needs, programs, await desktop_variables())]
    if not told:
        return [Check("Buttons", Verdict.OK, "all that they need is there")]
    return [Check("Buttons", Verdict.WARNING, card.headline, " ".join(card.lines)) for card in told]


def _needs(buttons: Collection[ButtonSettings] | None) -> set[Need]:
    if buttons is None:
        return set(Need)
    wanted = {
        Need.OPEN: any(each.open or each.mail for each in buttons),
        Need.COPY: any(each.copy_text for each in buttons),
        Need.ASK: any(each.note for each in buttons),
    }
    return {need for need, is_wanted in wanted.items() if is_wanted}
