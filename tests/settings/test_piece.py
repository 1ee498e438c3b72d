from hypothesis import given
from hypothesis import strategies as st

from bubbled.settings.piece import pieces_of

TEXTS = st.lists(
    st.sampled_from(['secret = "', "'", '"""', "{", "}", "[", "]", "=", ",", "#", "\n", "\r\n", "host", "x"])
).map("".join)


@given(st.one_of(TEXTS, st.text()))
def test_together_the_pieces_are_the_text(text: str) -> None:
    assert "".join(piece.text for piece in pieces_of(text)) == text


@given(TEXTS)
def test_nothing_that_is_hidden_goes_over_the_end_of_a_line(text: str) -> None:
    assert not [piece for piece in pieces_of(text) if not piece.fate.is_shown and "\n" in piece.text]


def test_what_stands_by_a_key_that_is_known_as_harmless_is_open_and_a_secret_is_not() -> None:
    found = {piece.text: piece.fate.is_shown for piece in pieces_of('host = "a"\nsecret = "b"\nodd = "c"')}
    assert (found["a"], found["b"], found["c"]) == (True, False, False)
