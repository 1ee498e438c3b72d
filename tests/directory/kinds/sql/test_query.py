from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.kinds.sql.address import Family
from bubbled.directory.kinds.sql.query import read_query
from bubbled.directory.notation import Notation
from bubbled.error import DirectoryError
from bubbled.model import E164, Extension

BY_E164 = "SELECT name, phone FROM customer WHERE phone = :e164"


def notations(text: str, family: Family = Family.SQLITE) -> tuple[Notation, ...]:
    return read_query(text, family).notations


def test_only_the_notations_that_it_names_are_written() -> None:
    query = read_query("SELECT name FROM t WHERE a = :tail OR b = :e164 OR c = :TAIL", Family.SQLITE)
    assert query.notations == (Notation.TAIL, Notation.E164)
    assert query.values(E164("+31612345678")) == {"tail": "612345678", "e164": "+31612345678"}
    assert query.values(Extension("0101")) == {"tail": "0101", "e164": "0101"}


@pytest.mark.parametrize("notation", list(Notation))
def test_every_notation_can_be_named(notation: Notation) -> None:
    assert notations(f"SELECT 1 WHERE a = :{notation}") == (notation,)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        (f"{BY_E164} -- not :this", Family.SQLITE),
        (f"/* :this; */ {BY_E164} ;\n", Family.SQLITE),
        (f"{BY_E164} AND x = ':this; it''s'", Family.SQLITE),
        (f'{BY_E164} AND ":this;" = [:that;] OR `:these;`', Family.SQLITE),
        (f"{BY_E164} AND x = '\\' AND y = ':this'", Family.POSTGRESQL),
        (f"{BY_E164} AND x = E'\\':this;' AND y = 1", Family.POSTGRESQL),
        (f"{BY_E164} AND x = $$:this;$$ AND y = $a$ :that; $$ $a$", Family.POSTGRESQL),
        (f"{BY_E164} AND x::text = a[1:2]", Family.POSTGRESQL),
        (f"{BY_E164} AND x = '\\':this;' # ':that;", Family.MARIADB),
        (f'{BY_E164} AND x = "\\":this;" AND `:that;` = 1', Family.MARIADB),
        (f"with x as (select 1) {BY_E164.lower()}", Family.SQLITE),
        (f"  ( {BY_E164} )", Family.MARIADB),
    ],
)
def test_what_is_text_or_comment_or_cast_is_no_parameter_and_no_end(text: str, family: Family) -> None:
    assert notations(text, family) == (Notation.E164,)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", 'begins with ""'),
        ("-- nothing", 'begins with ""'),
        ("DELETE FROM customer WHERE phone = :e164", 'must be a SELECT, but begins with "DELETE"'),
        ("EXPLAIN SELECT :e164", 'begins with "EXPLAIN"'),
        (f"{BY_E164}; DROP TABLE customer", "more than one statement"),
        (f"{BY_E164};;SELECT 1;", "more than one statement"),
        ("SELECT * INTO copy FROM customer WHERE phone = :e164", "writes with INTO"),
        (f"{BY_E164} /*! INTO OUTFILE '/tmp/copy' */", "writes with INTO"),
        (f"{BY_E164} /*M!100100 ; DROP TABLE customer */", "more than one statement"),
        (f"{BY_E164} AND 3 = 2--1 INTO OUTFILE '/tmp/copy'", "writes with INTO"),
        ("SELECT name FROM customer", "names no number to look for; .*:e164, :digits"),
        ("SELECT name FROM customer WHERE phone = ':e164'", "names no number to look for"),
        ("SELECT name FROM customer WHERE phone = :natonal", '":natonal"; did you mean ":national"'),
        ("SELECT name FROM customer WHERE phone = :xyzzy", '":xyzzy"; known are :e164'),
    ],
)
def test_what_is_wrong_with_a_query_is_told(text: str, told: str) -> None:
    with pytest.raises(DirectoryError, match=told):
        read_query(text, Family.MARIADB)


@given(st.text(alphabet=":e164;'\"`$\\-/*# \n", max_size=40), st.sampled_from(Family))
def test_any_text_is_a_query_or_refused(text: str, family: Family) -> None:
    with suppress(DirectoryError):
        assert notations(f"SELECT {text}", family)
