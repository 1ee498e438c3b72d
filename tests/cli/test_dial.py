from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pexpect
import pytest

from bubbled.control.dialling import Answer, Choice, From
from bubbled.error import ControlError
from tests.control.desk import DIALLED, a_call

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled, Ended
    from tests.control.desk import Desk

CALL = DIALLED.call
NOBODY = "020 123 4567 was not called: "
PREMIUM = replace(
    DIALLED,
    answer=Answer.QUESTION,
    call=None,
    device=None,
    phone=None,
    question="This number costs extra. Call it?",
    choices=(Choice("+319001234", "0900 1234"),),
)


async def test_a_number_is_called_as_people_write_it(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ended = await bubbled("--socket", served, "dial", "+31", "20", "123", "45", "67")
    assert ended == type(ended)(0, "Desk phone (PJSIP/101) is about to ring.\n", "")
    (wish,) = desk.wishes
    assert (wish.source, wish.text, wish.is_confirmed, wish.asks_here) == (
        From.TYPED,
        "+31 20 123 45 67",
        False,
        False,
    )


async def test_what_is_selected_is_called_on_the_display_of_the_command(
    bubbled: Bubbled, served: Path, desk: Desk
) -> None:
    await bubbled("--socket", served, "dial", "--selection", DISPLAY=":7", WAYLAND_DISPLAY="wayland-9")
    (wish,) = desk.wishes
    assert (wish.source, wish.text) == (From.SELECTION, "")
    assert wish.display["x11"] == ":7"
    assert wish.display["wayland"] == "wayland-9"


@pytest.mark.parametrize(
    "url",
    [
        "tel:+31201234567",
        "tel:--help",
        "--help",
        "-h",
        "$(touch x)",
        "`id`",
        "sip:1@h;user=phone",
        "",
        "a\nb",
    ],
)
async def test_a_link_is_data_whatever_it_looks_like(
    bubbled: Bubbled, served: Path, desk: Desk, url: str
) -> None:
    ended = await bubbled("--socket", served, "dial", "--url", url)
    assert ended.status == 0
    assert [(wish.source, wish.text) for wish in desk.wishes] == [(From.LINK, url)]


async def test_an_endless_link_is_cut_on_its_way(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    await bubbled("--socket", served, "dial", "--url", "tel:" + "1" * 100_000)
    assert len(desk.wishes[0].text) == 2100


@pytest.mark.parametrize("arguments", [(), ("1", "--selection"), ("--selection", "--url", "tel:1")])
async def test_one_of_three_ways_is_to_be_named(
    bubbled: Bubbled, served: Path, desk: Desk, arguments: tuple[str, ...]
) -> None:
    ended = await bubbled("--socket", served, "dial", *arguments)
    assert ended.status == 2
    assert "Name one of" in ended.err
    assert desk.wishes == []


async def test_a_refusal_is_one_line(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.refusal = ControlError("No phone number: nobody was called. There is none in: hello")
    ended = await bubbled("--socket", served, "dial", "hello")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "bubbled: No phone number: nobody was called. There is none in: hello\n"


async def test_without_a_daemon_it_says_so(bubbled: Bubbled, tmp_path: Path) -> None:
    ended = await bubbled("--socket", tmp_path / "none", "dial", "0201234567")
    assert ended.status == 1
    assert "bubbled is not running" in ended.err


async def test_a_popup_that_asks_is_told(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.dialling = (replace(PREMIUM, answer=Answer.ASKED),)
    ended = await bubbled("--socket", served, "dial", "09001234")
    assert (ended.status, ended.out) == (0, "A popup asks: This number costs extra. Call it?\n")


async def test_yes_asks_nothing(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    await bubbled("--socket", served, "dial", "09001234", "--yes", "--device", "PJSIP/201")
    (wish,) = desk.wishes
    assert (wish.is_confirmed, wish.device) == (True, "PJSIP/201")


async def test_the_answer_as_json(bubbled: Bubbled, served: Path) -> None:
    ended = await bubbled("--socket", served, "dial", "0201234567", "--json")
    assert json.loads(ended.out)["call"] == CALL


def dialogue(served: Path, *arguments: str) -> pexpect.spawn[str]:
    return pexpect.spawn(
        sys.executable,
        ["-m", "bubbled", "--socket", str(served), "dial", *arguments],
        encoding="utf-8",
        timeout=20,
    )


async def test_a_person_at_a_terminal_is_asked_there(served: Path, desk: Desk) -> None:
    desk.dialling = (PREMIUM, DIALLED)
    terminal = dialogue(served, "09001234")
    await terminal.expect("costs extra.*0900 1234.*:", async_=True)
    terminal.sendline("y")
    await terminal.expect("about to ring", async_=True)
    await terminal.expect(pexpect.EOF, async_=True)
    asked, wished = desk.wishes
    assert asked.asks_here
    assert (wished.text, wished.chosen, wished.is_confirmed) == ("09001234", "+319001234", True)


async def test_a_person_who_declines_calls_nobody(served: Path, desk: Desk) -> None:
    desk.dialling = (PREMIUM,)
    terminal = dialogue(served, "09001234")
    await terminal.expect("0900 1234.*:", async_=True)
    terminal.sendline("n")
    await terminal.expect(pexpect.EOF, async_=True)
    terminal.close()
    assert terminal.exitstatus == 130
    assert len(desk.wishes) == 1


async def test_a_person_chooses_among_several_numbers(served: Path, desk: Desk) -> None:
    both = (Choice("+31201234567", "020 123 4567"), Choice("+31612345678", "06 12345678"))
    desk.dialling = (replace(PREMIUM, question="Which number?", choices=both), DIALLED)
    terminal = dialogue(served, "020-1234567 / 06-12345678")
    await terminal.expect("Which number.*1 .*020.*2 .*06.*Number", async_=True)
    terminal.sendline("2")
    await terminal.expect("about to ring", async_=True)
    await terminal.expect(pexpect.EOF, async_=True)
    assert desk.wishes[1].chosen == "+31612345678"
    assert not desk.wishes[1].is_confirmed
    assert desk.wishes[1].asks_here


async def test_an_expensive_one_of_several_is_asked_about_too(served: Path, desk: Desk) -> None:
    both = (Choice("+31201234567", "020 123 4567"), Choice("+319001234", "0900 1234"))
    desk.dialling = (replace(PREMIUM, question="Which number?", choices=both), PREMIUM, DIALLED)
    terminal = dialogue(served, "020-1234567 / 0900-1234")
    await terminal.expect("Number", async_=True)
    terminal.sendline("2")
    await terminal.expect("costs extra.*0900 1234.*:", async_=True)
    terminal.sendline("y")
    await terminal.expect("about to ring", async_=True)
    await terminal.expect(pexpect.EOF, async_=True)
    assert [wish.is_confirmed for wish in desk.wishes] == [False, False, True]


async def waiting(bubbled: Bubbled, served: Path, desk: Desk, *more: str) -> asyncio.Task[Ended]:
    """Run `dial --wait`, until it has wished the call."""
    task = asyncio.create_task(bubbled("--socket", served, "dial", "0201234567", "--wait", *more))
    async with asyncio.timeout(20):
        await desk.followed.wait()
        while not desk.wishes:  # noqa: ASYNC110 - the stand-in tells nobody of a wish
            await asyncio.sleep(0.005)
    return task


def happens(desk: Desk, change: str, state: str, **more: object) -> None:
    call = a_call(str(CALL), state=state, outcome=more.pop("outcome", None), name=None)
    desk.feed.publish({"at": None, "change": change, "call": call} | more)


async def test_a_call_is_followed_to_its_end(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ending = await waiting(bubbled, served, desk)
    desk.feed.publish({"at": None, "change": "started", "call": a_call("1700000000.9", state="ringing")})
    happens(desk, "started", "ringing")
    happens(desk, "updated", "ringing")
    happens(desk, "updated", "dialling")
    happens(desk, "answered", "talking")
    happens(desk, "ended", "ended", outcome="answered")
    ended = await ending
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "Desk phone (PJSIP/101) is about to ring.",
        "Desk phone (PJSIP/101) rings.",
        "Calling 020 123 4567.",
        "Talking with 020 123 4567.",
        "The call has ended.",
    ]


@pytest.mark.parametrize(
    ("outcome", "more", "line"),
    [
        ("busy", {}, "It is busy."),
        ("own_phone_no_answer", {}, "Your phone was not picked up."),
        ("failed", {}, "The call could not be made."),
        (
            "failed",
            {"failure": "phone_unregistered"},
            f"{NOBODY}{DIALLED.phone} is not registered with the PBX; switch it on and connect it.",
        ),
        ("failed", {"failure": "of_a_later_version"}, f"{NOBODY}the PBX did not say why."),
    ],
)
async def test_a_call_that_came_to_nothing_fails_and_says_why(  # noqa: PLR0913, PLR0917 - three fixtures, three facts
    bubbled: Bubbled, served: Path, desk: Desk, outcome: str, more: dict[str, object], line: str
) -> None:
    ending = await waiting(bubbled, served, desk)
    happens(desk, "ended", "ended", outcome=outcome, **more)
    ended = await ending
    assert ended.status == 1
    assert ended.out.splitlines()[-1] == line


async def test_the_changes_as_json(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ending = await waiting(bubbled, served, desk, "--json")
    happens(desk, "ended", "ended", outcome="busy")
    answer, change = map(json.loads, (await ending).out.splitlines())
    assert answer["answer"] == "dialled"
    assert change["call"]["outcome"] == "busy"


async def test_a_daemon_that_stops_meanwhile(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    ending = await waiting(bubbled, served, desk)
    desk.feed.close()
    ended = await ending
    assert ended.status == 1
    assert "the call may go on" in ended.err
