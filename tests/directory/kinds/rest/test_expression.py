from __future__ import annotations

import json

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


def test_a_value_that_python_has_no_answer_for_is_none() -> None:
    endless = json.loads('{"at": 1e999, "name": "Jan"}')
    for text in ("ceil(at)", "floor(at)", "contains(name, &a)"):
        assert compile_expression(text).find(endless) is None


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


@pytest.mark.parametrize("text", ["(" * 50_000, "a||" * 20_000 + "a", "a|" * 20_000 + "a"])
def test_an_endless_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        compile_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "|".join(["[@, @][]"] * 30),
        "|".join(["{a: @, b: @}.[a, b]"] * 30),
        "join('', [" * 30 + "@" + "])" * 30,
        "to_string([" * 30 + "@" + "])" * 30,
        "a[?" + ".".join(["[@, @]"] * 30) + " == 'b']",
    ],
)
def test_an_expression_that_makes_much_of_little_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="repeats what it finds too often"):
        compile_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "join(' ', not_null(a.b, c, [d, e, f])) || g.h || sort_by(i, &j)[-1].k",
        "[first, middle, last, [home, work, mobile][]] | [?@ != '']",
        "max_by(activities[?done], &at).at | to_string(@)",
    ],
)
def test_what_presets_need_is_taken(text: str) -> None:
    assert compile_expression(text).text == text


def test_texts_are_joined_by_a_few_signs() -> None:
    joined = compile_expression("join(glue, texts)")
    assert joined.find({"glue": ", ", "texts": ["a", "b"]}) == "a, b"
    assert joined.find({"glue": "x" * 1000, "texts": ["a", "b"]}) is None


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
