"""One subscription over one link, from opening it to its end."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from bubbled.pbx.sip.error import failure_of
from bubbled.pbx.sip.exchange import Exchange
from bubbled.pbx.sip.subscription import Phase, Subscription

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from bubbled.pbx.sip.access import SipAccess
    from bubbled.pbx.sip.address import Addresses
    from bubbled.pbx.sip.dialog_info import DialogInfo


class Session(Exchange):
    """Follows the extension until `over` is set.

    Attributes:
        subscription: what is followed.
    """

    subscription: Subscription

    @classmethod
    async def begin(  # noqa: PLR0913 - whom to ask, where, whom to tell
        cls,
        access: SipAccess,
        *,
        on_info: Callable[[DialogInfo], None],
        on_active: Callable[[], None] = lambda: None,
        tap: Callable[[bytes], None] | None = None,
        addresses: Addresses | None = None,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> Self:
        """Open the way, to one of the host's `addresses`, and ask for the subscription.

        Raises:
            SipUnreachableError: there is no way to the PBX.
        """
        self = await cls(access, tap, addresses).open()
        self.subscription = Subscription(
            self.agent,
            access.extension,
            expires_s=access.expires_s,
            uniform=uniform,
            on_info=on_info,
            on_active=on_active,
        )
        self.subscription.begin(self._loop.time())
        self.attend()
        return self

    @property
    def is_active(self) -> bool:
        """Whether calls are followed now."""
        return self.subscription.phase is Phase.ACTIVE

    async def aclose(self) -> None:
        """Tell the PBX that nobody listens any more, and let go."""
        self.subscription.end(self._loop.time())
        await super().aclose()

    def attend(self) -> None:
        """See also whether the subscription has ended."""
        super().attend()
        if self.subscription.phase is Phase.ENDED and self.subscription.ending is not None:
            self.end(failure_of(self.subscription.ending, self._access))

    @property
    def _due(self) -> float | None:
        return self.subscription.due

    def _tick(self, now: float) -> None:
        self.subscription.wake(now)
