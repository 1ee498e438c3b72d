from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bubbled.dialing.shortcut.block import BEGIN, END, block_in, with_block, without_block

TEXTS = st.text(alphabet=st.sampled_from("ab \n\r#{}\\")).filter(lambda text: BEGIN not in text)
LINES = st.lists(st.text(alphabet="xyz #", max_size=8), max_size=3).map(tuple)


def test_our_lines_stand_at_the_end_between_marks() -> None:
    assert with_block("theirs\n", ["ours"]) == f"theirs\n# {BEGIN}\nours\n# {END}\n"
    assert with_block("theirs\n", ["ours"], "--") == f"theirs\n-- {BEGIN}\nours\n-- {END}\n"


@given(TEXTS, LINES)
@example("no line end", ("ours",))
@example("theirs\r\n", ("ours",))
@example("", ())
def test_what_goes_in_comes_out_and_leaves_the_rest_as_it_was(text: str, lines: tuple[str, ...]) -> None:
    changed = with_block(text, lines)
    assert block_in(changed) == lines
    assert without_block(changed) == text


@given(TEXTS, LINES, LINES)
def test_twice_is_once(text: str, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    assert with_block(with_block(text, before), after) == with_block(text, after)


def test_what_users_write_around_our_lines_stays() -> None:
    text = f"above\n{with_block('', ['ours'])}below\n"
    assert without_block(text) == "above\nbelow\n"
    assert with_block(text, ["new"]) == f"above\n{with_block('', ['new'])}below\n"


def test_the_line_ends_of_windows_stay() -> None:
    changed = with_block("theirs\r\n", ["ours"])
    assert "\n" not in changed.replace("\r\n", "")


@pytest.mark.parametrize(
    "damaged", [f"# {BEGIN}\nours\n", f"ours\n# {END}\n", f"# {END}\n# {BEGIN}\n", with_block("", ["a"]) * 2]
)
def test_marks_that_were_changed_are_told(damaged: str) -> None:
    for look in (block_in, without_block, lambda text: with_block(text, ["new"])):
        with pytest.raises(ValueError, match="lines of bubbled have been changed"):
            look(damaged)
