import pytest

from bubbled.condition import parse as parse_condition
from bubbled.model import CallId, Tone
from bubbled.popup.button import ButtonRule
from bubbled.popup.command import CopyText, Dial, MuteFor, OpenUri, RunProgram, TakeNote
from bubbled.popup.example import ringing
from bubbled.popup.layout import Layout
from bubbled.popup.purpose import Copy, Note, OpenList
from bubbled.popup.rehearsal import Hindrance, example_card, outcome_card, rehearsed, told
from bubbled.template import parse
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


def test_each_button_says_whether_it_is_shown_and_what_it_would_do() -> None:
    note = ButtonRule.of("1", "Note on $name", Note(), None)
    rules = (
        note,
        ButtonRule.of("2", "Copy", Copy(parse("$number_e164")), parse_condition("outbound")),
        ButtonRule.of("3", "$fax", Copy(parse("$name")), None),
        ButtonRule.of("4", "Copy", Copy(parse("$fax")), None),
        note,
    )
    layout = Layout(region="NL", buttons=rules)
    found = rehearsed(ringing(layout, NOW), layout, NOW)
    assert [(each.label, each.hindrance, each.outcome) for each in found] == [
        ("Note on Jan Jansen", Hindrance.NONE, "It would take a note on the call"),
        ("Copy", Hindrance.CONDITION, "It would copy: +31612345678"),
        ("", Hindrance.LABEL, "It would copy: Jan Jansen"),
        ("Copy", Hindrance.NOTHING, ""),
        ("Note on Jan Jansen", Hindrance.TWICE, "It would take a note on the call"),
    ]
    assert [each.is_shown for each in found] == [True, False, False, False, False]
