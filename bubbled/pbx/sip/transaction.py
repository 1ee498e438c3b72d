"""Requests until they are answered, answers until nobody asks again (RFC 3261, 17). Pure: time is told."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bubbled.pbx.sip.message import Message

T1_S: Final = 0.5
"""How long a request and its answer may take on the way (RFC 3261, 17.1.1.1)."""
T2_S: Final = 4.0
"""The longest pause between two sendings of a request."""
LIFETIME_S: Final = 64 * T1_S
"""How long an answer is waited for, and how long a request may come again."""
_MOST_ANSWERS = 500


class ClientTransaction:
    """A request that is not INVITE, sent again on UDP until there is an answer (17.1.2).

    Attributes:
        request: as it is sent.
        due: when `wake` has something to do.
    """

    def __init__(self, request: bytes, now: float, *, is_reliable: bool, lifetime_s: float) -> None:
        self.request = request
        self._is_reliable = is_reliable
        self._ends = now + lifetime_s
        self._pause_s = T1_S
        self.due = self._ends if is_reliable else min(now + T1_S, self._ends)

    def wake(self, now: float) -> bytes | None:
        """Give what is to be sent again; None when it is not time, or when it is over."""
        if now < self.due or self.is_over(now):
            return None
        self._pause_s = min(2 * self._pause_s, T2_S)
        self.due = min(now + self._pause_s, self._ends)
        return self.request

    def heard(self, now: float) -> None:
        """The server has said that it works on it: there is less need to repeat (timer E, `Proceeding`)."""
        if not self._is_reliable:
            self._pause_s = T2_S
            self.due = min(now + T2_S, self._ends)

    def is_over(self, now: float) -> bool:
        """Whether nobody will answer any more (timer F)."""
        return now >= self._ends


class ServerTransactions:
    """What was answered to which request, so that one that comes again gets the same (17.2.2).

    A flood of requests pushes the oldest out; these would then be taken for new, which their CSeq forbids.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[str, str, str], tuple[float, bytes]] = OrderedDict()

    def answer_to(self, request: Message, now: float) -> bytes | None:
        """What was answered before to the same request; None when it is new."""
        while self._answers and next(iter(self._answers.values()))[0] <= now:
            self._answers.popitem(last=False)
        found = self._answers.get(_key(request))
        return None if found is None else found[1]

    def remember(self, request: Message, answer: bytes, now: float) -> None:
        """Take note of an answer."""
        self._answers[_key(request)] = now + LIFETIME_S, answer
        if len(self._answers) > _MOST_ANSWERS:
            self._answers.popitem(last=False)


def _key(request: Message) -> tuple[str, str, str]:
    return request.branch, request.sender, f"{request.method} {request.call_id} {request.sequence}"
