from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.setup import guess
from bubbled.setup.answer import Given

if TYPE_CHECKING:
    from pathlib import Path

ZONES = """\
# zones
NL\t+5222+00454\tEurope/Amsterdam
BE\t+5050+00420\tEurope/Brussels\tremark
AQ\t-77\tAntarctica/X
"""


@pytest.fixture
def zones(tmp_path: Path) -> Path:
    path = tmp_path / "zone.tab"
    path.write_text(ZONES)
    return path


@pytest.mark.parametrize(
    ("environment", "region"),
    [
        ({"TZ": "Europe/Brussels", "LANG": "nl_NL.UTF-8"}, "BE"),
        ({"TZ": ":Europe/Amsterdam"}, "NL"),
        ({"TZ": "UTC", "LANG": "nl_BE.UTF-8"}, "BE"),
        ({"TZ": "UTC", "LC_TELEPHONE": "de_DE.UTF-8", "LANG": "en_US.UTF-8"}, "DE"),
        ({"TZ": "UTC", "LANG": "C.UTF-8"}, None),
        ({"TZ": "Antarctica/X"}, None),
        ({"TZ": "UTC", "LANG": "xx_XX"}, None),
    ],
)
def test_the_country_follows_from_the_time_zone_and_else_from_the_locale(
    zones: Path, environment: dict[str, str], region: str | None
) -> None:
    assert guess.region(environment, zones.parent / "none", zones) == region


def test_the_zone_of_the_computer_counts_where_no_variable_names_one(zones: Path, tmp_path: Path) -> None:
    zone = tmp_path / "zoneinfo" / "Europe" / "Amsterdam"
    zone.parent.mkdir(parents=True)
    zone.touch()
    (tmp_path / "localtime").symlink_to(zone)
    assert guess.region({}, tmp_path / "localtime", zones) == "NL"


def test_countries_may_be_said_in_the_users_language_and_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    names = {choice.text: choice.word for choice in guess.known({}, Given(), "").countries}
    assert names["Duitsland"] == names["Germany"] == "DE"


def test_every_package_that_is_offered_says_what_it_needs() -> None:
    known = guess.known({}, Given(), "")
    assert len(known.presets) >= 10
    for preset in known.presets:
        needs = known.needs[preset.word]
        assert any(need.is_secret for need in needs), preset
