from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.order.memory import Memory, Remembered
from bubbled.directory.order.plan import Rules
from bubbled.model import E164, Contact

NUMBER, OTHER = E164("+31612345678"), E164("+31201234567")
ANN = (Contact(directory="CRM", name="Ann"),)
RULES = Rules(keep_hit_s=600, keep_miss_s=60, stale_s=3600)


def test_a_match_is_fresh_then_stale_then_forgotten() -> None:
    memory = Memory(RULES)
    memory.keep("CRM", NUMBER, ANN, 0)
    assert memory.recall("CRM", NUMBER, 599) == Remembered(ANN, is_fresh=True)
    assert memory.recall("CRM", NUMBER, 600) == Remembered(ANN, is_fresh=False)
    assert memory.recall("CRM", NUMBER, 3600) is None
    assert len(memory) == 0


def test_a_miss_is_never_stale() -> None:
    memory = Memory(RULES)
    memory.keep("CRM", NUMBER, (), 0)
    assert memory.recall("CRM", NUMBER, 59) == Remembered((), is_fresh=True)
    assert memory.recall("CRM", NUMBER, 60) is None


def test_each_directory_and_number_has_its_own() -> None:
    memory = Memory(RULES)
    memory.keep("CRM", NUMBER, ANN, 0)
    assert memory.recall("Books", NUMBER, 0) is None
    assert memory.recall("CRM", OTHER, 0) is None


def test_a_newer_answer_takes_the_place_of_the_one_before() -> None:
    memory = Memory(RULES)
    memory.keep("CRM", NUMBER, ANN, 0)
    memory.keep("CRM", NUMBER, (), 10)
    assert memory.recall("CRM", NUMBER, 20) == Remembered((), is_fresh=True)
    assert len(memory) == 1


def test_a_number_can_be_forgotten_in_every_directory() -> None:
    memory = Memory(RULES)
    for directory in ("CRM", "Books"):
        memory.keep(directory, NUMBER, ANN, 0)
        memory.keep(directory, OTHER, ANN, 0)
    memory.forget(NUMBER, 1)
    assert memory.recall("CRM", NUMBER, 0) is None
    assert memory.recall("Books", NUMBER, 0) is None
    assert len(memory) == 2


def test_an_answer_that_was_asked_for_before_the_forgetting_is_not_remembered() -> None:
    memory = Memory(RULES)
    memory.forget(NUMBER, 1)
    memory.keep("CRM", NUMBER, ANN, 0.5)
    assert memory.recall("CRM", NUMBER, 2) is None
    memory.keep("CRM", NUMBER, ANN, 1.5)
    assert memory.recall("CRM", NUMBER, 2) == Remembered(ANN, is_fresh=True)


def test_the_least_used_goes_when_there_is_no_room() -> None:
    memory = Memory(RULES, most_answers=2)
    memory.keep("A", NUMBER, ANN, 0)
    memory.keep("B", NUMBER, ANN, 0)
    assert memory.recall("A", NUMBER, 1)
    memory.keep("C", NUMBER, ANN, 2)
    assert [memory.recall(directory, NUMBER, 2) is None for directory in "ABC"] == [False, True, False]


def test_an_answer_that_is_too_large_drives_out_no_other() -> None:
    memory = Memory(RULES, most_characters=100)
    memory.keep("CRM", NUMBER, ANN, 0)
    memory.keep("CRM", OTHER, (Contact(directory="CRM", name="x" * 101),), 0)
    assert memory.recall("CRM", NUMBER, 1) == Remembered(ANN, is_fresh=True)
    assert memory.recall("CRM", OTHER, 1) is None


def test_lifetimes_of_nothing_remember_nothing() -> None:
    memory = Memory(Rules(keep_hit_s=0, keep_miss_s=0, stale_s=0))
    memory.keep("CRM", NUMBER, ANN, 0)
    memory.keep("CRM", OTHER, (), 0)
    assert memory.recall("CRM", NUMBER, 0) is None
    assert memory.recall("CRM", OTHER, 0) is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 60)), max_size=40))
def test_endless_contacts_do_not_fill_the_memory(kept: list[tuple[int, int]]) -> None:
    memory = Memory(RULES, most_answers=5, most_characters=100)
    for number, length in kept:
        contact = Contact(directory="CRM", fields=(("note", "x" * length),))
        memory.keep("CRM", E164(f"+3161234567{number}"), (contact,), 0)
    left = [memory.recall("CRM", E164(f"+3161234567{number}"), 0) for number in range(10)]
    notes = [note for each in left if each is not None for _, note in each.matches[0].fields]
    assert len(memory) == len(notes) <= 5
    assert sum(len("note") + len(note) for note in notes) <= 100
    if kept:
        assert notes
