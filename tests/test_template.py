import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.template import Filter, Placeholder, parse


def filled(text: str) -> str:
    return parse(text).fill(
        lambda one: f"<{one.name}{''.join(f'|{f.name}:{f.argument}' for f in one.filters)}>"
    )


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("", ""),
        ("$name", "<name>"),
        ("$Name of ${Postal code}", "<name> of <postal code>"),
        ("${name|upper}", "<name|upper:>"),
        ("${ name | short : 12 | Upper }", "<name|short:12|upper:>"),
        ("${at|time:HH:mm}", "<at|time:HH:mm>"),
        ("costs $ 5, $$5 and $$$name", "costs $ 5, $5 and $<name>"),
        ("${name", "${name"),
        ("${}", "${}"),
        ("$größe", "<größe>"),
        ("$1", "$1"),
    ],
)
def test_a_template_is_taken_apart(text: str, result: str) -> None:
    assert filled(text) == result


def test_names_are_told_once_and_in_lower_case() -> None:
    assert parse("$Name $name ${Postal code} $$5").names == {"name", "postal code"}


def test_it_is_told_whether_a_template_is_one_variable_alone() -> None:
    assert parse("${photo|lower}").alone == Placeholder("photo", (Filter("lower"),))
    assert [parse(text).alone for text in ("", "photo", "$a$b", "~/$photo", "$photo ")] == [None] * 5


@given(st.text())
def test_every_text_is_a_template(text: str) -> None:
    parse(text).fill(lambda _: "")


@given(st.text())
def test_a_text_with_its_dollars_doubled_is_itself(text: str) -> None:
    assert filled(text.replace("$", "$$")) == text


@given(st.text(st.characters(exclude_characters="{}|:$"), min_size=1).map(str.strip).filter(bool))
def test_any_name_can_stand_in_braces(name: str) -> None:
    assert parse("${" + name + "}").names == {name.lower()}


@given(st.text(), st.text())
def test_a_value_is_no_template(text: str, value: str) -> None:
    template = parse(text)
    assert template.fill(lambda _: value).count(value) >= len(template.placeholders) or not value
