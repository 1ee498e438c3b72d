from __future__ import annotations

import pytest

from tests.directory.fakes.odata import FilterError, UnknownPropertyError, read

RECORD = {"phone": "+31 6 12345678", "name": "d'Hont", "stamp": 5, "is_on": True, "city": None}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("contains(phone,'12345678')", True),
        ("contains(phone, '87654321') or startswith(phone,'+31')", True),
        ("contains(phone,'87654321') and startswith(phone,'+31')", False),
        ("endswith(phone,'678') and (name eq 'x' or stamp gt 4L)", True),
        ("not contains(phone,'678')", False),
        ("name eq 'd''Hont'", True),
        ("name ne 'x' and is_on eq true and city eq null", True),
        ("stamp ge 6", False),
        ("city gt 5", False),
    ],
)
def test_a_filter_is_evaluated(text: str, holds: bool) -> None:  # noqa: FBT001 - what the row expects
    assert read(text, RECORD)(RECORD) is holds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name eq",
        "name eq 'x' or",
        "name near 'x'",
        "contains(name,'x'",
        "contains(name 'x')",
        "(name eq 'x'",
        "name eq 'x' name eq 'y'",
        "name eq 'x",
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(FilterError):
        read(text, RECORD)


def test_an_unknown_property_is_named() -> None:
    with pytest.raises(UnknownPropertyError, match="colour"):
        read("colour eq 'red'", RECORD)
