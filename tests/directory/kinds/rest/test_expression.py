from __future__ import annotations

import pytest

from bubbled.directory.kinds.rest.expression import compile_expression


def test_what_is_there_is_found_and_what_is_not_is_none() -> None:
    record = {"phones": [{"value": "1"}, {"value": "2"}, {}], "name": "Jan"}
    assert compile_expression("phones[].value").find(record) == ["1", "2"]
    assert compile_expression("phones[0].value").find(record) == "1"
    assert compile_expression("mobile.value").find(record) is None


def test_what_cannot_be_applied_finds_nothing() -> None:
    for text in ("join(', ', name)", "sort_by(phones, &value)", "phones[::0]", "length(missing)"):
        assert compile_expression(text).find({"phones": [{"value": 1}, {"value": "a"}], "name": 5}) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [("a..b", "at character 3"), ("a[", "at its end"), ("a b", "at character 3"), ("", "at its end")],
)
def test_a_mistake_is_told_with_its_place(text: str, place: str) -> None:
    with pytest.raises(ValueError, match=f"is no JMESPath expression: .* goes wrong {place}"):
        compile_expression(text)


def test_an_unknown_function_is_told_before_it_is_called() -> None:
    with pytest.raises(ValueError, match='uses "lower", which is no function'):
        compile_expression("a && [lower(b)]")


def test_an_endless_expression_is_refused() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        compile_expression("(" * 50_000)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("a.b[0].c", {"a"}),
        ("a[].b || c", {"a", "c"}),
        ("!a && b", {"a", "b"}),
        ("join(' ', [a.x, b])", {"a", "b"}),
        ('"@odata.nextLink"', {"@odata.nextLink"}),
        ("kind != 'x' && name", {"kind", "name"}),
    ],
)
def test_the_keys_that_are_looked_for_first_are_known(text: str, keys: set[str]) -> None:
    assert compile_expression(text).first_keys == keys
