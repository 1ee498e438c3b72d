from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.order.answer import Asked, Reply
from bubbled.directory.order.decision import is_sure, winner
from bubbled.model import Contact

NOBODY: tuple[Contact, ...] = ()
SURE, GUESS = (Contact(directory="x"),), (Contact(directory="x", probable=True),)


def asked(place: int, matches: tuple[Contact, ...]) -> Asked:
    return Asked(str(place), Reply.HIT if matches else Reply.MISS, 0, matches=matches)


def test_the_first_in_order_wins_and_a_guess_only_when_nobody_is_sure() -> None:
    for matches, expected in (
        ([NOBODY, SURE, SURE], "1"),
        ([GUESS, NOBODY, SURE], "2"),
        ([NOBODY, GUESS, GUESS], "1"),
        ([NOBODY, NOBODY], None),
        ([], None),
    ):
        best = winner([asked(place, each) for place, each in enumerate(matches)])
        assert (best and best.directory) == expected


@given(st.lists(st.sampled_from([None, NOBODY, GUESS, SURE]), max_size=6))
def test_whatever_those_behind_a_sure_match_say_cannot_change_the_winner(
    heard: list[tuple[Contact, ...] | None],
) -> None:
    trace = [None if matches is None else asked(place, matches) for place, matches in enumerate(heard)]
    sure = next((place for place, each in enumerate(trace) if each is not None and is_sure(each)), None)
    if sure is None or None in trace[:sure]:
        return
    early, behind = winner(trace), [place for place in range(len(trace)) if trace[place] is None]
    for said in product([NOBODY, GUESS, SURE], repeat=len(behind)):
        late = dict(zip(behind, said, strict=True))
        assert winner([each or asked(place, late[place]) for place, each in enumerate(trace)]) == early
