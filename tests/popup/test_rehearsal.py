import pytest

from bubbled.model import CallId, Tone
from bubbled.popup.command import CopyText, Dial, MuteFor, OpenUri, RunProgram, TakeNote
from bubbled.popup.example import ringing
from bubbled.popup.layout import Layout
from bubbled.popup.purpose import OpenList
from bubbled.popup.rehearsal import example_card, outcome_card, told
from tests.popup.test_layout import NOW


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (OpenUri("https://example.com/{x}"), "It would open https://example.com/{x}"),
        (
            OpenUri("mailto:a%40example.com?subject=Call%20Jan&body=Please%0D%0A%0D%0A%2B31%206"),
            "It would begin a mail: a@example.com · Call Jan · Please · +31 6",
        ),
        (OpenUri("mailto:"), "It would begin a mail: "),
        (CopyText("06"), "It would copy: 06"),
        (Dial("06"), "It would call 06"),
        (RunProgram(("/bin/x", "a b", "$(y)")), "It would run: /bin/x 'a b' '$(y)'"),
        (MuteFor(30), "It would mute popups for 30 minutes"),
        (MuteFor(0), "It would mute popups until you unmute them"),
        (TakeNote(CallId("1"), "x"), "It would take a note on the call"),
        (OpenList(), "It would list all who have the number"),
    ],
)
def test_what_a_button_would_do_is_told(action: OpenUri, text: str) -> None:
    assert told(action, str) == text


def test_the_card_that_tells_it_says_that_nothing_was_done() -> None:
    card = outcome_card("Call", Dial("06"), str)
    assert (card.headline, card.lines, card.tone) == ("Call", ("It would call 06",), Tone.NOTICE)
    assert "nothing was done" in card.status
    assert outcome_card("Call", None, str).lines == ("It would do nothing",)


def test_an_example_names_no_command_that_would_press_on_a_real_popup() -> None:
    layout = Layout(region="NL")
    assert example_card(ringing(layout, NOW), layout, NOW).instead == ""
