from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.entry import LONGEST_VALUE
from bubbled.directory.kinds.sql.value import as_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("Jan", "Jan"),
        (612345678, "612345678"),
        (612345678.0, "612345678"),
        (31612345678.0, "31612345678"),
        (1.5, "1.5"),
        (1e300, "1" + 300 * "0"),
        (float("nan"), ""),
        (float("inf"), ""),
        (Decimal("612345678.00"), "612345678"),
        (Decimal("6.12345678E+8"), "612345678"),
        (Decimal("1E+999999"), ""),
        (Decimal("NaN"), ""),
        (Decimal("sNaN"), ""),
        pytest.param(10**5000, "", id="thousands of digits"),
        (True, "yes"),
        (False, "no"),
        (date(2025, 1, 2), "2025-01-02"),
        (datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), "2025-01-02T03:04:05+00:00"),
        (time(3, 4), "03:04:00"),
        (timedelta(hours=3), "3:00:00"),
        ("Jös".encode(), "Jös"),
        (bytearray(b"06-12345678"), "06-12345678"),
        (memoryview(b"06-12345678"), "06-12345678"),
        (b"\x89PNG\r\n\x1a\n\0", ""),
        (b"\0\1", ""),
        (["06-12345678", None, "020-1234567"], "06-12345678; 020-1234567"),
        ({"a": ["é", b"b", date(2025, 1, 2)]}, '{"a": ["é", "b", "2025-01-02"]}'),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_a_value_is_written_as_a_person_would(value: object, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    "value",
    ["x" * 10**6, b"x" * 10**6, ["xx"] * 10**6, {"x": "x" * 10**6}, Decimal("0." + 2000 * "3")],
    ids=["text", "bytes", "list", "object", "fraction"],
)
def test_a_value_is_not_endlessly_long(value: object) -> None:
    assert 0 < len(as_text(value)) <= LONGEST_VALUE


def test_what_holds_itself_is_nothing() -> None:
    loop: dict[str, object] = {}
    loop["x"] = loop
    assert as_text(loop) == ""


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text() | st.binary(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_value_is_text(value: object) -> None:
    assert isinstance(as_text(value), str)
