"""A subscription to the dialog state of an extension, kept alive (RFC 6665, RFC 4235). Pure: time is told.

It asks anew by itself where the PBX has only lost it. Where asking anew at once would not help, it ends and
says why; when to try again is not its business.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from bubbled.pbx.sip import dialog_info
from bubbled.pbx.sip.agent import challenge_of
from bubbled.pbx.sip.dialog_info import UnreadableError
from bubbled.pbx.sip.message import parameter

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.pbx.sip.agent import Asked, UserAgent
    from bubbled.pbx.sip.dialog import Dialog
    from bubbled.pbx.sip.dialog_info import DialogInfo
    from bubbled.pbx.sip.message import Headers, Message

EVENT: Final = "dialog"
DOCUMENT: Final = "application/dialog-info+xml"
NO_ANSWER: Final = "no answer"
NO_NOTIFY: Final = "it sends no NOTIFY"
_REFUSED = 300
_GONE = 481
_TOO_BRIEF = 423
_LONGEST_S = 7200.0
_SHORTEST_REFRESH_S = 5.0
_SETTLING_S = 5.0
"""A subscription that the PBX drops so soon after it was made would be dropped again at once."""
_AT_ONCE = frozenset({"deactivated", "timeout", "probation", ""})
"""Reasons to end a subscription after which a new one may be asked for (RFC 6665, 4.1.3)."""


class Phase(Enum):
    """Where a subscription is in its life."""

    IDLE = auto()
    ASKED = auto()
    """SUBSCRIBE is on its way, and no NOTIFY has come."""
    ACTIVE = auto()
    """The first NOTIFY has come: the state of the extension is known."""
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Ending:
    """Why there is no subscription.

    Attributes:
        status: with which SUBSCRIBE was refused; 0: it was not answered, or ended otherwise.
        words: of the PBX about it.
        retry_after_s: when the PBX wants to be asked again; None where it does not say.
        is_stale: whether the proof of the password was refused only because its nonce was too old.
    """

    status: int
    words: str = ""
    retry_after_s: int | None = None
    is_stale: bool = False


class Subscription:
    """Follows one extension.

    Attributes:
        phase: where it is in its life.
        ending: why it ended; None while it has not.
        renewals: how often it had to be made anew, because the PBX had lost it.
    """

    def __init__(  # noqa: PLR0913 - by whom, what, for how long, whom to tell
        self,
        agent: UserAgent,
        extension: str,
        *,
        expires_s: float,
        uniform: Callable[[float, float], float],
        on_info: Callable[[DialogInfo], None],
        on_active: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare; `begin` asks. `on_info` gets each document; `uniform` draws when to refresh."""
        self.phase = Phase.IDLE
        self.ending: Ending | None = None
        self.renewals = 0
        self._agent = agent
        self._extension = extension
        self._expires_s = expires_s
        self._uniform = uniform
        self._on_info = on_info
        self._on_active = on_active
        self._dialog: Dialog = agent.dialog(extension)
        self._version = -1
        self._begun = self._asked_at = 0.0
        self._refresh_at: float | None = None
        self._notify_by: float | None = None

    @property
    def due(self) -> float | None:
        """When `wake` has something to do."""
        return min((at for at in (self._refresh_at, self._notify_by) if at is not None), default=None)

    def begin(self, now: float) -> None:
        """Ask for a subscription, a new one."""
        self.phase = Phase.ASKED
        self._agent.serving.pop(self._dialog.call_id, None)
        self._dialog = self._agent.dialog(self._extension)
        self._agent.serving[self._dialog.call_id] = self._serve
        self._version = -1
        self._begun = now
        self._notify_by = None
        self._ask(now)

    def wake(self, now: float) -> None:
        """Refresh when it is time; give up when no NOTIFY has come (timer N)."""
        if self._notify_by is not None and now >= self._notify_by:
            self._unheard(now)
        elif self._refresh_at is not None and now >= self._refresh_at:
            self._ask(now)

    def _unheard(self, now: float) -> None:
        if self.phase is Phase.ACTIVE:
            self._renew(now, "its NOTIFYs are out of order")
        else:
            self._stop(Ending(0, NO_NOTIFY))

    def end(self, now: float) -> None:
        """Tell the PBX that nobody listens any more; its answer is not waited for."""
        if self.phase in {Phase.ASKED, Phase.ACTIVE}:
            self._agent.ask(self._dialog, "SUBSCRIBE", self._headers(0), now, lambda _answer, _now: None)
        self._stop(Ending(0, "it was ended"))

    # What we ask.

    def _ask(self, now: float) -> None:
        self._refresh_at = None
        self._asked_at = now
        asked = self._dialog

        def answered(answer: Message | None, at: float) -> None:
            if asked is self._dialog and self.phase is not Phase.ENDED:
                self._answered(answer, at)

        self._agent.ask(asked, "SUBSCRIBE", self._headers(round(self._expires_s)), now, answered)

    def _headers(self, expires_s: int) -> Headers:
        return ("Event", EVENT), ("Accept", DOCUMENT), ("Expires", str(expires_s))

    def _answered(self, answer: Message | None, now: float) -> None:
        if answer is None:
            self._stop(Ending(0, NO_ANSWER))
        elif answer.status < _REFUSED:
            self._accepted(answer, now)
        elif answer.status == _TOO_BRIEF and self._may_last(answer.number("Min-Expires")):
            self._ask(now)
        elif answer.status == _GONE and self.phase is Phase.ACTIVE:
            self._renew(now, "the PBX has lost it")
        else:
            self._stop(_refusal(answer))

    def _may_last(self, least_s: int | None) -> bool:
        if least_s is None or not self._expires_s < least_s <= _LONGEST_S:
            return False
        self._expires_s = float(least_s)
        return True

    def _accepted(self, answer: Message, now: float) -> None:
        granted_s = answer.number("Expires")
        lasts_s = self._expires_s if granted_s is None else min(granted_s, self._expires_s)
        # Some way before the end, and not all desks of an office at once.
        self._refresh_at = now + max(_SHORTEST_REFRESH_S, lasts_s * self._uniform(0.6, 0.8))
        if self.phase is Phase.ASKED:
            self._notify_by = now + self._agent.lifetime_s

    def _renew(self, now: float, why: str) -> None:
        if self.renewals and now - self._begun < _SETTLING_S:
            self._stop(Ending(0, why))
            return
        self.renewals += 1
        self.begin(now)

    def _stop(self, ending: Ending) -> None:
        self.phase, self.ending = Phase.ENDED, ending
        self._refresh_at = self._notify_by = None

    # What we are told.

    def _serve(self, asked: Asked, now: float) -> None:
        notify, dialog = asked.request, self._dialog
        if self.phase is Phase.ENDED or notify.to_tag != dialog.local_tag:
            return
        dialog.learn(notify)  # it may overtake the answer to SUBSCRIBE
        if notify.from_tag != dialog.remote_tag:
            return  # a second server took the same SUBSCRIBE: one of them is enough
        if notify.get("Event").partition(";")[0].strip().lower() != EVENT:
            asked.reply = (489, "Bad Event")
        elif notify.sequence <= dialog.heard_sequence:
            asked.reply = (500, "Request Out Of Order")
            # A PBX that was killed may count from an older number on, and would never be heard again.
            if now - self._begun >= _SETTLING_S:
                self._notify_by = now
        else:
            asked.reply = (200, "OK")
            dialog.heard_sequence = notify.sequence
            self._told(notify, now)

    def _told(self, notify: Message, now: float) -> None:
        state, _, parameters = notify.get("Subscription-State").partition(";")
        self._notify_by = None
        if self.phase is Phase.ASKED:
            self.phase = Phase.ACTIVE
            self._on_active()
        if notify.body:
            self._read(notify.body, now)
        if state.strip().lower() == "terminated":
            self._terminated(parameter(f";{parameters}", "reason").lower(), parameters, now)

    def _read(self, body: bytes, now: float) -> None:
        try:
            info = dialog_info.parse(body)
        except UnreadableError:
            return
        is_next = info.is_full or info.version == self._version + 1
        self._version = info.version
        if not is_next:
            # A part is missing in between; the answer to a refresh is the whole, though not on every PBX.
            self._refresh_at = max(now, self._asked_at + _SHORTEST_REFRESH_S)
        self._on_info(info)

    def _terminated(self, reason: str, parameters: str, now: float) -> None:
        retry_after = parameter(f";{parameters}", "retry-after")
        if reason in _AT_ONCE and not retry_after:
            self._renew(now, f"the PBX ended it ({reason or 'no reason given'})")
        else:
            wait_s = int(retry_after[:9]) if retry_after.isascii() and retry_after.isdigit() else None
            self._stop(Ending(0, f"the PBX ended it ({reason})", wait_s))


def _refusal(answer: Message) -> Ending:
    challenge = challenge_of(answer)
    is_stale = challenge is not None and challenge.is_stale
    return Ending(answer.status, answer.phrase, answer.number("Retry-After"), is_stale=is_stale)
