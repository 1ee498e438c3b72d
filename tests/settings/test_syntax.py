import tomllib

import pytest

from bubbled.settings.syntax import syntax_mistake


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[me]\nextension = PJSIP/101", 2, "needs quotes"),
        ('[me]\nname = "Alice\nregion = "NL"', 2, "a quote is missing"),
        ("[me]\nname = 'x\n", 2, "a quote is not closed"),
        ("[me]\nname = 'x\nregion = 'NL'", 2, "a quote is missing"),
        ("[me\nx = 1", 1, "a bracket"),
        ("a = { b = 1, b = 2 }", 1, "twice"),
        ("a = { b = 1", 1, "a bracket is not closed"),
        ("a = [1 2]", 1, "a comma missing"),
        ("a.b = 1\n[a]", 2, "twice"),
        ("a = { b.c = 1 }\na.b.d = 1", 2, "complete already"),
        ('a = "\\uzzzz"', 1, "backslash"),
        ('a = "x', 1, "a quote is not closed"),
        ("a = 1\na = 2\nb = 3", 2, "twice"),
        ("[a]\nb = 1\n[a]\n", 3, "twice"),
        ("a = [1,\n2\n\n", 2, "the file ends here"),
        ("a = 'x' 'y'", 1, "only one key"),
        ('a = "C:\\path"', 1, "backslash"),
        ("a", 1, "needs = and a value"),
        ("= 1", 1, "[a section]"),
        ("ä = 1", 1, ""),
        (f"a = {'1' * 5000}", None, "too long"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(text: str, line: int | None, words: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - tomllib's words differ from version to version
        tomllib.loads(text)
    mistake = syntax_mistake(str(refused.value), text)
    assert mistake.line == line
    assert words in mistake.text


def test_words_of_a_later_tomllib_are_not_repeated() -> None:
    mistake = syntax_mistake("Something about hunter2 (at line 3, column 4)", "")
    assert (mistake.line, mistake.text) == (3, "column 4: this is not TOML")
