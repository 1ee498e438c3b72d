from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.choice import MOST_CHOICES, Choices
from bubbled.model import Contact

NUMBER, OTHER = "+31201234567", "+31612345678"
_NOWHERE = Path("/dev/null/choices.json")


def contact(name: str, contact_id: str | None = None, **fields: str) -> Contact:
    return Contact(
        directory="Customers", name=name, company="Acme", fields=tuple(fields.items()), id=contact_id
    )


JAN, PIET, KEES = contact("Jan"), contact("Piet"), contact("Kees")
FAMILY = (JAN, PIET, KEES)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "choices.json"


def test_who_was_chosen_comes_first_also_after_a_restart(path: Path) -> None:
    choices = Choices(path)
    assert choices.in_order(NUMBER, FAMILY) == FAMILY
    assert choices.remember(NUMBER, PIET)
    for each in (choices, Choices(path)):
        assert each.in_order(NUMBER, FAMILY) == (PIET, JAN, KEES)
        assert each.in_order(OTHER, FAMILY) == FAMILY


def test_the_last_choice_holds(path: Path) -> None:
    choices = Choices(path)
    choices.remember(NUMBER, PIET)
    choices.remember(NUMBER, KEES)
    assert Choices(path).in_order(NUMBER, FAMILY) == (KEES, JAN, PIET)


def test_only_the_owner_can_read_it_and_no_contact_is_in_it(path: Path) -> None:
    Choices(path).remember(NUMBER, contact("Piet", street="Dam 1"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    content = path.read_text()
    assert not any(text in content for text in ("Piet", "Acme", "Dam"))
    assert [each.name for each in path.parent.iterdir()] == ["choices.json"]


def test_a_contact_is_known_again_by_its_id_whatever_changed_in_it(path: Path) -> None:
    choices = Choices(path)
    choices.remember(NUMBER, contact("Piet", "47"))
    married = contact("Piet de Vries", "47")
    assert choices.in_order(NUMBER, (contact("Piet", "11"), married)) == (married, contact("Piet", "11"))


def test_a_contact_without_id_is_known_again_by_name_if_only_one_has_it(path: Path) -> None:
    choices = Choices(path)
    choices.remember(NUMBER, contact("Piet", city="Gouda"))
    moved = contact("Piet", city="Utrecht")
    assert choices.in_order(NUMBER, (JAN, moved)) == (moved, JAN)
    namesake = contact("Piet", city="Leiden")
    assert choices.in_order(NUMBER, (JAN, moved, namesake)) == (JAN, moved, namesake)
    old = contact("Piet", city="Gouda")
    assert choices.in_order(NUMBER, (moved, old)) == (old, moved)


def test_the_same_id_in_another_directory_is_somebody_else(path: Path) -> None:
    choices = Choices(path)
    choices.remember(NUMBER, contact("Piet", "47"))
    others = (JAN, replace(contact("Piet", "47"), directory="CRM"))
    assert choices.in_order(NUMBER, others) == others


def test_a_choice_is_forgotten_when_its_directory_does_not_have_the_contact_any_more(path: Path) -> None:
    choices = Choices(path)
    choices.remember(NUMBER, PIET)
    choices.heard(NUMBER, "CRM", ())
    choices.heard(NUMBER, "Customers", FAMILY)
    assert choices.in_order(NUMBER, FAMILY)[0] == PIET
    choices.heard(NUMBER, "Customers", (JAN, KEES))
    assert choices.in_order(NUMBER, FAMILY) == Choices(path).in_order(NUMBER, FAMILY) == FAMILY


def test_a_number_is_forgotten_on_disk_too(path: Path) -> None:
    choices = Choices(path)
    choices.remember(NUMBER, PIET)
    choices.remember(OTHER, PIET)
    assert choices.forget(NUMBER)
    assert choices.forget(NUMBER)
    assert NUMBER not in path.read_text()
    assert Choices(path).in_order(OTHER, FAMILY)[0] == PIET


def test_of_too_many_numbers_the_oldest_choice_goes(path: Path) -> None:
    path.parent.mkdir()
    mark = ["Customers", "a" * 32, "b" * 32]
    path.write_text(json.dumps({f"+316{number:08}": mark for number in range(MOST_CHOICES)}))
    Choices(path).remember(NUMBER, PIET)
    kept = json.loads(path.read_text())
    assert len(kept) == MOST_CHOICES
    assert "+31600000000" not in kept
    assert NUMBER in kept


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"7",
        b"{" * 100_000,
        b"x" * 2_000_000,
        b'{"+31201234567": 7}',
        b'{"+31201234567": ["Customers", "a"]}',
        b'{"+31201234567": ["Customers", 1, {}]}',
        b'{"+31201234567": {"a": 1, "b": 2, "c": 3}}',
    ],
)
def test_whatever_is_wrong_with_the_file_there_are_no_choices_and_the_next_mends_it(
    path: Path, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    choices = Choices(path)
    assert choices.in_order(NUMBER, FAMILY) == FAMILY
    assert choices.remember(NUMBER, PIET)
    assert Choices(path).in_order(NUMBER, FAMILY)[0] == PIET


def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    assert Choices(path).in_order(NUMBER, FAMILY) == FAMILY


def test_where_nothing_can_be_written_a_choice_holds_for_now(path: Path) -> None:
    (path / "x").mkdir(parents=True)
    choices = Choices(path)
    assert choices.remember(NUMBER, PIET) is False
    assert choices.in_order(NUMBER, FAMILY)[0] == PIET
    assert [each.name for each in path.parent.iterdir()] == ["choices.json"]


def test_what_could_not_be_forgotten_on_disk_is_forgotten_at_the_next_try(path: Path) -> None:
    choices = Choices(path)
    choices.remember(NUMBER, PIET)
    elsewhere = path.rename(path.with_name("elsewhere"))
    path.mkdir()
    assert choices.forget(NUMBER) is False
    assert choices.forget(NUMBER) is False
    path.rmdir()
    elsewhere.rename(path)
    assert choices.forget(NUMBER)
    assert NUMBER not in path.read_text()


contacts = st.builds(
    contact, st.sampled_from("ab"), st.sampled_from([None, "1", "2"]), city=st.sampled_from("xy")
)


@given(st.lists(contacts, max_size=6, unique=True), contacts)
def test_an_order_loses_nobody_and_adds_nobody(matches: list[Contact], chosen: Contact) -> None:
    choices = Choices(_NOWHERE)
    choices.remember(NUMBER, chosen)
    ordered = choices.in_order(NUMBER, tuple(matches))
    assert sorted(map(repr, ordered)) == sorted(map(repr, matches))
    assert [each for each in ordered if each != ordered[0]] == [
        each for each in matches if each != ordered[0]
    ]
