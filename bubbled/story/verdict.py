"""Verdicts on the popup of a call, in the user's language. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.story.phrase import reworded
from bubbled.story.wording import _

if TYPE_CHECKING:
    from bubbled.story.wording import Gettext

SHOWN: Final = _("shown")
"""The verdict on a call that had a popup, as `calls --json` has it."""

RULES: Final = (
    _("inbound popups are switched off"),
    _("it is not known whom you call"),
    _("outbound popups are switched off"),
    _("calls of colleagues are switched off"),
    _("popups of missed calls are switched off"),
    _("popups come when a call is answered"),
    _("muted"),
    _("do not disturb is on"),
    _("full screen on this display"),
    _("the screen is shared"),
    _("not known: the call is not among the latest since bubbled started"),
)
"""The words of verdicts that are always the same, for the translators."""

_NAMING: Final = (
    _("muted until {time}"),
    _("outside the hours {hours}"),
    _("not by one of the queues {queues} or the numbers {numbers}"),
    _("not by one of the queues {queues}"),
    _("not by one of the numbers {numbers}"),
)
"""Those that name something; what also fits the next stands before it."""


def no_popup(reason: str, setting: str, gettext: Gettext) -> str:
    """Say why there was no popup, and which setting is to blame."""
    text = gettext("No popup: {reason} ({setting}).") if setting else gettext("No popup: {reason}.")
    return text.format(reason=verdict(reason, gettext), setting=setting)


def verdict(popup: str, gettext: Gettext) -> str:
    """Say `Decided.popup`; one whose words nobody here knows is said as it came."""
    whole = reworded(popup, (SHOWN, *_NAMING), gettext)
    if whole is not None:
        return whole
    parts = popup.split(" and ")  # of the desktop there may be several
    return gettext(" and ").join(map(gettext, parts)) if all(part in RULES for part in parts) else popup
