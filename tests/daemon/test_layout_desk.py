from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bubbled.control.layout import Candidate
from bubbled.daemon import assembly
from bubbled.daemon.layout_desk import LayoutDesk
from bubbled.error import ControlError
from bubbled.model import CallId, CallState, Outcome, Tone
from bubbled.popup.command import CopyText, Dial, RunProgram, TakeNote
from bubbled.popup.example import SCENES
from bubbled.settings.layout_file import STAND_IN
from bubbled.settings.schema import Settings
from tests.daemon.stand_in import a_call, ended, started
from tests.daemon.test_desk import open_office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bubbled.popup.command import Action
    from bubbled.popup.layout import Layout
    from tests.daemon.test_desk import Office

SETTINGS = Settings.model_validate(
    {
        **STAND_IN,
        "popup": {"layout": {"headline": "$company"}},
        "button": [{"label": "Look in the shop", "run": ["/bin/shop", "$number_e164"]}],
    }
)


def _layout(settings: Settings) -> Layout:
    return assembly.rules(settings).layout


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path / "history.sqlite") as office:
        yield office


@pytest.fixture
def layouts(office: Office) -> LayoutDesk:
    return LayoutDesk(office.desk, office.history, lambda: SETTINGS, _layout)


async def test_before_the_first_call_the_legend_is_of_one_that_is_made_up(layouts: LayoutDesk) -> None:
    found = await layouts.legend()
    assert found.call is None
    assert all(entry.example for entry in (*found.variables, *found.columns, *found.filters))


async def test_the_legend_is_of_the_latest_call(office: Office, layouts: LayoutDesk) -> None:
    call = a_call(name="JAN")
    office.happens(started(call))
    await office.wall.shows("Jan Jansen")
    office.happens(ended(replace(call, state=CallState.ENDED, outcome=Outcome.MISSED)))
    found = await layouts.legend()
    told = {entry.word: entry.example for entry in found.variables}
    assert found.call == call.id
    assert (told["$name"], told["$number_formatted"], told["$url"]) == ("Jan Jansen", "06 12345678", "")
    assert told["$status"].startswith("Missed call")


@pytest.mark.parametrize("scene", SCENES)
async def test_an_example_is_on_the_screen_with_the_users_layout_and_buttons(
    scene: str, office: Office, layouts: LayoutDesk
) -> None:
    card = await layouts.show_example(Candidate(scene=scene))
    await office.wall.shows(card.headline)
    assert [button.label for button in card.buttons] == ["Look in the shop"]


async def test_a_button_of_an_example_tells_what_it_would_do_and_does_nothing(
    office: Office, layouts: LayoutDesk
) -> None:
    done: list[Action] = []
    office.desk.on_action = done.append
    card = await layouts.show_example(Candidate())
    await office.wall.shows("Bakkerij De Vries")
    (popup,) = office.wall.up
    office.desk.pressed(popup, card.buttons[0].id)
    await office.wall.shows("Bakkerij De Vries", "Look in the shop")
    (_, outcome) = office.wall.up.values()
    assert (outcome.lines, outcome.tone) == (("It would run: /bin/shop +31612345678",), Tone.NOTICE)
    assert done == []


async def test_an_example_that_does_not_exist_is_refused(layouts: LayoutDesk) -> None:
    with pytest.raises(ControlError, match="there are ringing, talking"):
        await layouts.show_example(Candidate(scene="raining"))


async def test_a_candidate_is_seen_without_being_in_force(layouts: LayoutDesk) -> None:
    popup = {"layout": {"headline": "$name ($company)", "picture": "/photos/$name.jpg"}, "vip": "$category"}
    seen = await layouts.preview(Candidate({"popup": popup, "button": None}))
    assert seen.card is not None
    assert (seen.card.headline, seen.card.is_vip) == ("Jan Jansen (Bakkerij De Vries)", True)
    assert (seen.picture, seen.is_picture_lacking) == ("/photos/Jan Jansen.jpg", True)
    assert seen.card.buttons[0].label == "Open in CRM"
    assert seen.card.instead == ""
    before = await layouts.preview(Candidate())
    assert before.card is not None
    assert before.card.headline == "Bakkerij De Vries"


async def test_a_picture_that_is_there_is_told_from_one_that_is_not(
    layouts: LayoutDesk, tmp_path: Path
) -> None:
    picture = tmp_path / "Jan Jansen.gif"
    picture.write_bytes(b"GIF89a" + (16).to_bytes(2, "little") * 2)
    there = await layouts.preview(Candidate({"popup": {"layout": {"picture": f"{tmp_path}/$name.gif"}}}))
    assert (there.picture, there.is_picture_lacking) == (str(picture), False)
    icon = await layouts.preview(Candidate({"popup": {"layout": {"picture": "avatar-default"}}}))
    assert (icon.picture, icon.is_picture_lacking) == ("avatar-default", False)


async def test_a_section_that_is_not_tried_is_as_in_the_settings(layouts: LayoutDesk) -> None:
    seen = await layouts.preview(Candidate({"popup": {}}))
    assert [each["label"] for each in seen.buttons] == ["Look in the shop"]


async def test_mistakes_are_told_as_the_file_would_be_told_them(layouts: LayoutDesk) -> None:
    sections = {
        "popup": {"layout": {"lines": ["$name", "${number|nationaal}"]}, "vip": "inbound and"},
        "button": [{"label": "x", "opens": "https://example.com"}],
    }
    seen = await layouts.preview(Candidate(sections))
    told = {each.key: each.text for each in seen.mistakes}
    assert "did you mean 'national'?" in told["popup.layout.lines[2]"]
    assert "did you mean 'open'?" in told["button[1].opens"]
    assert "popup.vip" in told
    assert seen.card is None
    assert seen.legend["variables"]


async def test_a_button_with_a_mistake_leaves_the_others_to_be_tried(layouts: LayoutDesk) -> None:
    note = {"label": "Note", "note": True}
    broken = {"label": "CRM", "open": "crm.example.com"}
    seen = await layouts.preview(Candidate({"button": [broken, note, broken | {"when": "x"}]}))
    assert {each.key for each in seen.mistakes} == {"button[1].open", "button[3].open", "button[3].when"}
    assert [each["hindrance"] for each in seen.buttons] == ["mistake", "", "mistake"]
    assert seen.card is not None
    assert [each.label for each in seen.card.buttons] == ["Note"]
    with pytest.raises(ControlError, match="before this is mended"):
        await layouts.press(Candidate({"button": [broken, note]}), 2)


async def test_what_works_but_may_be_a_slip_is_a_warning(layouts: LayoutDesk) -> None:
    seen = await layouts.preview(Candidate({"popup": {"layout": {"headline": "$compny"}}}))
    assert seen.card is not None
    assert "did you mean $company" in seen.warnings[0]


async def test_a_real_call_is_seen_as_it_rang(office: Office, layouts: LayoutDesk) -> None:
    call = a_call(name="JAN")
    office.happens(started(call))
    await office.wall.shows("Jan Jansen")
    office.happens(ended(replace(call, state=CallState.ENDED, outcome=Outcome.MISSED)))
    sections = {"popup": {"layout": {"headline": "$name", "lines": ["$number_formatted"]}}}
    seen = await layouts.preview(Candidate(sections, call=call.id))
    assert seen.card is not None
    assert (seen.card.headline, seen.card.lines, seen.card.tone) == (
        "Jan Jansen",
        ("06 12345678",),
        Tone.RINGING,
    )
    assert {each["word"]: each["example"] for each in seen.legend["variables"]}["$name"] == "Jan Jansen"


async def test_a_call_that_is_not_there_is_refused(layouts: LayoutDesk) -> None:
    with pytest.raises(ControlError, match="not in the history"):
        await layouts.preview(Candidate(call=CallId("x")))


async def test_a_candidate_with_mistakes_is_not_shown_on_the_screen(
    office: Office, layouts: LayoutDesk
) -> None:
    with pytest.raises(ControlError, match=r"popup\.layout\.headline must not be empty"):
        await layouts.show_example(Candidate({"popup": {"layout": {"headline": ""}}}))
    assert office.wall.up == {}


async def test_a_button_is_tried_for_once(office: Office, layouts: LayoutDesk) -> None:
    done: list[Action] = []
    office.desk.on_action = done.append
    sections = {"button": [{"label": "Copy", "copy": "$name"}, {"label": "Run", "run": ["/bin/x", "$name"]}]}
    assert await layouts.press(Candidate(sections), 2) == "It would run: /bin/x 'Jan Jansen'"
    assert await layouts.press(Candidate(sections), 1) == "It would copy: Jan Jansen"
    assert done == [RunProgram(("/bin/x", "Jan Jansen")), CopyText("Jan Jansen")]


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"dial": "$number"}, "nobody is called"),
        ({"note": True}, "nobody is called or noted"),
        ({"choose": True}, "would do nothing"),
        ({"open": "$fax"}, "would do nothing"),
    ],
)
async def test_what_cannot_be_done_for_an_invented_call_is_refused(
    button: dict[str, object], reason: str, office: Office, layouts: LayoutDesk
) -> None:
    done: list[object] = []
    office.desk.on_action, office.desk.on_dial = done.append, done.append
    with pytest.raises(ControlError, match=reason):
        await layouts.press(Candidate({"button": [{"label": "x"} | button]}), 1)
    with pytest.raises(ControlError, match="no such button"):
        await layouts.press(Candidate({"button": [{"label": "x"} | button]}), 2)
    assert done == []


async def test_for_a_real_call_it_is_done(office: Office, layouts: LayoutDesk) -> None:
    done: list[object] = []
    office.desk.on_action, office.desk.on_dial = done.append, done.append
    call = a_call()
    office.happens(started(call))
    await office.wall.shows("Jan Jansen")
    sections = {"button": [{"label": "Note", "note": True}, {"label": "Dial", "dial": "$number_e164"}]}
    await layouts.press(Candidate(sections, call=call.id), 1)
    await layouts.press(Candidate(sections, call=call.id), 2)
    assert done == [TakeNote(call.id, ""), Dial("+31612345678").number]
