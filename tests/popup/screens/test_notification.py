from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Button, Card, Tone
from bubbled.popup.screens.notification import Server, arguments, must_be_new

MARKUP = Server("dunst", "knopwob", "1.9.0", "1.2", frozenset({"body", "body-markup", "actions"}))
PLAIN = replace(MARKUP, capabilities=frozenset({"body"}))
BARE = replace(MARKUP, capabilities=frozenset())
CARD = Card("Jan & Zn <b>", ("a < b", '"quoted"'), "Calling you", Tone.RINGING, "Customers & Co")


def text(card: Card, server: Server) -> tuple[str, str]:
    _, _, _, summary, body, *_ = arguments(card, 0, server)
    return summary, body


def hint(name: str, card: Card, server: Server) -> object:
    return arguments(card, 0, server)[6][name].value


def test_the_body_is_markup_where_the_server_says_so() -> None:
    assert text(CARD, MARKUP) == (
        "Jan & Zn <b>",
        '<b>Calling you</b>\na &lt; b\n"quoted"\n<i>Customers &amp; Co</i>',
    )


def test_the_body_is_plain_where_the_server_does_not() -> None:
    assert text(CARD, PLAIN) == ("Jan & Zn <b>", 'Calling you\na < b\n"quoted"\nCustomers & Co')


def test_a_server_without_a_body_gets_the_most_important_in_the_title() -> None:
    assert text(CARD, BARE)[0] == "Jan & Zn <b> · Calling you"


def test_a_card_without_lines_is_short() -> None:
    assert text(Card("Jan", (), "Talking", Tone.TALKING), MARKUP) == ("Jan", "<b>Talking</b>")


@pytest.mark.parametrize("tone", Tone)
def test_a_popup_stays_and_makes_no_sound(tone: Tone) -> None:
    card = replace(CARD, tone=tone)
    assert arguments(card, 7, MARKUP)[1] == 7
    assert arguments(card, 7, MARKUP)[7] == 0
    assert hint("suppress-sound", card, MARKUP) is True


@pytest.mark.parametrize(
    ("name", "tone", "urgency"),
    [
        ("dunst", Tone.RINGING, 1),
        ("gnome-shell", Tone.RINGING, 2),
        ("gnome-shell", Tone.TALKING, 2),
        ("gnome-shell", Tone.MISSED, 1),
        ("gnome-shell", Tone.ENDED, 1),
    ],
)
def test_only_a_server_that_tucks_banners_away_hears_of_urgency(name: str, tone: Tone, urgency: int) -> None:
    assert hint("urgency", replace(CARD, tone=tone), replace(MARKUP, name=name)) == urgency


def test_a_server_tells_what_it_is() -> None:
    assert str(MARKUP) == "dunst 1.9.0 by knopwob, notifications 1.2: actions, body, body-markup"
    assert str(BARE).endswith(": nothing more than a title")


@given(st.text(st.characters()), st.sampled_from([MARKUP, PLAIN, BARE]))
def test_whatever_a_caller_is_called_can_be_sent(name: str, server: Server) -> None:
    for part in text(Card(name, (name,), name, Tone.RINGING, name), server):
        assert "\0" not in part
        part.encode()


@given(st.text())
def test_no_caller_writes_markup(name: str) -> None:
    _, body = text(Card("", (name,), "", Tone.RINGING), MARKUP)
    line = body.removeprefix("<b></b>").removeprefix("\n")
    assert "<" not in line
    assert ">" not in line


ASKING = replace(
    CARD, buttons=tuple(Button(f"b{n}", f"Do {n}") for n in range(1, 6)), instead="Type `bubbled` instead"
)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("xfce4-notifyd", ["b1", "b2", "b3", "b4", "b5"]),
        ("gnome-shell", ["b1", "b2", "b3"]),
        ("dunst", []),
        ("mako", []),
    ],
)
def test_each_server_gets_as_many_buttons_as_it_can_have(name: str, ids: list[str]) -> None:
    actions = arguments(ASKING, 0, replace(MARKUP, name=name))[5]
    assert actions[::2] == ids
    assert actions[1::2] == [f"Do {each[1]}" for each in ids]


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (replace(MARKUP, name="xfce4-notifyd"), False),
        (MARKUP, True),
        (PLAIN, True),
    ],
    ids=["buttons", "hidden buttons", "no buttons"],
)
def test_where_buttons_cannot_be_seen_the_card_says_what_to_do_instead(
    server: Server,
    told: bool,  # noqa: FBT001 - pytest passes parameters by name
) -> None:
    assert ("Type `bubbled` instead" in text(ASKING, server)[1]) is told


def test_a_middle_click_on_dunst_says_yes_but_chooses_nothing() -> None:
    yes_or_no = replace(ASKING, buttons=ASKING.buttons[:2])
    assert arguments(yes_or_no, 0, MARKUP)[5] == ["b1", "Do 1"]


@pytest.mark.parametrize(("name", "new"), [("gnome-shell", True), ("xfce4-notifyd", False)])
def test_gnome_shows_other_buttons_only_on_a_new_notification(
    name: str,
    new: bool,  # noqa: FBT001 - pytest passes parameters by name
) -> None:
    server = replace(MARKUP, name=name)
    assert must_be_new(ASKING, CARD, server) is new
    assert must_be_new(ASKING, ASKING, server) is False


def test_a_server_without_actions_gets_none() -> None:
    assert arguments(ASKING, 0, PLAIN)[5] == []
