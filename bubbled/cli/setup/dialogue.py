"""Asks the questions of setup, tries the answers, and asks again what does not work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bubbled.control.check import Check, Verdict
from bubbled.settings.schema import PbxKind
from bubbled.setup.acceptance import WrongAnswerError
from bubbled.setup.account import wanted
from bubbled.setup.answer import WAY
from bubbled.setup.question import Choice, Group, Question
from bubbled.setup.trial import try_out

if TYPE_CHECKING:
    from bubbled.cli.setup.look import Look
    from bubbled.cli.setup.prompt import Prompt
    from bubbled.setup.interview import Interview

_TITLES: Final = {
    Group.WAY: "1  The PBX",
    Group.REACH: "1  The PBX",
    Group.ACCOUNT: "2  The account",
    Group.PHONE: "3  Your phone",
    Group.COUNTRY: "4  Your country",
    Group.CONTACTS: "5  Your contacts",
}
_BUSY: Final = {
    Group.REACH: "Looking for the PBX",
    Group.ACCOUNT: "Logging in",
    Group.PHONE: "Asking the PBX about your phone",
    Group.CONTACTS: "Reading your contacts",
}
_AGAIN: Final = Choice("a", "answer again")
_SHOW: Final = Choice("s", "show what the administrator of the PBX has to add")
_BACK: Final = Choice("b", "go back to the PBX")
_KEEP: Final = Choice("k", "keep it all the same")


class Dialogue:
    """One run through the questions.

    Attributes:
        checks: all that was found.
    """

    def __init__(self, interview: Interview, look: Look, prompt: Prompt) -> None:
        self.interview = interview
        self.checks: list[Check] = []
        self._look = look
        self._prompt = prompt
        self._title = ""

    def run(self) -> None:
        """Ask and try until nothing is left.

        Raises:
            ConfigError: nobody is there to answer, or to mend what does not work.
        """
        while (step := self.interview.next()) is not None:
            if isinstance(step, Question):
                self._ask(step)
            else:
                self._try(step)

    def _ask(self, question: Question) -> None:
        if (title := _TITLES[question.group]) != self._title:
            self._title = title
            self._look.section(title)
        given = self.interview.given(question)
        if given is None:
            given = self._prompt.ask(question)
        try:
            self.interview.answer(question, given)
        except WrongAnswerError as error:
            self._look.wrong(str(error))
            self._prompt.refuse(error)

    def _try(self, group: Group) -> None:
        with self._look.busy(_BUSY[group]) as tell:
            tried = asyncio.run(try_out(group, self.interview.complete(), self.interview.known, tell))
        self._look.checks(tried.checks)
        if any(check.name == "Rights" and check.verdict is Verdict.WARNING for check in tried.checks):
            self._show_account()
        if not tried.has_failed:
            self.checks += tried.checks
            self.interview.settle(group, tried.known)
            return
        match self._wish(group):
            case _KEEP.word:
                self.checks += tried.checks
                self.interview.settle(group, tried.known)
            case _BACK.word:
                self.interview.again(group)
                self.interview.again(Group.REACH)
            case _:
                self.interview.again(group)

    def _wish(self, group: Group) -> str:
        if group is Group.ACCOUNT and self.interview.answers[WAY] == PbxKind.AMI:
            while (wish := self._prompt.choose((_AGAIN, _SHOW, _BACK, _KEEP))) == _SHOW.word:
                self._show_account()
            return wish
        if group in {Group.ACCOUNT, Group.PHONE}:
            return self._prompt.choose((_AGAIN, _BACK, _KEEP))
        return self._prompt.choose((_AGAIN, _KEEP))

    def _show_account(self) -> None:
        """What has to stand in manager.conf for the account; its secret is nobody's business here."""
        self._look.note("For the administrator of the PBX, to add to /etc/asterisk/manager.conf:")
        self._look.text(wanted(self.interview.complete()))
