from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.directory.order.answer import Answer, Asked, Reply
from bubbled.directory.order.inquiry import Inquiry
from bubbled.directory.order.memory import Remembered
from bubbled.directory.order.plan import Mode, Rules, Tier
from bubbled.directory.order.turn import Turn
from bubbled.model import Contact
from tests.directory.order.source import name_in

NOBODY: tuple[Contact, ...] = ()
NEVER = float("inf")


def known(name: str, *, probable: bool = False) -> tuple[Contact, ...]:
    return (Contact(directory=name, name=name, probable=probable),)


@dataclass(frozen=True)
class Part:
    """A directory in a play: it answers `after_s` with `matches` or, if that is given, with a failure."""

    turn: Turn
    after_s: float
    matches: tuple[Contact, ...] = NOBODY
    failure: Reply | None = None

    def asked(self) -> Asked:
        outcome = self.failure or (Reply.HIT if self.matches else Reply.MISS)
        return Asked(self.turn.directory, outcome, 1000 * self.after_s, matches=self.matches)


def part(  # noqa: PLR0913 - each test names the few that matter to it
    name: str,
    after_s: float = 0.1,
    *,
    knows: str | None = None,
    guesses: str | None = None,
    fails: Reply | None = None,
    timeout_s: float = 2.0,
    tier: int = 1,
    is_local: bool = False,
    after_errors: bool = True,
    remembered: Remembered | None = None,
) -> Part:
    turn = Turn(name, timeout_s, tier, is_local=is_local, after_errors=after_errors, remembered=remembered)
    matches = known(knows) if knows else known(guesses, probable=True) if guesses else NOBODY
    return Part(turn, after_s, matches, fails)


@dataclass
class Play:
    """How a question went: the answer, when it came, who was asked when, and what was told when."""

    answer: Answer
    at: float = 0.0
    asked: dict[str, float] = field(default_factory=dict)
    told: list[tuple[float, str | None]] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    hung: list[str] = field(default_factory=list)

    @property
    def outcomes(self) -> list[str]:
        return [f"{each.directory} {each.outcome}" for each in self.answer.trace]

    @property
    def winner(self) -> str | None:
        return name_in(self.answer)


def play(*parts: Part, rules: Rules | None = None, is_for_all: bool = False) -> Play:
    """Let directories answer in time that passes by itself."""
    inquiry = Inquiry([part.turn for part in parts], rules or Rules(), 0.0, is_for_all=is_for_all)
    now, answers, went = 0.0, dict[int, float](), Play(inquiry.answer())
    while True:
        moves = inquiry.moves(now)
        for place in moves.too_slow + moves.give_up:
            del answers[place]
            went.given_up.append(parts[place].turn.directory)
        went.hung += [parts[place].turn.directory for place in moves.too_slow]
        for place in moves.ask:
            answers[place] = now + parts[place].after_s
            went.asked[parts[place].turn.directory] = round(now, 6)
        if moves.tell is not None:
            assert moves.tell.provisional
            went.told.append((round(now, 6), name_in(moves.tell)))
        if inquiry.is_over:
            assert not answers
            went.answer, went.at = inquiry.answer(), round(now, 6)
            return went
        next_at = min([*answers.values(), moves.wake_at])
        assert next_at > now or any(at == now for at in answers.values())
        now = next_at
        for place in [place for place, at in answers.items() if at <= now]:
            del answers[place]
            inquiry.hear(place, parts[place].asked())


def in_mode(mode: Mode, stagger_s: float = 0.15) -> Rules:
    return Rules(tiers={1: Tier(mode, stagger_s)})


def test_in_parallel_all_are_asked_at_once() -> None:
    went = play(part("A", 0.3), part("B", 0.1, knows="Bob"), part("C", 0.2))
    assert went.asked == {"A": 0, "B": 0, "C": 0}
    assert (went.winner, went.at) == ("Bob", 0.3)


def test_who_stands_behind_a_match_is_given_up_even_before_it_has_won() -> None:
    went = play(part("A", 0.5), part("B", 0.1, knows="Bob"), part("C", 9))
    assert went.outcomes == ["A miss", "B hit", "C cancelled"]
    assert went.answer.trace[2].ms == pytest.approx(100)
    assert went.given_up == ["C"]


def test_staggered_each_starts_a_little_after_the_one_before() -> None:
    went = play(part("A", 0.4), part("B", 0.4), part("C", 0.1, knows="Cas"), rules=in_mode(Mode.STAGGERED))
    assert went.asked == {"A": 0, "B": 0.15, "C": 0.3}
    assert (went.winner, went.at) == ("Cas", 0.55)


def test_staggered_the_next_starts_at_once_when_the_one_before_has_missed_or_failed() -> None:
    parts = (part("A", 0.05), part("B", 0.02, fails=Reply.ERROR), part("C", 0.01))
    assert play(*parts, rules=in_mode(Mode.STAGGERED)).asked == {"A": 0, "B": 0.05, "C": 0.07}


def test_staggered_nobody_behind_a_match_is_asked() -> None:
    went = play(part("A", 0.5), part("B", 0.05, knows="Bob"), part("C"), rules=in_mode(Mode.STAGGERED))
    assert went.outcomes == ["A miss", "B hit", "C not asked"]


def test_staggered_who_may_not_be_asked_takes_no_time() -> None:
    never = Part(Turn("B", 2.0, objection="never asked about internal numbers"), 0.1)
    went = play(part("A", 1), never, part("C", 1), rules=in_mode(Mode.STAGGERED))
    assert went.asked == {"A": 0, "C": 0.15}
    assert went.outcomes == ["A miss", "B not asked", "C miss"]


def test_in_sequence_each_waits_for_the_one_before() -> None:
    parts = (part("A", 0.2), part("B", 0.3, knows="Bob"), part("C", 0.1))
    went = play(*parts, rules=in_mode(Mode.SEQUENTIAL))
    assert went.asked == {"A": 0, "B": 0.2}
    assert went.outcomes == ["A miss", "B hit", "C not asked"]


def test_a_tier_begins_when_the_one_before_it_is_through_without_a_match() -> None:
    went = play(part("A", 0.2), part("B", 0.3), part("C", 0.1, knows="Cas", tier=2))
    assert went.asked == {"A": 0, "B": 0, "C": 0.3}
    assert play(part("A", knows="Ann"), part("B", tier=2)).outcomes == ["A hit", "B not asked"]


def test_a_guess_does_not_end_a_tier() -> None:
    went = play(part("A", guesses="Acme"), part("B", knows="Bob", tier=2), part("C", tier=3))
    assert (went.winner, went.outcomes) == ("Bob", ["A hit", "B hit", "C not asked"])
    assert play(part("A", guesses="Acme"), part("B", tier=2)).winner == "Acme"


@pytest.mark.parametrize("reply", [Reply.ERROR, Reply.TIMEOUT, Reply.BREAKER, Reply.REFUSED])
def test_strangers_are_asked_only_when_all_before_them_really_missed(reply: Reply) -> None:
    google = part("G", knows="Acme", tier=9, after_errors=False)
    assert play(part("A"), part("B", tier=2), google).winner == "Acme"
    assert play(part("A"), part("B", fails=reply, tier=2), google).outcomes[-1] == "G not asked"
    assert play(part("A", guesses="Acme?"), google).winner == "Acme?"
    assert play(part("A", fails=reply), part("G", knows="Acme", tier=9)).winner == "Acme"


def test_who_may_not_be_asked_keeps_no_stranger_from_being_asked() -> None:
    never = Part(Turn("A", 2.0, objection="asked about internal numbers only"), 0.1)
    went = play(never, part("B"), part("G", knows="Acme", tier=9, after_errors=False))
    assert went.winner == "Acme"


def test_the_time_of_all_together_ends_also_in_a_later_tier() -> None:
    parts = (part("A", NEVER), part("B", NEVER, tier=2), part("C", tier=3))
    went = play(*parts, rules=Rules(budget_s=3))
    assert went.at == 3
    assert went.outcomes == ["A timeout", "B timeout", "C not asked"]
    assert [each.ms for each in went.answer.trace] == pytest.approx([2000, 1000, 0])


def test_who_is_cut_off_by_the_end_of_the_time_of_all_hangs_only_if_he_had_most_of_it() -> None:
    parts = (part("A", 0.5), part("B", NEVER, tier=2, timeout_s=3))
    assert play(*parts, rules=Rules(budget_s=3)).hung == ["B"]
    parts = (part("A", 1.5), part("B", NEVER, tier=2, timeout_s=3))
    went = play(*parts, rules=Rules(budget_s=3))
    assert (went.given_up, went.hung) == (["B"], [])


def test_a_match_is_told_early_when_its_betters_take_their_time() -> None:
    went = play(part("A", 1), part("B", 0.5, knows="Bob"), part("C", 0.1, knows="Cas"))
    assert went.told == [(0.3, "Cas"), (0.5, "Bob")]
    assert (went.winner, went.at) == ("Bob", 1)


def test_a_match_that_is_final_soon_is_not_told_before() -> None:
    assert play(part("A", 0.29), part("B", 0.1, knows="Bob")).told == []


def test_a_guess_is_told_early_while_others_may_know_the_number() -> None:
    went = play(part("A", guesses="Acme"), part("B", 1, knows="Bob"))
    assert went.told == [(0.3, "Acme")]


def remembered(name: str, *, is_fresh: bool = False) -> Remembered:
    return Remembered(known(name), is_fresh)


def test_what_is_remembered_is_told_at_once_and_what_is_fresh_not_asked_again() -> None:
    went = play(part("A", 0.2), part("B", 0.1, knows="New", remembered=remembered("Old")))
    assert went.told == [(0, "Old"), (0.1, "New")]
    assert went.winner == "New"
    went = play(part("A", 0.2), part("B", remembered=remembered("Old", is_fresh=True)))
    assert (went.winner, went.at, went.asked) == ("Old", 0.2, {"A": 0})
    assert went.answer.trace[1].cached


def test_a_fresh_match_that_is_first_needs_nobody_to_be_asked() -> None:
    went = play(part("A", remembered=remembered("Ann", is_fresh=True)), part("B"), part("C", tier=2))
    assert (went.winner, went.at, went.asked) == ("Ann", 0, {})
    assert went.outcomes == ["A hit", "B not asked", "C not asked"]


def test_a_fresh_miss_lets_the_next_tier_begin_at_once() -> None:
    went = play(part("A", remembered=Remembered(NOBODY, is_fresh=True)), part("B", knows="Bob", tier=2))
    assert (went.asked, went.winner) == ({"B": 0}, "Bob")


def test_what_is_remembered_of_a_later_tier_is_told_while_the_first_is_asked() -> None:
    went = play(part("A", 0.5), part("B", 0.1, knows="Bob", tier=2, remembered=remembered("Bob")))
    assert went.told == [(0, "Bob")]
    assert went.at == 0.6


def test_what_is_remembered_waits_for_a_directory_on_this_computer() -> None:
    went = play(part("A", 0.001, is_local=True, knows="Ann"), part("B", remembered=remembered("Bob")))
    assert (went.told, went.winner) == ([], "Ann")
    went = play(part("A", 0.001, is_local=True), part("B", remembered=remembered("Bob"), knows="Bob"))
    assert went.told == [(0.001, "Bob")]


@pytest.mark.parametrize("failure", [Reply.ERROR, Reply.TIMEOUT, Reply.BREAKER, Reply.REFUSED])
def test_what_is_remembered_stands_in_for_an_answer_that_fails(failure: Reply) -> None:
    went = play(part("A", fails=failure, remembered=remembered("Ann")), part("B", 1, knows="Bob"))
    assert went.winner == "Ann"
    assert (went.answer.trace[0].outcome, went.answer.trace[0].cached) == (failure, True)


def test_a_match_that_is_no_more_is_taken_back() -> None:
    went = play(part("A", 0.1, remembered=remembered("Ann")), part("B", 0.5))
    assert went.told == [(0, "Ann"), (0.1, None)]
    assert went.winner is None


def test_for_all_a_match_ends_nothing() -> None:
    parts = (part("A", knows="Ann"), part("B", 1, knows="Bob", tier=2), part("C", NEVER, tier=2))
    went = play(*parts, is_for_all=True)
    assert went.asked == {"A": 0, "B": 0, "C": 0}
    assert went.outcomes == ["A hit", "B hit", "C timeout"]
    assert [contact.name for contact in went.answer.matches] == ["Ann", "Bob"]
    assert (went.winner, went.told) == ("Ann", [])


# A tenth of a millisecond beside the even ones of the limits: no answer comes on the stroke of a limit, not
# even the sixth of those that wait for one another.
ANSWERS_AFTER = st.integers(0, 1500).map(lambda half: 2 * half / 1000 + 0.0001) | st.just(NEVER)
LIMITS = st.integers(1, 1500).map(lambda half: 2 * half / 1000)
PARTS = st.builds(
    lambda after_s, kind, timeout_s, tier, after_errors: (after_s, kind, timeout_s, tier, after_errors),
    ANSWERS_AFTER,
    st.sampled_from(["miss", "guess", "sure", "error"]),
    LIMITS,
    st.integers(1, 3),
    st.booleans(),
)


@given(
    st.lists(PARTS, max_size=6),
    st.builds(
        lambda budget_s, modes: Rules(
            budget_s=budget_s, tiers={tier: Tier(mode, 0.15) for tier, mode in enumerate(modes, 1)}
        ),
        LIMITS,
        st.lists(st.sampled_from(list(Mode)), min_size=3, max_size=3),
    ),
)
def test_whatever_the_times_the_first_in_order_that_matches_in_its_time_wins(
    drawn: list[tuple[float, str, float, int, bool]], rules: Rules
) -> None:
    parts = [
        part(
            str(place),
            after_s,
            knows=str(place) if kind == "sure" else None,
            guesses=str(place) if kind == "guess" else None,
            fails=Reply.ERROR if kind == "error" else None,
            timeout_s=min(timeout_s, rules.budget_s),
            tier=tier,
            after_errors=after_errors,
        )
        for place, (after_s, kind, timeout_s, tier, after_errors) in enumerate(
            sorted(drawn, key=lambda each: each[3])
        )
    ]
    went = play(*parts, rules=rules)
    assert went.at <= rules.budget_s + 1e-6
    sure_before = False
    for each, asked in zip(parts, went.answer.trace, strict=True):
        began = went.asked.get(asked.directory)
        if asked.outcome is Reply.CANCELLED:
            assert sure_before
        elif asked.outcome is Reply.NOT_ASKED:
            assert sure_before or not each.turn.after_errors or went.at >= rules.budget_s - 1e-6
        else:
            assert began is not None
            in_time = each.after_s < each.turn.timeout_s and began + each.after_s < rules.budget_s
            assert asked.outcome is (each.asked().outcome if in_time else Reply.TIMEOUT)
            sure_before = sure_before or (in_time and bool(each.matches) and not each.matches[0].probable)
    in_time_matches = [asked for asked in went.answer.trace if asked.matches]
    first = next((a for a in in_time_matches if not a.matches[0].probable), next(iter(in_time_matches), None))
    assert went.winner == (first and first.directory)
