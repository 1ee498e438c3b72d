from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.daemon.spreadsheet import HEADINGS, cell, heading, line
from bubbled.history.note import Note
from bubbled.model import Contact, Owner, Via, ViaKind
from tests.history.sample import JAN, NINE, answered, ended, ringing, started, told

if TYPE_CHECKING:
    from datetime import tzinfo

    from bubbled.history.past_call import PastCall

CALL = replace(
    told((started(ringing()), 0), (answered(ringing()), 1), (ended(ringing()), 2.5)),
    contact=JAN,
    note=Note('Wants 20,\r\nsays "now"', NINE),
)


def read(past: PastCall, zone: tzinfo = UTC) -> dict[str, str]:
    """What a program makes of a file with one call."""
    text = heading().decode("utf-8-sig") + line(past, {"102": "Bob"}, zone)
    (row,) = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return row


def test_a_call_is_one_line_that_every_reader_of_csv_understands() -> None:
    assert read(CALL) == {
        "started": "2026-11-20 09:00:00",
        "answered": "2026-11-20 09:01:00",
        "ended": "2026-11-20 09:02:30",
        "seconds_talked": "90",
        "colleague": "",
        "direction": "inbound",
        "number": "+31 6 12345678",
        "name": "Jan Jansen",
        "company": "Acme",
        "caller_id_name": "",
        "outcome": "answered",
        "via": "",
        "note": 'Wants 20, / says "now"',
        "directory": "Customers",
        "call": "1",
    }


def test_the_file_begins_with_the_mark_by_which_excel_knows_utf8() -> None:
    assert heading().startswith(b"\xef\xbb\xbf")
    assert heading().endswith(b"\r\n")


def test_moments_are_those_of_the_clock_on_the_wall() -> None:
    assert read(CALL, timezone(timedelta(hours=2)))["started"] == "2026-11-20 11:00:00"


def test_a_call_of_a_colleague_that_goes_on_is_told_as_far_as_it_is_known() -> None:
    call = ringing(owner=Owner("102"), via=Via(ViaKind.QUEUE, "support"), number=None, e164=None)
    row = read(told((started(call), 0)))
    assert (row["colleague"], row["via"], row["outcome"], row["ended"]) == ("Bob", "support", "ringing", "")
    assert (row["number"], row["name"], row["seconds_talked"]) == ("", "", "")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "\x00=1+1",
        "\ufeff=1+1",
        "\u200b=1+1",
        "\uff1d1+1",
        '=HYPERLINK("http://evil.example")',
        "+31 6 12345678=1",
        "+",
        "-",
    ],
)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert cell(text).startswith("'")


def test_a_formula_behind_a_semicolon_becomes_none_where_cells_end_there() -> None:
    assert cell('Jan;=cmd|" /C calc"!A0') == 'Jan;\'=cmd|" /C calc"!A0'
    assert cell("a; +1") == "a;' +1"


@pytest.mark.parametrize(
    "text", ["+31 6 12345678", "+31612345678", "0612345678", "Jan-Willem", "a=b", "50 %"]
)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


@given(st.text())
def test_any_text_stays_one_cell_on_one_line(text: str) -> None:
    past = replace(CALL, contact=Contact(directory=text, name=text, company=text), note=Note(text, NINE))
    written = line(past, {}, UTC)
    written.encode()
    (row,) = csv.reader(io.StringIO(written, newline=""), strict=True)
    assert written.count("\n") == 1
    assert len(row) == len(HEADINGS)
    assert not any(ord(each) < 32 or 127 <= ord(each) < 160 for each in "".join(row))
    assert not row[7].startswith(("=", "@", "-", "\t"))
    assert not row[7].startswith("+") or set(row[7]) <= set("+ 0123456789")
