"""Where the user sits: what the pages need to say numbers and colleagues as he does. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Workplace:
    """What the settings say of it.

    Attributes:
        extension: the user's own.
        region: where national notation belongs, as two letters (ISO 3166).
        colleagues: their names by extension, in the order of the settings; the user is not among them.
    """

    extension: str
    region: str
    colleagues: Mapping[str, str]
