from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bubbled.condition import DEEPEST, FLAGS, LONGEST, parse

VALUES = {"company": "Acme", "queue": "support", "category": "Gold, Retail", "earlier_calls": "7", "to": ""}
FLAGGED = frozenset({"inbound", "matched"})


def holds(text: str, values: Mapping[str, str] = VALUES, flags: frozenset[str] = FLAGGED) -> bool:
    return parse(text).holds(values, flags)


@pytest.mark.parametrize(
    "text",
    [
        "inbound",
        "Inbound",
        "inbound and matched",
        "not internal",
        "not(internal)",
        "internal or matched",
        "company == 'Acme'",
        'company == "ACME"',
        "company != 'Other'",
        "$company",
        "$Company == 'acme'",
        "queue in ('support', 'sales')",
        "queue not in ('sales')",
        "'gold' in category",
        "'silver' not in category",
        "${postal code} == ''",
        "earlier_calls >= 3",
        "earlier_calls < 7.5",
        "earlier_calls == 7",
        "company == company",
        "internal and internal or inbound",
        "inbound and (internal or matched)",
        "not internal and not missed",
        "queue == 'support' and not queue",
    ],
)
def test_a_condition_that_holds(text: str) -> None:
    assert holds(text)
    assert not holds(f"not ({text})")


@pytest.mark.parametrize(
    "text",
    [
        "internal",
        "inbound and internal",
        "internal or missed",
        "inbound and internal or missed",
        "company == 'Acme Ltd'",
        "$to",
        "'' in category",
        "earlier_calls > 7",
        "company > 3",
        "unheard_of != ''",
        "unheard_of > 0",
        "queue in ('sales')",
    ],
)
def test_a_condition_that_does_not(text: str) -> None:
    assert not holds(text)
    assert holds(f"not ({text})")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "column 1: something is missing"),
        ("inbuond", "column 1: this is nothing that can be said of a call; did you mean 'inbound'?"),
        ("inbound and matchd", "column 13: .* did you mean 'matched'"),
        ("customer", "column 1: .* put \\$ before it"),
        ("inbound and", "column 12: something is missing"),
        ("and inbound", "column 1: something is missing"),
        ("inbound matched", 'column 9: .* "and" or "or" is missing'),
        ("(inbound", 'column 9: "\\)" is missing'),
        ("inbound)", "column 8: .* a bracket too many"),
        ("company = 'Acme'", "column 9: two texts are compared with =="),
        ("company == 'Acme", "column 12: a quote is not closed"),
        ("'Acme'", "column 1: a text or a number alone says nothing"),
        ("queue in ('a' 'b')", 'column 15: "\\)" is missing'),
        ("company == 'a' == 'b'", "column 16: a condition ends here"),
        ("__import__('os')", "column 1: this is nothing"),
        ("company.name", "column 8: this cannot stand"),
        ("inbound; ringing", "column 8: this cannot stand"),
        ("not " * (DEEPEST + 1) + "held", f"more than {DEEPEST}"),
        ("(" * (DEEPEST + 1) + "held", f"more than {DEEPEST}"),
        ("held or " * LONGEST + "held", f"at most {LONGEST} characters"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_may_be_meant(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse(text)


def test_a_condition_tells_which_variables_it_asks_for() -> None:
    condition = parse("inbound and Company == 'x' or $note or ${Postal Code} in (city, '12')")
    assert condition.variables == {"company", "note", "postal code", "city"}
    assert parse("queue and queue == 'sales'").variables == {"queue"}


def test_conditions_that_are_written_alike_are_equal_so_that_a_reload_changes_nothing() -> None:
    assert parse("inbound and not held") == parse("inbound and not held")
    assert parse("inbound") != parse("outbound")


pieces = st.sampled_from(
    [
        *FLAGS,
        "and",
        "or",
        "not",
        "in",
        "(",
        ")",
        ",",
        "==",
        "!=",
        "<",
        ">=",
        "'x'",
        '"',
        "'",
        "$a",
        "${b c}",
        "3",
    ]
)
almost = st.lists(pieces, max_size=30).map(" ".join)


def complaint_about(text: str) -> str:
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return "none"


@given(st.text() | almost)
def test_whatever_is_written_is_read_or_refused_in_one_line(text: str) -> None:
    assert complaint_about(text).isprintable()


operands = st.sampled_from(["company", "$earlier_calls", "${x y}", "'Acme'", "3", "''"])
comparisons = st.builds(
    "{} {} {}".format, operands, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in"]), operands
)
trees = st.recursive(
    st.sampled_from(sorted(FLAGS)) | comparisons,
    lambda inner: (
        st.builds("not ({})".format, inner)
        | st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner)
    ),
    max_leaves=6,
)


@given(
    trees,
    st.dictionaries(st.sampled_from(["company", "earlier_calls", "x y"]), st.text()),
    st.frozensets(st.sampled_from(sorted(FLAGS))),
)
def test_what_can_be_written_holds_or_does_not_whatever_the_values(
    text: str, values: dict[str, str], flags: frozenset[str]
) -> None:
    contrary = f"not ({text})"
    assume(len(contrary) <= LONGEST)
    assert parse(contrary).holds(values, flags) is not parse(text).holds(values, flags)
