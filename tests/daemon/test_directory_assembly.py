from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.daemon import directory_assembly
from bubbled.directory.order.plan import Mode, Tier
from bubbled.directory.port import Phase
from bubbled.settings.schema import Settings

if TYPE_CHECKING:
    from pathlib import Path

BASE: dict[str, object] = {
    "me": {"extension": "101", "region": "NL"},
    "pbx": {"host": "127.0.0.1", "username": "bubbled", "secret": "s3cret"},
}
BOOK: dict[str, object] = {"name": "Customers", "kind": "csv", "path": "/customers.csv"}
DATABASE: dict[str, object] = {
    "name": "DB",
    "kind": "sql",
    "url": "postgresql://bubbled@db/crm",
    "query": "SELECT name, phone FROM customer WHERE phone = :e164",
}
GOOGLE: dict[str, object] = {
    "name": "Google",
    "kind": "google_places",
    "key": {"env": "KEY"},
    "enabled": True,
}


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))


def settings(*directories: dict[str, object], **sections: object) -> Settings:
    return Settings.model_validate(BASE | {"directory": list(directories)} | sections)


def tiers(*directories: dict[str, object]) -> list[tuple[str, int]]:
    places = directory_assembly.places(settings(*directories))
    return [(place.directory.name, place.tier) for place in places]


def test_directories_stand_in_the_users_order() -> None:
    suppliers = {"name": "Suppliers", "kind": "vcard", "path": "/suppliers.vcf", "timeout_s": 0.5}
    lookup = directory_assembly.lookup(settings(suppliers, BOOK))
    assert [each.name for each in lookup.directories] == ["Suppliers", "Customers"]
    assert lookup.directories[0].timeout_s == 0.5


def test_what_is_switched_off_is_not_asked() -> None:
    assert tiers({**BOOK, "enabled": False}, {**GOOGLE, "enabled": False}) == []


def test_address_books_that_stand_first_are_asked_before_anybody_elsewhere() -> None:
    assert tiers(BOOK, DATABASE) == [("Customers", 1), ("DB", 2)]
    assert tiers(DATABASE, BOOK) == [("DB", 2), ("Customers", 2)]


def test_google_is_asked_last_and_only_when_all_others_missed() -> None:
    places = directory_assembly.places(settings(GOOGLE, {**DATABASE, "tier": 9}, BOOK | {"tier": 9}))
    assert [(place.directory.name, place.tier) for place in places] == [
        ("DB", 9),
        ("Customers", 9),
        ("Google", 10),
    ]
    assert [place.after_errors for place in places] == [True, True, False]
    assert [place.is_stranger for place in places] == [False, False, True]
    (place,) = directory_assembly.places(settings({**GOOGLE, "ask_after_errors": True}))
    assert place.after_errors


def test_a_tier_of_google_leaves_those_of_the_others_alone() -> None:
    google = {**GOOGLE, "tier": 1}
    assert tiers(BOOK, DATABASE, google) == [("Customers", 1), ("DB", 2), ("Google", 10)]


def test_tiers_are_those_that_the_user_wrote() -> None:
    last = {**BOOK, "name": "Last", "tier": 1}
    assert tiers({**BOOK, "tier": 1}, DATABASE, last) == [("Customers", 1), ("DB", 1), ("Last", 1)]
    assert tiers(DATABASE, {**BOOK, "tier": 4}) == [("DB", 2), ("Customers", 4)]


@given(st.lists(st.tuples(st.none() | st.integers(1, 9), st.booleans()), max_size=6))
def test_tiers_never_fall_in_the_order_of_the_file(wishes: list[tuple[int | None, bool]]) -> None:
    numbered = sorted(wish for wish, _ in wishes if wish)
    rising = iter(numbered)
    wished = [wish and next(rising) for wish, _ in wishes]
    given = list(directory_assembly._tiers(wished, [local for _, local in wishes]))
    assert all(earlier <= later for earlier, later in pairwise(given))
    assert all(wish in {None, tier} for wish, tier in zip(wished, given, strict=True))


def test_a_directory_of_colleagues_is_asked_about_colleagues_alone() -> None:
    (place,) = directory_assembly.places(settings({**BOOK, "internal": True}))
    assert place.is_internal


def test_the_rules_are_those_of_the_settings() -> None:
    lookup = {
        "budget_s": 2.0,
        "provisional_after_ms": 100,
        "remember_s": 5,
        "remember_misses_s": 1,
        "tier": {"2": {"mode": "staggered", "stagger_ms": 50}},
    }
    rules = directory_assembly.rules(settings(lookup=lookup).lookup)
    assert (rules.budget_s, rules.provisional_after_s) == (2.0, 0.1)
    assert (rules.keep_hit_s, rules.keep_miss_s) == (5, 1)
    assert rules.tiers == {2: Tier(Mode.STAGGERED, 0.05)}


def test_a_directory_that_cannot_be_built_says_why_and_hurts_no_other(tmp_path: Path) -> None:
    broken: dict[str, object] = {"name": "CRM", "kind": "rest", "preset": str(tmp_path / "nowhere.toml")}
    unusable, usable = directory_assembly.lookup(settings(broken, BOOK)).directories
    assert unusable.state.phase is Phase.FAILED
    assert "nowhere.toml" in str(unusable.state)
    assert usable.state.phase is Phase.INDEXING
