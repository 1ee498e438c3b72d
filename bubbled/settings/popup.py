"""What may stand in the settings about popups: which calls, where and with what."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bubbled.settings.template import TemplateText
from bubbled.settings.value import Condition, Few, Hours, Key, Lax, Many, NumberPattern, Section, Text


class ScreenChoice(StrEnum):
    """Where popups appear; `AUTO`: a window where that is installed, else the desktop, else the terminal."""

    AUTO = "auto"
    NATIVE = "native"
    WINDOW = "window"
    TERMINAL = "terminal"


class Opening(StrEnum):
    """What has to happen before the popup of a call comes."""

    RINGING = "ringing"
    ANSWERED = "answered"


class Quiet(StrEnum):
    """Times at which no popup comes, where the desktop tells of them."""

    DO_NOT_DISTURB = "do_not_disturb"
    FULL_SCREEN = "full_screen"
    SCREEN_SHARED = "screen_shared"


class Corner(StrEnum):
    """Where on the monitor the first window stands; the next stand above or below it."""

    TOP_LEFT = "top-left"
    TOP_RIGHT = "top-right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_RIGHT = "bottom-right"


class Theme(StrEnum):
    """Whether windows are light or dark; `AUTO` is as the desktop is."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class PopupLayout(Section):
    """Templates of what a popup shows; None: bubbled's own layout.

    Attributes:
        footnote: the small print; none where the lines are the user's.
    """

    headline: TemplateText | None = None
    lines: Few[TemplateText] | None = None
    footnote: TemplateText | None = None
    picture: TemplateText | None = None


class PopupWindow(Section):
    """Where windows stand and how they look; lengths in pixels of an unscaled monitor.

    Attributes:
        monitor: `primary`, `pointer` (where the mouse is), a number from 1 on, or a name such as `HDMI-1`.
        offset: from the corner: sideways, and up or down.
    """

    monitor: Text = Field(default="primary", max_length=100)
    corner: Lax[Corner] = Corner.BOTTOM_RIGHT
    offset: tuple[Annotated[int, Field(ge=0, le=10_000)], Annotated[int, Field(ge=0, le=10_000)]] = Field(
        default=(16, 16), strict=False
    )
    width: int = Field(default=380, ge=240, le=1200)
    theme: Lax[Theme] = Theme.AUTO


class Popup(Section):
    """Which calls pop up, when, for how long (0: as long as the call lasts) and where.

    Attributes:
        internal: whether calls of colleagues pop up.
        missed: whether missed calls leave a card.
        queues: with these or `numbers`, of the calls from outside only those pop up that came by one of them.
        numbers: patterns of the numbers that a caller dialled, as the PBX writes them or as E.164.
        hours: when calls pop up; none: always.
        keep_after_s: how long a popup stays when its call has ended.
        vip: a condition under which the caller is marked as important.
        mute_key: mutes and unmutes; "none": there is no such key.
        focus_key: gives the keyboard to the newest window.
    """

    inbound: bool = True
    outbound: bool = True
    internal: bool = True
    missed: bool = True
    queues: Many[Text] = Field(default=(), max_length=500)
    numbers: Many[NumberPattern] = Field(default=(), max_length=500)
    opens: Lax[Opening] = Opening.RINGING
    hours: Few[Hours] = ()
    quiet: Few[Lax[Quiet]] = ()
    hide_after_s: float = Field(default=0.0, ge=0, le=86_400, allow_inf_nan=False)
    keep_after_s: float = Field(default=0.0, ge=0, le=3_600, allow_inf_nan=False)
    vip: Condition | None = None
    mute_key: Key = "none"
    focus_key: Key = "none"
    screen: Lax[ScreenChoice] = ScreenChoice.AUTO
    layout: PopupLayout = Field(default_factory=PopupLayout)
    window: PopupWindow = Field(default_factory=PopupWindow)


class TraySettings(Section):
    """The icon among those of the desktop."""

    show: bool = True


OwnNumbers = Mapping[Text, Text]
"""What the numbers are called that callers may dial, by number."""
