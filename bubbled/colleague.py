"""Who may be taken for a colleague. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.model import Direction
from bubbled.number import to_e164

if TYPE_CHECKING:
    from bubbled.model import Call


def is_with_colleague(call: Call, region: str) -> bool:
    """Whether the other party's extension may be believed; `region` is where the user is, ISO 3166.

    Who dialled a number that is known outside came from outside, and many trunks let a stranger say that he
    is any extension.
    """
    came_from_outside = call.direction is Direction.INBOUND and to_e164(call.dialled, region) is not None
    return call.internal and not came_from_outside
