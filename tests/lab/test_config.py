from __future__ import annotations

import pytest

from tests.lab.config import ETC, Network, render

NAMES = {"HOME": "/home", "MODULES": "/modules", "PBX_IP": "127.0.0.1", "TRUNK_IP": "127.0.0.2"}


@pytest.mark.parametrize(("major", "kept"), [(16, "old"), (21, "old"), (22, "new")])
def test_tagged_lines_fit_the_version(major: int, kept: str) -> None:
    assert render("a = new ;@22\na = old   ;@16\n", major, {}).split() == ["a", "=", kept]


def test_every_name_in_the_configuration_is_known() -> None:
    for source in ETC.glob("*.conf"):
        assert ";@" not in render(source.read_text(), 22, NAMES)


def test_dialplan_text_with_at_signs_is_no_name() -> None:
    text = "Pickup(${EXTEN:2}@PICKUPMARK&${EXTEN:2}@internal)"
    assert render(text, 22, {}) == text


def test_two_networks_do_not_meet() -> None:
    assert Network.free().pbx_ip != Network.free().pbx_ip
