"""Builds the directories from the settings, and says in which order and by which rules they are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.daemon.directory_kind import build
from bubbled.directory.order.lookup import Lookup
from bubbled.directory.order.plan import Mode, Place, Rules, Tier
from bubbled.settings.directory import PlacesSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bubbled.settings.directory import DirectorySettings
    from bubbled.settings.schema import LookupSettings, Settings


_LAST_TIER: Final = 10
"""Of those who are told the number of a caller only when nobody else knows it."""


def lookup(settings: Settings) -> Lookup:
    """The directories that are asked, in the user's order; they begin with `start`."""
    return Lookup(places(settings), rules(settings.lookup))


def places(settings: Settings) -> tuple[Place, ...]:
    """The directories, each in its place; Google comes last, wherever it stands in the file."""
    chosen = enabled(settings)
    built = [build(each, settings.me.region) for each in chosen]
    wished = [_LAST_TIER if isinstance(each, PlacesSettings) else each.tier for each in chosen]
    tiers = _tiers(wished, [each.is_local for each in built])
    return tuple(
        Place(
            directory=each,
            tier=tier,
            is_internal=of.internal,
            after_errors=not isinstance(of, PlacesSettings) or of.ask_after_errors,
            is_stranger=isinstance(of, PlacesSettings),
        )
        for each, of, tier in zip(built, chosen, tiers, strict=True)
    )


def enabled(settings: Settings) -> tuple[DirectorySettings, ...]:
    """The settings of the directories that are asked, in the order of `Lookup.directories`."""
    chosen = [each for each in settings.directories if each.enabled]
    return tuple(sorted(chosen, key=lambda each: isinstance(each, PlacesSettings)))


def _tiers(wished: Sequence[int | None], is_local: Sequence[bool]) -> Iterator[int]:
    """The tiers in the order of the file, in which they never fall.

    Where the user does not say: what answers from this computer, if it stands first, before all others, so
    that a number that it knows goes nowhere else.
    """
    tier = 1
    for index, (wish, local) in enumerate(zip(wished, is_local, strict=True)):
        latest = min(filter(None, wished[index:]), default=_LAST_TIER - 1)
        tier = wish or min(latest, max(tier, 1 if local else 2))
        yield tier


def rules(settings: LookupSettings) -> Rules:
    """How long the directories are waited for, and how long their answers are remembered."""
    return Rules(
        budget_s=settings.budget_s,
        provisional_after_s=settings.provisional_after_ms / 1000,
        tiers={
            int(number): Tier(Mode(tier.mode.value), tier.stagger_ms / 1000)
            for number, tier in settings.tiers.items()
        },
        keep_hit_s=settings.remember_s,
        keep_miss_s=settings.remember_misses_s,
    )
