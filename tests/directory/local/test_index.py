from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubbled.directory.entry import Entry, Rejected
from bubbled.directory.local.about import About
from bubbled.directory.local.bulk import reading
from bubbled.directory.local.index import MOST_MATCHES, Index
from bubbled.directory.local.index_writer import write_index
from bubbled.error import DirectoryError
from bubbled.model import E164, Contact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    IndexOf = Callable[..., Index]

MOBILE, DESK = "+31612345678", "+31201234567"


def person(name: str, *numbers: str, company: str | None = None) -> Entry:
    return Entry("row 2", name, company, None, (), numbers)


def firm(name: str, *numbers: str, digits: int = 0) -> Entry:
    return Entry("row 2", None, name, None, (), numbers, numbers if digits else (), digits)


def write(path: Path, entries: Iterable[Entry | Rejected], identity: str = "x") -> list[int]:
    return list(write_index(path, entries, reading("NL"), identity))


def who(index: Index, number: str) -> list[str]:
    """Names, and companies of the nameless; with a question mark where it is a guess."""
    found = index.find(E164(number))
    return [f"{contact.name or contact.company}{'?' if contact.probable else ''}" for contact in found]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "some index#1.sqlite"


@pytest.fixture
def index_of(path: Path) -> Iterator[IndexOf]:
    """Makes an index of entries, which is closed in the end."""
    with ExitStack() as stack:

        def make(*entries: Entry | Rejected) -> Index:
            write(path, entries)
            return stack.enter_context(closing(Index(path, "Customers")))

        yield make


def test_a_contact_is_found_by_each_of_its_numbers(index_of: IndexOf) -> None:
    fields = (("plaats", "Ede"), ("notitie", "belt\nvaak"))
    entry = Entry(
        "row 2", "Jan", "Acme", "https://crm/1", fields, ("020-1234567 / 06-12345678", "+49 30 1234567")
    )
    index = index_of(entry)
    jan = Contact(directory="Customers", name="Jan", company="Acme", url="https://crm/1", fields=fields)
    for number in (MOBILE, DESK, "+49301234567"):
        assert index.find(E164(number)) == (jan,)
    assert index.find(E164("+31687654321")) == ()
    assert index.about == About("x", contacts=1, numbers=3)


def test_persons_come_before_companies_each_in_the_order_of_the_file(index_of: IndexOf) -> None:
    index = index_of(
        firm("Acme", DESK), person("Jan", DESK), firm("Beta", DESK), person("An", DESK, company="Acme")
    )
    assert who(index, DESK) == ["Jan", "An", "Acme", "Beta"]


def test_of_several_persons_who_was_last_in_touch_comes_first(index_of: IndexOf) -> None:
    index = index_of(
        person("Never", DESK),
        replace(person("Before", DESK), last_contact="2026-03-01"),
        replace(person("Lately", DESK), last_contact="2026-11-05T10:00:00+01:00"),
        replace(person("Nonsense", DESK), last_contact="tomorrow"),
        replace(firm("Acme", DESK), last_contact="2026-12-01"),
    )
    assert who(index, DESK) == ["Lately", "Before", "Never", "Nonsense", "Acme"]


def test_the_id_of_a_record_comes_back(index_of: IndexOf) -> None:
    index = index_of(replace(person("Jan", MOBILE), id="4711"), replace(firm("Acme", "020-1234500"), id="12"))
    assert [contact.id for contact in index.find(E164(MOBILE))] == ["4711"]
    assert [contact.id for contact in index.find(E164(DESK))] == ["12"]


@pytest.mark.parametrize("number", ["9" * 40, "+" + "9" * 40, "*72", "+", ""])
def test_what_no_index_can_hold_is_nobodys(index_of: IndexOf, number: str) -> None:
    assert who(index_of(person("Jan", DESK)), number) == []


def test_the_columns_of_all_contacts_are_known(index_of: IndexOf) -> None:
    here = replace(person("Jan", MOBILE), fields=(("plaats", "Ede"), ("soort", "klant")))
    there = replace(person("An", DESK), fields=(("plaats", "Lunteren"), ("land", "NL")))
    assert index_of(here, there).columns() == {"plaats", "soort", "land"}


def test_a_number_twice_in_one_row_is_one_match(index_of: IndexOf) -> None:
    assert who(index_of(person("Jan", MOBILE, "06-12345678")), MOBILE) == ["Jan"]


def test_a_number_of_very_many_contacts_gives_as_many_as_one_can_look_through(index_of: IndexOf) -> None:
    index = index_of(*(person(str(i), DESK) for i in range(MOST_MATCHES + 5)))
    assert who(index, DESK) == [str(i) for i in range(MOST_MATCHES)]


def test_a_direct_number_is_probably_the_company_with_the_main_number(index_of: IndexOf) -> None:
    index = index_of(firm("Acme", "020-1234500"))
    assert who(index, "+31201234500") == ["Acme"]
    assert who(index, "+31201234567") == ["Acme?"]
    assert who(index, "+31201239999") == ["Acme?"]
    assert who(index, "+31201244500") == []


def test_the_nearest_main_number_is_guessed_and_nothing_when_several_are_as_near(index_of: IndexOf) -> None:
    index = index_of(firm("Acme", "020-1234500"), firm("Beta", "020-1234000"), firm("Beta BV", "020-1236000"))
    assert who(index, "+31201234567") == ["Acme?"]
    assert who(index, "+31201234067") == ["Beta?"]
    assert who(index, "+31201239999") == []


def test_the_same_company_twice_is_one_guess(index_of: IndexOf) -> None:
    assert who(index_of(firm("Acme", "020-1234500"), firm("Acme", "020-1234510")), DESK) == ["Acme?"]


def test_a_declared_range_limits_the_guess(index_of: IndexOf) -> None:
    index = index_of(firm("Acme", "020-1234500", digits=2))
    assert who(index, "+31201234599") == ["Acme?"]
    assert who(index, "+31201234600") == []


def test_a_german_extension_is_appended_to_the_main_number_or_to_its_zero(index_of: IndexOf) -> None:
    index = index_of(firm("Acme", "+49 30 123456"), firm("Beta", "+49 30 765432-0"))
    assert who(index, "+493012345612") == ["Acme?"]
    assert who(index, "+493076543212") == ["Beta?"]


def test_mobiles_are_never_guessed(index_of: IndexOf) -> None:
    assert who(index_of(firm("Acme", "06-12345600")), MOBILE) == []


def test_a_person_is_never_guessed(index_of: IndexOf) -> None:
    assert who(index_of(person("Jan", "020-1234500", company="Acme")), DESK) == []


def test_a_main_number_in_a_persons_row_tells_the_company_alone(index_of: IndexOf) -> None:
    row = Entry(
        "row 2", "Jan", "Acme", "https://crm/1", (("mail", "jan@x"),), ("020-1234500",), ("020-1234500",)
    )
    assert index_of(row).find(E164(DESK)) == (Contact(directory="Customers", company="Acme", probable=True),)


def test_what_is_no_contact_is_counted_and_the_first_are_named(index_of: IndexOf) -> None:
    wrong = [Rejected(f"row {i}", "no name") for i in range(3, 20)]
    index = index_of(person("Kees", "geen"), person("Jan", DESK), *wrong)
    assert (index.about.contacts, index.about.rejected) == (1, 18)
    assert index.about.remark == (
        "18 more are no contact: row 2 (no possible phone number: 'geen'), row 3 (no name), row 4 (no name), "
        "row 5 (no name), row 6 (no name), …"
    )


def test_values_that_hold_the_separator_of_the_index_stay_in_their_place(index_of: IndexOf) -> None:
    (contact,) = index_of(person("Jan\x1fJansen", DESK, company="Acme")).find(E164(DESK))
    assert (contact.name, contact.company) == ("Jan Jansen", "Acme")


def test_progress_is_told_to_the_end(path: Path) -> None:
    steps = write(path, (person(str(i), DESK) for i in range(5000)))
    assert steps == sorted(steps)
    assert steps[-1] == 5000


def test_without_contacts_the_earlier_index_stays(path: Path, index_of: IndexOf) -> None:
    index_of(person("Jan", DESK))
    with pytest.raises(DirectoryError, match=r"holds no contacts \(row 7: no name\)"):
        write(path, [Rejected("row 7", "no name")])
    with pytest.raises(DirectoryError, match="it is empty"):
        write(path, [])
    with closing(Index(path, "Customers")) as index:
        assert who(index, DESK) == ["Jan"]
    assert list(path.parent.iterdir()) == [path]


def test_a_reader_keeps_the_index_that_it_opened(path: Path, index_of: IndexOf) -> None:
    earlier = index_of(person("Jan", DESK))
    later = index_of(person("Kees", DESK))
    assert (who(earlier, DESK), who(later, DESK)) == (["Jan"], ["Kees"])
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_writer_that_stops_halfway_leaves_the_earlier_index(path: Path, index_of: IndexOf) -> None:
    index_of(person("Jan", DESK))
    writer = write_index(path, (person(str(i), DESK) for i in range(5000)), reading("NL"), "y")
    next(writer)
    writer.close()  # type: ignore[attr-defined]
    with closing(Index(path, "Customers")) as index:
        assert who(index, DESK) == ["Jan"]
    assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_writer_left_is_removed_but_nothing_of_a_living_one(path: Path) -> None:
    path.parent.mkdir()
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    dead, alive = (path.with_name(f"{path.name}.{pid}.part") for pid in (gone.pid, os.getppid()))
    dead.touch()
    alive.touch()
    write(path, [person("Jan", DESK)])
    assert sorted(path.parent.iterdir()) == sorted([path, alive])


@pytest.mark.parametrize("data", [b"", b"not a database at all", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_index_is_named(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(DirectoryError, match="the index of Customers is damaged"):
        Index(path, "Customers")


def test_damage_inside_is_named_at_the_lookup(path: Path, index_of: IndexOf) -> None:
    index_of(person("Jan", DESK))
    with closing(sqlite3.connect(path)) as connection:
        ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'number'").fetchall()
    data = bytearray(path.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(data)
    with closing(Index(path, "Customers")) as index, pytest.raises(DirectoryError, match="is damaged"):
        index.find(E164(DESK))


def test_an_index_of_another_version_is_not_used(path: Path, index_of: IndexOf) -> None:
    index_of(person("Jan", DESK))
    with closing(sqlite3.connect(path)) as connection, connection:
        ((body,),) = connection.execute("SELECT body FROM about").fetchall()
        changed = json.dumps(json.loads(body) | {"format": 0})
        connection.execute("UPDATE about SET body = ?", (changed,))
    with pytest.raises(DirectoryError):
        Index(path, "Customers")


def test_no_index_is_no_damage(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Index(path, "Customers")


NUMBERS = st.integers(0, 30).map(lambda i: f"+316123456{i:02d}")
ENTRIES = st.lists(
    st.builds(
        lambda name, is_firm, numbers: firm(name, *numbers) if is_firm else person(name, *numbers),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
        st.booleans(),
        st.lists(NUMBERS, min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40)
@given(ENTRIES)
def test_the_index_answers_as_a_dictionary_would(entries: list[Entry]) -> None:
    known: dict[str, list[Entry]] = {}
    for entry in entries:
        for number in dict.fromkeys(entry.numbers):
            known.setdefault(number, []).append(entry)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "index.sqlite")
        write(path, entries)
        with closing(Index(path, "Customers")) as index:
            for i in range(31):
                number = f"+316123456{i:02d}"
                expected = sorted(known.get(number, []), key=lambda entry: entry.is_company)
                assert who(index, number) == [f"{entry.name or entry.company}" for entry in expected]
