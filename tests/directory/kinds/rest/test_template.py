from __future__ import annotations

import json
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.kinds.rest.template import fill_tree, names_in, parse, parse_tree

ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_places_are_filled_and_dollars_kept() -> None:
    template = parse("a ${one} b ${two}$$ ${one}")
    assert template.names == {"one", "two"}
    assert template.fill({"one": "1", "two": "${one}"}) == "a 1 b ${one}$ 1"


@pytest.mark.parametrize("text", ["$", "$name", "${}", "${Name}", "${a b}", "${a", "${a|}", "5 $ each"])
def test_a_dollar_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r'write "\$\$" for a dollar'):
        parse(text)


def test_an_unknown_filter_is_refused_with_the_known() -> None:
    with pytest.raises(ValueError, match='unknown filter "soql"; known are base64, first50, first2000,'):
        parse("${e164|soql}")


@pytest.mark.parametrize(
    ("template", "value", "expected"),
    [
        ("{${n|sosl}}", "+31 (0)6-{x}", r"{\+31 \(0\)6\-\{x\}}"),
        ("contains(p,'${n|odata}')", "' or 1 eq 1 or '", "contains(p,''' or 1 eq 1 or ''')"),
        ("Token ${n|base64}", "<a>ü", "Token PGE+w7w="),
    ],
)
def test_filters_escape_for_the_language_within(template: str, value: str, expected: str) -> None:
    assert parse(template).fill({"n": value}) == expected


@given(ANYTHING)
def test_a_value_stays_within_its_segment_of_an_address(value: str) -> None:
    url = parse("https://${account}.example.com/a/${id}?q=${id}#end").fill_url(
        {"account": "acme", "id": value}
    )
    parts = urlsplit(url)
    assert (parts.netloc, parts.fragment) == ("acme.example.com", "end")
    assert unquote(parts.path.removeprefix("/a/")) == value
    assert parts.path.count("/") == 2
    assert parse_qs(parts.query, keep_blank_values=True) == {"q": [value]}


@given(ANYTHING)
def test_a_value_cannot_lead_to_another_host(value: str) -> None:
    url = parse("https://${account}.example.com/").fill_url({"account": value})
    assert url.endswith(".example.com/")
    assert not set(url.removeprefix("https://").removesuffix(".example.com/")) & set("/@:?#\\")


def test_an_address_that_stands_first_is_kept() -> None:
    template = parse("${base_url}/people/${id}")
    assert (
        template.fill_url({"base_url": "https://a.example/x/", "id": "a/b"})
        == "https://a.example/x/people/a%2Fb"
    )


@given(ANYTHING)
def test_a_value_stays_within_its_text_in_json(value: str) -> None:
    tree = parse_tree({"where": [["phone", "=", "${n}"], {"deep": "<${n}>"}], "limit": 5, "all": True})
    filled = fill_tree(tree, {"n": value})
    assert json.loads(json.dumps(filled)) == {
        "where": [["phone", "=", value], {"deep": f"<{value}>"}],
        "limit": 5,
        "all": True,
    }


def test_a_number_can_be_asked_for() -> None:
    tree = parse_tree(["${user|integer}", "${user}"])
    assert fill_tree(tree, {"user": "2"}) == [2, "2"]
    with pytest.raises(ValueError, match="two"):
        fill_tree(tree, {"user": "two"})


def test_the_names_in_a_tree_are_told_in_their_order() -> None:
    assert list(names_in(parse_tree({"a": ["${x}", 1], "b": {"c": "${y} ${x}"}}))) == ["x", "y", "x"]


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="can hold text"):
        parse_tree({"at": object()})
    deep: object = "x"
    for _ in range(50):
        deep = [deep]
    with pytest.raises(ValueError, match="nested too deeply"):
        parse_tree(deep)
