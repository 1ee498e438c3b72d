"""The colours of windows, light and dark, readable for everybody (WCAG 2.2, level AA). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bubbled.model import Direction, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.model import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one theme, each as `#rrggbb`.

    Attributes:
        surface: what all stands on.
        text: who it is, and what matters.
        faint: what matters less.
        line: around the window and its buttons.
        button: of a button; `hovered` under the mouse, `held` under the finger.
        on_accent: of what stands on an accent.
        vip: marks important callers.
        focus: around what has the keyboard.
        accents: of the edge, by what the card is about.
    """

    surface: str
    text: str
    faint: str
    line: str
    button: str
    hovered: str
    held: str
    on_accent: str
    vip: str
    focus: str
    accents: Mapping[str, str]

    def accent(self, card: Card) -> str:
        """Give the colour of a card's edge, picture and status."""
        if card.tone is Tone.RINGING and card.direction is Direction.OUTBOUND:
            return self.accents["outbound"]
        return self.accents[card.tone.value]


LIGHT: Final = Palette(
    surface="#ffffff",
    text="#1b1f24",
    faint="#57606a",
    line="#d0d7de",
    button="#f3f5f7",
    hovered="#e6eaef",
    held="#d8dee4",
    on_accent="#ffffff",
    vip="#8a5a00",
    focus="#0550ae",
    accents={
        Tone.RINGING.value: "#1a7f37",
        "outbound": "#0860c4",
        Tone.TALKING.value: "#0b6e80",
        Tone.HELD.value: "#8a5a00",
        Tone.MISSED.value: "#c21f2b",
        Tone.ENDED.value: "#57606a",
        Tone.QUESTION.value: "#7a45d6",
        Tone.NOTICE.value: "#a84300",
    },
)

DARK: Final = Palette(
    surface="#1c2128",
    text="#f0f3f6",
    faint="#a9b4c0",
    line="#444c56",
    button="#2a313a",
    hovered="#363e49",
    held="#424b57",
    on_accent="#0d1117",
    vip="#e3b341",
    focus="#79b8ff",
    accents={
        Tone.RINGING.value: "#3fb950",
        "outbound": "#58a6ff",
        Tone.TALKING.value: "#39c5cf",
        Tone.HELD.value: "#d8a332",
        Tone.MISSED.value: "#ff7b72",
        Tone.ENDED.value: "#9ea7b3",
        Tone.QUESTION.value: "#bc8cff",
        Tone.NOTICE.value: "#f0883e",
    },
)


def palette(wish: str, *, is_dark: bool) -> Palette:
    """Take the wished theme (`light`, `dark`), or as the desktop is (`auto`)."""
    wishes_dark = is_dark if wish == "auto" else wish == "dark"
    return DARK if wishes_dark else LIGHT


def contrast(one: str, other: str) -> float:
    """Measure how well two colours can be told apart, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own
