from __future__ import annotations

from dataclasses import replace

from bubbled.history.erasure import Spellings
from bubbled.history.note import Note, ToldNote
from bubbled.history.past_call import seen
from bubbled.history.unsaved import Entry, Unsaved, overlaid
from bubbled.model import E164, CallId, Contact, Extension, Owner
from tests.history.sample import JAN, NINE, NUMBER, ended, minutes, ringing, started

ONE = CallId("1")


def start(call_id: str = "1") -> Entry:
    return Entry(past=seen(started(ringing(call_id)), NINE))


def told(text: str, number: E164 = NUMBER, teller: str = "102") -> ToldNote:
    return ToldNote(number, Extension(teller), text, NINE)


def test_news_of_one_call_becomes_one_entry() -> None:
    unsaved = Unsaved()
    unsaved.add(ONE, start())
    unsaved.add(ONE, Entry(contact=JAN))
    unsaved.add(ONE, Entry(popup="shown"))
    unsaved.add(ONE, Entry(note=Note("Wants 20", NINE)))
    unsaved.add(ONE, Entry(past=seen(ended(ringing()), minutes(1))))
    (past,) = overlaid([], unsaved.all())
    assert (past.started_at, past.ended_at, past.contact, past.popup) == (NINE, minutes(1), JAN, "shown")
    assert past.note == Note("Wants 20", NINE)


def test_what_is_new_lies_over_what_is_stored() -> None:
    stored = seen(started(ringing()), NINE)
    assert overlaid([stored], {ONE: Entry(contact=JAN)}) == [replace(stored, contact=JAN)]


def test_a_contact_of_an_unknown_call_is_no_call() -> None:
    assert overlaid([], {ONE: Entry(contact=JAN)}) == []


def test_a_call_among_colleagues_is_kept_only_if_it_began_outside() -> None:
    call = ringing(owner=Owner("102"), internal=True, number="103", e164=None)
    inside = Entry(past=seen(started(call), NINE))
    assert overlaid([], {ONE: inside}) == []
    outside = seen(started(ringing(owner=Owner("102"))), NINE)
    assert overlaid([outside], {ONE: inside}) == [outside]


def test_an_entry_that_grew_while_it_was_saved_stays() -> None:
    unsaved = Unsaved()
    unsaved.add(ONE, start())
    unsaved.add(CallId("2"), start("2"))
    batch = unsaved.first(10)
    unsaved.add(ONE, Entry(contact=JAN))
    unsaved.saved(batch)
    assert list(unsaved.all()) == [ONE]


def test_when_too_many_wait_the_oldest_is_given_up_and_counted() -> None:
    unsaved = Unsaved(limit=2)
    for call_id in "123":
        unsaved.add(CallId(call_id), start(call_id))
    unsaved.add(CallId("3"), Entry(contact=JAN))
    assert (list(unsaved.all()), unsaved.lost) == (["2", "3"], 1)


def test_the_entries_that_waited_longest_come_first() -> None:
    unsaved = Unsaved()
    for call_id in "312":
        unsaved.add(CallId(call_id), start(call_id))
    assert list(unsaved.first(2)) == ["3", "1"]


def test_a_forgotten_number_is_not_saved_later() -> None:
    unsaved = Unsaved()
    unsaved.add(ONE, start())
    telling = Contact(directory="Customers", name="Jan", fields=(("mobile", "06-123 456 78"),))
    unsaved.add(CallId("2"), Entry(contact=telling))
    unsaved.add(CallId("3"), Entry(note=Note("Call 06-12345678 or 020-1000101", NINE)))
    unsaved.add(CallId("4"), Entry(note=Note("He is angry", NINE, NUMBER)))
    unsaved.tell(told("He is angry"))
    unsaved.tell(told("Knows 0612345678", number=E164("+31201000101")))
    unsaved.forget(Spellings.of([NUMBER]))
    assert unsaved.all() == {
        CallId("2"): Entry(),
        CallId("3"): Entry(note=Note("Call … or 020-1000101", NINE)),
        CallId("4"): Entry(),
    }
    assert [each.text for each in unsaved.told()] == ["Knows …"]


def test_of_each_colleague_the_last_note_on_a_number_waits() -> None:
    unsaved = Unsaved(limit=2)
    unsaved.tell(told("One"))
    first = unsaved.told()
    unsaved.tell(told("Two"))
    unsaved.saved_told(first)
    assert [each.text for each in unsaved.told()] == ["Two"]
    unsaved.saved_told(unsaved.told())
    assert not unsaved
    for teller in ("102", "103", "104"):
        unsaved.tell(told("Hi", teller=teller))
    assert [each.teller for each in unsaved.told()] == ["103", "104"]
