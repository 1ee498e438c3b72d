from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bubbled.control.dialling import Answer
from bubbled.daemon.phones import PhoneRules
from bubbled.daemon.placement import NotDialledError
from bubbled.dialing.destination import Source
from bubbled.model import Failure
from tests.daemon.office import DESK, PLAN, RULES, SOFT, office_with

if TYPE_CHECKING:
    from pathlib import Path

    from tests.daemon.office import Office


async def test_a_number_is_dialled(dial_office: Office) -> None:
    dialling = await dial_office.dialler.dial("+31 (0)20 123 45 67", Source.TYPED)
    (click,) = dial_office.exchange.clicks
    assert (click.exten, click.number, click.e164) == ("0201234567", "0201234567", "+31201234567")
    assert (click.device, click.context, click.ring_s, click.internal) == (DESK, "from-internal", 30, False)
    assert (dialling.answer, dialling.call, dialling.device) == (Answer.DIALLED, click.id, DESK)
    assert dial_office.card is None


async def test_a_colleague_is_dialled(dial_office: Office) -> None:
    await dial_office.dialler.dial("102", Source.TYPED)
    (click,) = dial_office.exchange.clicks
    assert (click.exten, click.e164, click.internal) == ("102", None, True)


async def test_the_prefix_of_an_outside_line_is_no_part_of_the_number(tmp_path: Path) -> None:
    rules = replace(RULES, plan=replace(PLAN, outside_prefix="9"))
    async with office_with(tmp_path, rules) as office:
        dialling = await office.dialler.dial("0201234567", Source.TYPED)
        (click,) = office.exchange.clicks
        assert (click.exten, click.number) == ("90201234567", "0201234567")
        assert dialling.choices[0].number == "+31201234567"


@pytest.mark.parametrize("source", [Source.SELECTION, Source.LINK, Source.POPUP])
async def test_at_the_screen_a_refusal_is_told_there(dial_office: Office, source: Source) -> None:
    with pytest.raises(NotDialledError, match="nobody was called"):
        await dial_office.dialler.dial("hello", source)
    assert dial_office.asked == ("No phone number", "Nobody was called")
    assert dial_office.exchange.clicks == []


async def test_at_a_terminal_a_refusal_is_told_there(dial_office: Office) -> None:
    with pytest.raises(NotDialledError, match="No phone number"):
        await dial_office.dialler.dial("hello", Source.TYPED)
    assert dial_office.card is None


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("text", ["112", "0900-1234"])
async def test_emergency_and_premium_numbers_wait_for_a_yes(
    dial_office: Office, text: str, source: Source
) -> None:
    dialling = await dial_office.dialler.dial(text, source)
    assert dialling.answer is Answer.ASKED
    assert dial_office.exchange.clicks == []
    assert dial_office.card is not None
    assert "--yes" in dial_office.card.instead
    dial_office.press("Call")
    await dial_office.exchange.called("112" if text == "112" else "09001234")
    assert dial_office.card is None


async def test_a_no_calls_nobody(dial_office: Office) -> None:
    await dial_office.dialler.dial("112", Source.SELECTION)
    dial_office.press("Do not call")
    assert dial_office.card is None
    await dial_office.dialler.dial("0201234567", Source.TYPED)
    await dial_office.exchange.called("0201234567")


async def test_a_link_waits_for_a_yes_unless_it_is_trusted(dial_office: Office) -> None:
    await dial_office.dialler.dial("tel:+31201234567", Source.LINK)
    assert dial_office.asked == ("020 123 4567", "A link wants to call this number. Call it?")
    assert dial_office.exchange.clicks == []
    dial_office.dialler.rules_changed(replace(RULES, trusts_links=True))
    assert dial_office.card is None
    await dial_office.dialler.dial("tel:+31201234567", Source.LINK)
    await dial_office.exchange.called("0201234567")


async def test_also_a_trusted_link_asks_before_an_emergency_call(tmp_path: Path) -> None:
    async with office_with(tmp_path, replace(RULES, trusts_links=True)) as office:
        await office.dialler.dial("tel:112", Source.LINK)
        assert office.exchange.clicks == []
        assert office.asked is not None


async def test_of_several_numbers_the_user_chooses_one(dial_office: Office) -> None:
    dialling = await dial_office.dialler.dial("T 020-1234567\nM 06-12345678", Source.SELECTION)
    assert dialling.answer is Answer.ASKED
    assert [choice.number for choice in dialling.choices] == ["+31201234567", "+31612345678"]
    dial_office.press("06 12345678")
    await dial_office.exchange.called("0612345678")


async def test_an_expensive_one_of_several_is_asked_about_again(dial_office: Office) -> None:
    await dial_office.dialler.dial("T 020-1234567\nM 0900-1234", Source.SELECTION)
    dial_office.press("0900 1234")
    assert dial_office.exchange.clicks == []
    assert dial_office.asked == ("0900 1234", "This number costs extra. Call it?")
    dial_office.press("Call")
    await dial_office.exchange.called("09001234")


async def test_whoever_can_ask_himself_gets_the_question(dial_office: Office) -> None:
    dialling = await dial_office.dialler.dial("0900-1234", Source.TYPED, asks_here=True)
    assert (dialling.answer, dialling.question) == (Answer.QUESTION, "This number costs extra. Call it?")
    assert dial_office.card is None
    assert dial_office.exchange.clicks == []
    chosen = dialling.choices[0].number
    await dial_office.dialler.dial("0900-1234", Source.TYPED, is_confirmed=True, chosen=chosen)
    await dial_office.exchange.called("09001234")
    with pytest.raises(NotDialledError, match="not among those"):
        await dial_office.dialler.dial("0900-1234", Source.TYPED, is_confirmed=True, chosen="+31612345678")


async def test_the_answer_at_a_terminal_is_one_of_what_was_asked(tmp_path: Path) -> None:
    """A short number that would be an internal one if it were read again by itself."""
    rules = replace(RULES, plan=replace(PLAN, outside_prefix="0", extensions=("18??",)))
    async with office_with(tmp_path, rules) as office:
        asked = await office.dialler.dial("18 88", Source.TYPED, asks_here=True)
        await office.dialler.dial("18 88", Source.TYPED, is_confirmed=True, chosen=asked.choices[0].number)
        assert [click.exten for click in office.exchange.clicks] == ["01888"]


async def test_without_a_screen_nobody_is_asked_and_so_nobody_called(dial_office: Office) -> None:
    dial_office.trouble = "There is no session bus."
    with pytest.raises(NotDialledError, match="--yes 112"):
        await dial_office.dialler.dial("112", Source.SELECTION)
    assert dial_office.exchange.clicks == []


async def test_a_failure_of_a_call_that_nobody_waits_for_is_no_defect(dial_office: Office) -> None:
    dial_office.exchange.failure = Failure.NOT_CONNECTED
    await dial_office.dialler.dial("112", Source.SELECTION)
    with capture_logs() as log:
        dial_office.press("Call")
        (calling,) = (task for task in asyncio.all_tasks() if task.get_name() == "dial")
        await asyncio.wait([calling])
        await asyncio.sleep(0)  # until what comes of it has been looked at
    assert [line["event"] for line in log] == ["dialling"]
    assert dial_office.card is None  # the popup of the call tells


async def test_what_was_asked_by_other_rules_is_not_asked_any_more(dial_office: Office) -> None:
    await dial_office.dialler.dial("0900-1234", Source.SELECTION)
    dial_office.dialler.rules_changed(replace(RULES, plan=replace(PLAN, outside_prefix="0")))
    assert dial_office.card is None


async def test_a_trouble_that_nobody_else_tells_is_told_on_the_screen(tmp_path: Path) -> None:
    phones = PhoneRules((DESK, SOFT), DESK, {}, skip_unregistered=False)
    async with office_with(tmp_path, phones=phones) as office:
        await office.dialler.dial("112", Source.SELECTION, wished_phone="201")
        office.phones.rules = replace(phones, devices=(DESK,))
        office.press("Call")
        async with asyncio.timeout(10):
            while office.card is None:  # noqa: ASYNC110 - the stand-in tells nobody of a card
                await asyncio.sleep(0)
        assert "no phone of yours" in office.card.headline
        await office.dialler.dial("112", Source.TYPED, is_confirmed=True)
        await office.exchange.called("112")
