"""bubbled's side of a subscription with a notifier, on a clock of the test: no sockets, no waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.model import Device
from bubbled.pbx.sip.agent import UserAgent
from bubbled.pbx.sip.dialog import Flow
from bubbled.pbx.sip.digest import Account
from bubbled.pbx.sip.subscription import Phase, Subscription
from bubbled.pbx.sip.tracker import Tracker
from tests.pbx.sip.notifier import SECRET, Notifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.pbx.sip.dialog_info import DialogInfo

DELAY_S = 0.02


class Watch:
    """A user agent and a notifier, and what is on the way between them.

    Attributes:
        told: what was told of calls, in words.
        sent: how many messages went either way.
        loses: says of the n-th message whether it is lost.
    """

    def __init__(
        self, pbx: Notifier, *, transport: str = "UDP", secret: str = SECRET, expires_s: float = 90.0
    ) -> None:
        self.pbx = pbx
        self.now = 1000.0
        self.told: list[str] = []
        self.infos: list[DialogInfo] = []
        self.sent = 0
        self.loses: Callable[[int], bool] = lambda _number: False
        tokens = iter(f"t{number}" for number in range(10**9))
        self.agent = UserAgent(
            Account("101", secret, "101"),
            "pbx",
            Flow(transport, "192.0.2.7", 5062),
            token=lambda: next(tokens),
        )
        self.tracker = Tracker(Device("PJSIP/101"), "NL")
        self.subscription = Subscription(
            self.agent,
            "101",
            expires_s=expires_s,
            uniform=lambda low, _high: low,
            on_info=self._learned,
            on_active=self.tracker.subscribed,
        )
        self._way: list[tuple[float, bool, bytes]] = []

    def begin(self) -> Watch:
        """Subscribe, and let everything happen that follows at once."""
        self.subscription.begin(self.now)
        return self.run(1.0)

    def pbx_sends(self, data: bytes) -> Watch:
        """The PBX sends something by itself."""
        self._send(data, to_pbx=False)
        return self.run(0.1)

    def run(self, seconds: float) -> Watch:
        """Let time pass; whatever is due happens."""
        end = self.now + seconds
        self._collect()
        while (at := self._next()) is not None and at <= end:
            self.now = max(self.now, at)
            arrived = [each for each in self._way if each[0] <= self.now]
            self._way = [each for each in self._way if each[0] > self.now]
            for _, to_pbx, data in arrived:
                self._arrive(data, to_pbx=to_pbx)
            self.agent.wake(self.now)
            self.subscription.wake(self.now)
            self._collect()
        self.now = end
        return self

    @property
    def is_active(self) -> bool:
        return self.subscription.phase is Phase.ACTIVE

    def _next(self) -> float | None:
        times = [each[0] for each in self._way]
        times += [at for at in (self.agent.due, self.subscription.due) if at is not None]
        return min(times, default=None)

    def _arrive(self, data: bytes, *, to_pbx: bool) -> None:
        if not to_pbx:
            self.agent.receive(data, self.now)
            return
        for answer in self.pbx.take(data):
            self._send(answer, to_pbx=False)

    def _collect(self) -> None:
        outbox, self.agent.outbox = self.agent.outbox, []
        for data in outbox:
            self._send(data, to_pbx=True)

    def _send(self, data: bytes, *, to_pbx: bool) -> None:
        self.sent += 1
        if not self.loses(self.sent):
            self._way.append((self.now + DELAY_S, to_pbx, data))

    def _learned(self, info: DialogInfo) -> None:
        self.infos.append(info)
        for change in self.tracker.apply(info):
            call = change.call
            words = (change.kind, call.state, call.number, call.name, call.outcome)
            self.told.append(" ".join("-" if word is None else str(word) for word in words))
