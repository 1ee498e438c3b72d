from __future__ import annotations

import io

import pytest
from rich.console import Console

from bubbled.cli.setup.look import Look
from bubbled.control.check import Check, Verdict
from bubbled.setup.question import Choice, Group, Kind, Question

HOSTILE = "\x1b[2J\x1b]0;owned\x07 [bold]x[/bold]\r\nok \N{RIGHT-TO-LEFT OVERRIDE}" + "9" * 10_000


@pytest.fixture
def page() -> io.StringIO:
    return io.StringIO()


def look(page: io.StringIO, *, plain: bool) -> Look:
    return Look(Console(file=page, width=80, force_terminal=not plain, color_system=None, highlight=False))


@pytest.mark.parametrize("plain", [True, False])
def test_whatever_comes_from_elsewhere_steers_no_terminal(page: io.StringIO, plain: bool) -> None:  # noqa: FBT001 - pytest passes it so
    shown = look(page, plain=plain)
    shown.checks([Check("PBX", Verdict.FAILED, HOSTILE, HOSTILE)])
    shown.wrong(HOSTILE)
    shown.text(HOSTILE)
    shown.summary([HOSTILE])
    shown.question(
        Question(
            key="me.devices",
            group=Group.PHONE,
            text=HOSTILE,
            kind=Kind.CHOICE,
            hint=HOSTILE,
            choices=(Choice(HOSTILE, HOSTILE),),
        )
    )
    written = page.getvalue()
    assert "\x1b[2J" not in written
    assert "\x07" not in written
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in written
    assert "[bold]x[/bold]" in written


def test_in_a_pipe_the_words_stand_alone(page: io.StringIO) -> None:
    shown = look(page, plain=True)
    shown.section("1  The PBX")
    shown.checks(
        [Check("PBX", Verdict.OK, "there"), Check("Rights", Verdict.FAILED, "none", "Ask for them.")]
    )
    with shown.busy("Asking"):
        pass
    lines = [line.strip() for line in page.getvalue().splitlines() if line.strip()]
    assert lines == ["1  The PBX", "ok PBX: there", "FAILED Rights: none", "-> Ask for them."]


def test_a_long_choice_goes_on_below_its_text(page: io.StringIO) -> None:
    choices = (Choice("exact-online", "contacts and accounts, " * 5), Choice("zoho", "leads"))
    question = Question(
        key="directory.preset", group=Group.CONTACTS, text="Which?", kind=Kind.CHOICE, choices=choices
    )
    look(page, plain=False).question(question)
    lines = page.getvalue().splitlines()
    begins = next(line.index("contacts") for line in lines if "exact-online" in line)
    after = lines[next(at for at, line in enumerate(lines) if "exact-online" in line) + 1]
    assert after[:begins].strip() == ""
    assert after[begins:].strip()
