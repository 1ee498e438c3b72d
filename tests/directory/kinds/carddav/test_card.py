from __future__ import annotations

import pytest

from bubbled.directory.kinds.carddav.card import contact_in
from tests.servers.dav import vcard

PATH = "/user/addressbook/jan.vcf"


def test_a_card_is_a_contact_with_its_path_as_id() -> None:
    entry = contact_in(vcard("Jan", "06-12345678", more="ORG:Acme"), PATH)
    assert entry is not None
    assert (entry.id, entry.where, entry.name, entry.company) == (PATH, "card jan.vcf", "Jan", "Acme")
    assert entry.numbers == ("06-12345678",)


@pytest.mark.parametrize(
    "line", ["KIND:group", "kind: Group", "X-ADDRESSBOOKSERVER-KIND:group", "item1.KIND;X=1:group"]
)
def test_a_group_is_nobody(line: str) -> None:
    assert contact_in(vcard("Team", "06-12345678", more=line), PATH) is None


@pytest.mark.parametrize("line", ["KIND:individual", "NOTE:KIND:group", "KIND:org", "NOTE:a\\nKIND:group"])
def test_others_are_somebody(line: str) -> None:
    assert contact_in(vcard("Team", "06-12345678", more=line), PATH) is not None


@pytest.mark.parametrize("card", ["", "nonsense", "BEGIN:VCARD\nTEL:06-12345678", vcard("Jan")])
def test_a_card_that_is_no_contact_is_nobody(card: str) -> None:
    assert contact_in(card, PATH) is None


def test_characters_that_look_like_line_ends_stay_in_a_name() -> None:
    entry = contact_in(vcard("Jan\u2028Jansen\x0b\x1d", "06-12345678"), PATH)
    assert entry is not None
    assert entry.name == "Jan\u2028Jansen"
