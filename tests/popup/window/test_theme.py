from dataclasses import replace

import pytest

from bubbled.model import Card, Direction, Tone
from bubbled.popup.window.theme import DARK, LIGHT, Palette, contrast, palette

AA_TEXT = 4.5
AA_SHAPE = 3.0
CARD = Card("Jan", (), "Calling you", Tone.RINGING, direction=Direction.INBOUND)
themes = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


@themes
def test_every_text_can_be_read_on_what_it_stands_on(theme: Palette) -> None:
    grounds = (theme.surface, theme.button, theme.hovered, theme.held)
    assert all(contrast(theme.text, ground) >= AA_TEXT for ground in grounds)
    assert contrast(theme.faint, theme.surface) >= AA_TEXT
    assert contrast(theme.faint, theme.button) >= AA_TEXT
    assert all(contrast(accent, theme.surface) >= AA_TEXT for accent in theme.accents.values())
    assert all(contrast(theme.on_accent, accent) >= AA_TEXT for accent in theme.accents.values())


@themes
def test_the_marks_can_be_seen(theme: Palette) -> None:
    assert contrast(theme.vip, theme.surface) >= AA_SHAPE
    assert contrast(theme.focus, theme.button) >= AA_SHAPE


@themes
def test_what_a_card_is_about_has_a_colour_of_its_own(theme: Palette) -> None:
    cards = [*(replace(CARD, tone=tone) for tone in Tone), replace(CARD, direction=Direction.OUTBOUND)]
    assert len({theme.accent(card) for card in cards}) == len(cards)


@pytest.mark.parametrize(
    ("wish", "is_dark", "found"),
    [("auto", True, DARK), ("auto", False, LIGHT), ("light", True, LIGHT), ("dark", False, DARK)],
)
def test_the_theme_is_the_wished_or_the_desktops(wish: str, is_dark: bool, found: Palette) -> None:  # noqa: FBT001 - pytest passes it by name
    assert palette(wish, is_dark=is_dark) is found


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == pytest.approx(1)
