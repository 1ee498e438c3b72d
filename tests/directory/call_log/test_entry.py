from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.call_log.delivery import Delivery, Stage, begin
from bubbled.directory.call_log.entry import COLUMNS, Entry, from_row, to_row
from tests.directory.call_log.office import ENDED, RECORD

LATER = ENDED + timedelta(seconds=5)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT, TEXT, st.none() | TEXT, st.sampled_from(Stage), st.sampled_from([None, LATER]))
def test_what_comes_back_is_what_was_kept(
    note: str, name: str, kind: str | None, stage: Stage, left_at: datetime | None
) -> None:
    record = replace(RECORD, note=note, contact_name=name, kind=kind)
    delivery = Delivery(stage=stage, since=ENDED, due_at=ENDED, failures=3, left_at=left_at, reason=kind)
    assert from_row(to_row(Entry(record, delivery))) == Entry(record, delivery)


@pytest.mark.parametrize(
    ("column", "value"),
    [("stage", "lost"), ("since", "yesterday"), ("since", "2026-11-01T10:30:00"), ("record", "{}")],
)
def test_what_bubbled_did_not_write_is_refused(column: str, value: str) -> None:
    row = list(to_row(Entry(RECORD, begin(ENDED, 0))))
    row[COLUMNS.index(column)] = value
    with pytest.raises((ValueError, KeyError, TypeError)):
        from_row(row)


def test_of_what_is_written_no_number_name_or_note_is_kept() -> None:
    kept = str(to_row(Entry(RECORD, begin(ENDED, 0)).without_details()))
    assert RECORD.call_id in kept
    assert not any(text in kept for text in (RECORD.number, RECORD.contact_name, RECORD.note))
