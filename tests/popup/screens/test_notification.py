from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.model import Button, Card, Direction, Tone
from bubbled.popup.screen import CALL_PAGE
from bubbled.popup.screens.notification import (
    CLOSE,
    MORE,
    REPLY,
    Labels,
    arguments,
    asking,
    fitted,
    must_be_new,
)
from bubbled.popup.screens.notification_server import Server

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


LABELS = Labels(more="More…", close="Close")


def named(name: str, *more_capabilities: str) -> Server:
    return replace(MARKUP, name=name, capabilities=MARKUP.capabilities | set(more_capabilities))


def with_buttons(count: int) -> Card:
    return replace(ASKING, buttons=tuple(Button(f"b{n}", f"Do {n}") for n in range(1, count + 1)))


def keys(card: Card, page: int, server: Server) -> list[str]:
    shown = fitted(card, page, server, LABELS)
    sent: list[str] = arguments(shown, 0, server)[5]
    return sent[::2]


@pytest.mark.parametrize(
    ("name", "count", "expected"),
    [
        ("gnome-shell", 3, ["b1", "b2", "b3"]),
        ("gnome-shell", 4, ["b1", "b2", MORE]),
        ("lxqt-notificationd", 4, ["b1", "b2", MORE]),
        ("Xfce Notify Daemon", 4, ["b1", "b2", "b3", "b4"]),
        ("Notification Daemon", 5, ["b1", "b2", "b3", MORE]),
        ("Plasma", 7, ["b1", "b2", "b3", "b4", "b5", "b6", "b7"]),
        ("dunst", 6, ["b1", "b2", "b3", "b4", "b5", "b6"]),
        ("mako", 6, ["b1", "b2", "b3", "b4", "b5", "b6"]),
        ("nobody has heard of it", 4, ["b1", "b2", "b3", "b4"]),
    ],
)
def test_each_server_gets_as_many_buttons_as_it_can_have(name: str, count: int, expected: list[str]) -> None:
    assert keys(with_buttons(count), 0, named(name)) == expected


def test_the_page_of_the_call_is_behind_all_buttons_and_takes_the_place_of_none() -> None:
    labels = replace(LABELS, page="Open page")

    def pages(card: Card, name: str) -> list[list[str]]:
        shown = [fitted(card, page, named(name), labels).buttons for page in range(3)]
        return [[button.id for button in buttons] for buttons in shown]

    call = replace(with_buttons(4), direction=Direction.INBOUND)
    assert pages(call, "gnome-shell") == [["b1", "b2", MORE], ["b3", "b4", MORE], [CALL_PAGE, MORE]]
    assert pages(call, "Xfce Notify Daemon") == [["b1", "b2", "b3", "b4"]] * 3
    assert pages(with_buttons(4), "gnome-shell")[2] == ["b1", "b2", MORE]  # it is about no call


def test_more_shows_the_next_buttons_and_behind_the_last_the_first_again() -> None:
    pages = [keys(with_buttons(5), page, named("gnome-shell")) for page in range(4)]
    assert pages == [["b1", "b2", MORE], ["b3", "b4", MORE], ["b5", MORE], ["b1", "b2", MORE]]


@given(
    st.integers(0, 12), st.integers(0, 50), st.sampled_from(["gnome-shell", "Notification Daemon", "dunst"])
)
def test_every_button_can_be_reached_on_some_page(count: int, first_page: int, name: str) -> None:
    card, server = with_buttons(count), named(name)
    pages = [keys(card, page, server) for page in range(first_page, first_page + 12)]
    assert {key for page in pages for key in page} >= {button.id for button in card.buttons}
    most = server.habits.most_buttons
    assert all(most is None or len(page) <= most for page in pages)


def test_a_click_on_dunst_never_does_unseen_what_the_only_button_is_for() -> None:
    assert keys(with_buttons(1), 0, named("dunst")) == ["b1", CLOSE]
    assert keys(with_buttons(1), 0, named("mako")) == ["b1"]


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (named("Plasma"), False),
        (named("dunst"), True),
        (named("mako"), True),
        (PLAIN, True),
    ],
    ids=["buttons", "a menu", "a command", "no buttons"],
)
def test_where_buttons_cannot_be_seen_the_card_says_what_to_do_instead(
    server: Server,
    told: bool,  # noqa: FBT001 - pytest passes parameters by name
) -> None:
    assert ("Type `bubbled` instead" in text(ASKING, server)[1]) is told


def test_gnome_loses_the_buttons_of_a_notification_that_changes() -> None:
    gnome = named("gnome-shell")
    assert must_be_new(ASKING, ASKING, gnome)
    assert not must_be_new(CARD, ASKING, gnome)
    assert not must_be_new(ASKING, CARD, named("Plasma"))


def test_lxqt_keeps_the_buttons_of_a_notification_that_changes() -> None:
    lxqt = named("lxqt-notificationd")
    assert must_be_new(ASKING, CARD, lxqt)
    assert must_be_new(CARD, ASKING, lxqt)
    assert not must_be_new(ASKING, replace(ASKING, headline="Jan"), lxqt)


def test_a_server_without_actions_gets_none() -> None:
    assert keys(ASKING, 0, PLAIN) == []


NOTE = replace(CARD, buttons=(Button("crm", "Open"), Button("note", "Note", "What was it about?")))


def test_a_text_is_typed_on_the_popup_where_the_server_can() -> None:
    plasma = named("Plasma", REPLY)
    assert keys(NOTE, 0, plasma) == ["crm", REPLY]
    assert hint("x-kde-reply-placeholder-text", NOTE, plasma) == "What was it about?"
    assert asking(NOTE, plasma) == NOTE.buttons[1]


def test_elsewhere_a_button_that_asks_is_one_like_the_others() -> None:
    assert keys(NOTE, 0, MARKUP) == ["crm", "note"]
    assert asking(NOTE, MARKUP) is None


def test_only_the_first_text_can_be_typed_on_the_popup() -> None:
    two = replace(NOTE, buttons=(*NOTE.buttons, Button("mail", "Mail", "To whom?")))
    assert keys(two, 0, named("Plasma", REPLY)) == ["crm", REPLY, "mail"]


@pytest.mark.parametrize(("name", "stays"), [("Plasma", True), ("gnome-shell", True), ("dunst", False)])
def test_a_popup_is_resident_where_that_keeps_it_when_a_button_is_pressed(name: str, *, stays: bool) -> None:
    assert ("resident" in arguments(CARD, 0, named(name))[6]) is stays


def test_a_picture_is_named_by_its_address() -> None:
    def image(server: Server, name: str) -> str:
        sent: str = arguments(CARD, 0, server, name)[6]["image-path"].value
        return sent

    assert image(MARKUP, "/home/me/a %b.png") == "file:///home/me/a%20%25b.png"
    assert image(named("Notification Daemon"), "/home/me/a %b.png") == "/home/me/a %b.png"
    assert image(MARKUP, "avatar-default") == "avatar-default"
    assert "image-path" not in arguments(CARD, 0, MARKUP)[6]


def test_who_is_important_is_marked_without_breaking_through_do_not_disturb() -> None:
    vip = replace(CARD, is_vip=True)
    assert text(vip, MARKUP)[0] == "★ Jan & Zn <b>"
    assert hint("urgency", vip, MARKUP) == hint("urgency", CARD, MARKUP) == 1


@pytest.mark.parametrize(
    ("direction", "category"),
    [(Direction.INBOUND, "call.incoming"), (Direction.OUTBOUND, "call"), (None, "call.incoming")],
)
def test_only_a_call_that_comes_in_is_told_as_one(direction: Direction | None, category: str) -> None:
    assert hint("category", replace(CARD, direction=direction), MARKUP) == category
