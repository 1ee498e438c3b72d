from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubbled.directory.entry import Entry
from bubbled.directory.local.feed import Fetched
from bubbled.directory.local.index import Index
from bubbled.directory.local.replica import Rules, update
from bubbled.error import DirectoryError
from bubbled.model import E164, Extension

if TYPE_CHECKING:
    from collections.abc import Iterable

NL = Rules("NL")
DESK, MOBILE = "+31201234567", "+31612345678"


def person(name: str, *numbers: str) -> Entry:
    return Entry("card", name, None, None, (("city", "Ede"),), numbers)


def take(path: Path, fetched: Fetched, rules: Rules = NL, at: float = 1.0) -> list[int]:
    return list(update(path, fetched, rules, at))


def everything(**entries: Entry) -> Fetched:
    return Fetched(entries, token="t1", is_all=True)


def changed(*, gone: Iterable[str] = (), **entries: Entry) -> Fetched:
    return Fetched(entries, frozenset(gone), token="t2")


def who(path: Path, number: str) -> list[str | None]:
    with closing(Index(path, "CRM", is_replica=True)) as index:
        found = index.find(E164(number) if number.startswith("+") else Extension(number))
    return [contact.name or contact.company for contact in found]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "bubbled" / "index" / "crm #1.sqlite"


def test_the_first_fetch_makes_a_copy_that_only_the_user_can_read(path: Path) -> None:
    take(path, everything(a=person("Jan", MOBILE), b=person("Kees", "020-1234567 / 06-87654321")), at=5.0)
    assert (who(path, MOBILE), who(path, DESK), who(path, "+31687654321")) == (["Jan"], ["Kees"], ["Kees"])
    with closing(Index(path, "CRM", is_replica=True)) as index:
        about = index.about
    assert (about.contacts, about.numbers, about.rejected) == (2, 3, 0)
    assert (about.token, about.at, about.identity) == ("t1", 5.0, NL.identity)
    for folder in (path.parent, path.parent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600


def test_the_id_of_the_source_is_told_with_the_contact(path: Path) -> None:
    take(path, everything(a=person("Jan", MOBILE), b=replace(person("Kees", DESK), id="4711")))
    with closing(Index(path, "CRM", is_replica=True)) as index:
        assert [index.find(E164(number))[0].id for number in (MOBILE, DESK)] == ["a", "4711"]


def test_what_is_new_changed_and_gone_is_taken_over(path: Path) -> None:
    take(path, everything(a=person("Jan", MOBILE), b=person("Kees", DESK), c=person("An", DESK)))
    take(path, changed(a=person("Jan", DESK), d=person("Bo", MOBILE), gone=["b", "unknown"]))
    assert (who(path, MOBILE), sorted(filter(None, who(path, DESK)))) == (["Bo"], ["An", "Jan"])


def test_everything_anew_takes_out_what_is_not_among_it(path: Path) -> None:
    take(path, everything(a=person("Jan", MOBILE), b=person("Kees", DESK)))
    take(path, everything(b=person("Kees", DESK)))
    assert (who(path, MOBILE), who(path, DESK)) == ([], ["Kees"])


def test_who_cannot_be_found_by_a_number_is_counted_and_comes_when_there_is_one(path: Path) -> None:
    take(
        path,
        everything(
            a=person("Jan", "geen"), b=person("Kees", DESK), c=Entry("x", None, None, None, (), (DESK,))
        ),
    )
    with closing(Index(path, "CRM", is_replica=True)) as index:
        assert (index.about.contacts, index.about.rejected) == (1, 2)
    take(path, changed(a=person("Jan", MOBILE), gone=["c"]))
    assert who(path, MOBILE) == ["Jan"]
    with closing(Index(path, "CRM", is_replica=True)) as index:
        assert (index.about.contacts, index.about.rejected) == (2, 0)


def test_a_company_that_is_gone_is_guessed_no_more(path: Path) -> None:
    firm = Entry("x", None, "Acme", None, (), ("020-1234500",))
    take(path, everything(a=firm, b=person("Jan", MOBILE)))
    assert who(path, DESK) == ["Acme"]
    take(path, changed(gone=["a"]))
    assert who(path, DESK) == []


def test_a_source_that_suddenly_is_empty_changes_nothing(path: Path) -> None:
    take(path, everything(a=person("Jan", MOBILE)))
    for nothing in (everything(), everything(a=person("Jan", "geen")), changed(gone=["a"])):
        with pytest.raises(DirectoryError, match="suddenly holds no contacts"):
            take(path, nothing)
        assert who(path, MOBILE) == ["Jan"]


def test_a_source_may_be_empty_from_the_beginning(path: Path) -> None:
    take(path, everything())
    assert who(path, MOBILE) == []
    take(path, changed(a=person("Jan", MOBILE)))
    assert who(path, MOBILE) == ["Jan"]


def test_other_rules_read_every_number_again(path: Path) -> None:
    take(path, everything(a=person("Jan", "030 1234567"), b=person("Kees", "102")))
    assert who(path, "+31301234567") == ["Jan"]
    german = Rules("DE", internal=True)
    take(path, everything(a=person("Jan", "030 1234567"), b=person("Kees", "102")), german)
    assert (who(path, "+31301234567"), who(path, "+49301234567"), who(path, "102")) == ([], ["Jan"], ["Kees"])
    with closing(Index(path, "CRM", is_replica=True)) as index:
        assert index.about.identity == german.identity


def test_an_update_that_stops_halfway_leaves_what_was_there(path: Path) -> None:
    many = {str(i): person(f"Jan {i}", MOBILE) for i in range(500)}
    for earlier in (None, everything(a=person("Kees", DESK))):
        if earlier is not None:
            take(path, earlier)
        steps = update(path, Fetched(many, is_all=True), NL, 2.0)
        next(steps)
        steps.close()
        assert path.exists() == (earlier is not None)
    assert (who(path, MOBILE), who(path, DESK)) == ([], ["Kees"])


def test_lookups_go_on_in_an_open_index_and_see_the_update_when_it_is_whole(path: Path) -> None:
    take(path, everything(a=person("Jan", MOBILE)))
    with closing(Index(path, "CRM", is_replica=True)) as index:
        steps = update(path, Fetched({str(i): person("Kees", DESK) for i in range(500)}), NL, 2.0)
        next(steps)
        assert [contact.name for contact in index.find(E164(MOBILE))] == ["Jan"]
        assert index.find(E164(DESK)) == ()
        list(steps)
        assert [contact.name for contact in index.find(E164(DESK))][:1] == ["Kees"]


_KILLED = """
import sys
from pathlib import Path
from bubbled.directory.entry import Entry
from bubbled.directory.local.feed import Fetched
from bubbled.directory.local.replica import Rules, update
many = {str(i): Entry("x", "Kees", None, None, (), ("020-1234567",)) for i in range(20_000)}
for done in update(Path(sys.argv[1]), Fetched(many, is_all=True), Rules("NL"), 2.0):
    if done == 10_000:
        print("halfway", flush=True)
        sys.stdin.read()
"""


@pytest.mark.parametrize("was_there", [True, False])
def test_who_is_killed_in_the_middle_leaves_what_was_there(path: Path, was_there: bool) -> None:  # noqa: FBT001 - a parameter of the test
    if was_there:
        take(path, everything(a=person("Jan", MOBILE)))
    root = Path(__file__).parents[3]
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", _KILLED, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"halfway\n"
        writer.send_signal(signal.SIGKILL)
    assert path.exists() == was_there
    if was_there:
        assert (who(path, MOBILE), who(path, DESK)) == (["Jan"], [])
    take(path, everything(a=person("An", MOBILE)))
    assert (who(path, MOBILE), who(path, DESK)) == (["An"], [])
    assert {file.name for file in path.parent.iterdir()} <= {
        path.name,
        f"{path.name}-wal",
        f"{path.name}-shm",
    }


def test_logs_of_an_index_that_the_user_deleted_do_not_get_into_the_new_one(path: Path) -> None:
    take(path, everything(a=person("Jan", MOBILE)))
    with closing(Index(path, "CRM", is_replica=True)):
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("DELETE FROM number")
        path.unlink()
    take(path, everything(a=person("Kees", MOBILE)))
    assert who(path, MOBILE) == ["Kees"]


HOSTILE = "\ud800\x1f\0'; DROP TABLE number; -- \u202e<b>&amp;\r\nEND:VCARD" + "x" * 5000


def test_hostile_contacts_are_kept_literally_and_within_limits(path: Path) -> None:
    entry = Entry(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        "javascript:alert(1)",
        ((HOSTILE, HOSTILE),) * 300,
        (MOBILE,) * 10_000,
        id=HOSTILE,
    )
    take(path, Fetched({HOSTILE: entry, "b": person("Jan", DESK)}, is_all=True))
    with closing(Index(path, "CRM", is_replica=True)) as index:
        (contact,) = index.find(E164(MOBILE))
    assert contact.name is not None
    assert contact.name.startswith("? '; DROP TABLE number; -- \u202e<b>&amp;\r\nEND:VCARD")
    assert (contact.url, len(contact.name), len(contact.fields)) == (None, 999, 200)
    take(path, Fetched({}, frozenset([HOSTILE])))
    assert (who(path, MOBILE), who(path, DESK)) == ([], ["Jan"])


IDS, NUMBERS = st.sampled_from("abcdef"), st.sampled_from([f"+3161234560{i}" for i in range(6)])
ENTRIES = st.dictionaries(IDS, st.lists(NUMBERS, max_size=3).map(lambda numbers: person("x", *numbers)))
UPDATES = st.lists(
    st.builds(
        lambda entries, gone, is_all: Fetched(entries, frozenset(gone) - entries.keys(), is_all=is_all),
        ENTRIES,
        st.sets(IDS),
        st.booleans(),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(UPDATES)
def test_after_any_updates_the_copy_answers_as_a_dictionary_would(updates: list[Fetched]) -> None:
    known: dict[str, Entry] = {"z": person("z", "+31612345609")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "index.sqlite")
        take(path, Fetched(known, is_all=True))
        for fetched in updates:
            kept = (
                {"z": known["z"]}
                if fetched.is_all
                else {k: v for k, v in known.items() if k not in fetched.gone}
            )
            known = kept | dict(fetched.entries)
            take(path, replace(fetched, entries={**fetched.entries, "z": known["z"]}))
        with closing(Index(path, "CRM", is_replica=True)) as index:
            for number in [f"+3161234560{i}" for i in range(10)]:
                expected = {id_ for id_, entry in known.items() if number in entry.numbers}
                assert {contact.id for contact in index.find(E164(number))} == expected
            assert index.about.contacts == sum(bool(entry.numbers) for entry in known.values())
            assert index.about.numbers == sum(len(set(entry.numbers)) for entry in known.values())
