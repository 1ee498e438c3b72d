from __future__ import annotations

import pytest

from bubbled.web.access.session import INVITED_S, RESTED_S, Sessions

LATER = 100.0


@pytest.fixture
def sessions() -> Sessions:
    return Sessions()


def test_an_invitation_lets_in_once(sessions: Sessions) -> None:
    token = sessions.invite(0.0)
    assert sessions.redeem(token, 1.0)
    assert not sessions.redeem(token, 1.0)


def test_an_invitation_is_good_for_a_minute(sessions: Sessions) -> None:
    in_time, late = sessions.invite(0.0), sessions.invite(0.0)
    assert sessions.redeem(in_time, INVITED_S)
    assert not sessions.redeem(late, INVITED_S + 0.1)


@pytest.mark.parametrize("guess", ["", "0", "\udcff", "x" * 100_000])
def test_a_guess_lets_nobody_in(sessions: Sessions, guess: str) -> None:
    sessions.invite(0.0)
    assert not sessions.redeem(guess, 0.0)
    assert sessions.session(guess, 0.0) is None


def test_secrets_are_long_and_never_the_same(sessions: Sessions) -> None:
    secrets = {sessions.invite(0.0) for _ in range(50)} | {sessions.begin(0.0) for _ in range(50)}
    assert len(secrets) == 100
    assert min(map(len, secrets)) >= 43  # 32 bytes in base64


def test_nothing_that_is_kept_lets_anybody_in(sessions: Sessions) -> None:
    token, cookie = sessions.invite(0.0), sessions.begin(0.0)
    kept = [*sessions._invitations, *sessions._sessions]
    assert token not in kept
    assert cookie not in kept
    assert not any(sessions.redeem(each, 0.0) or sessions.session(each, 0.0) for each in kept)


def test_each_session_has_a_proof_of_its_own(sessions: Sessions) -> None:
    mine, other = (sessions.session(sessions.begin(0.0), 0.0) for _ in range(2))
    assert mine is not None
    assert other is not None
    assert mine.csrf != other.csrf


def test_a_session_lasts_while_it_is_used(sessions: Sessions) -> None:
    cookie = sessions.begin(0.0)
    for hours in (11, 22, 33):
        assert sessions.session(cookie, hours * 3600.0)


def test_a_session_that_rests_for_twelve_hours_is_over(sessions: Sessions) -> None:
    cookie = sessions.begin(0.0)
    assert sessions.session(cookie, RESTED_S + 1) is None
    assert sessions.session(cookie, 0.0) is None


def test_a_page_that_follows_events_all_night_is_in_use(sessions: Sessions) -> None:
    cookie = sessions.begin(0.0)
    session = sessions.session(cookie, 0.0)
    assert session is not None
    session.open += 1
    assert sessions.session(cookie, 2 * RESTED_S) is session


def test_what_is_remembered_does_not_grow(sessions: Sessions) -> None:
    used = sessions.begin(0.0)
    first = sessions.begin(0.0)
    for _ in range(200):
        sessions.invite(0.0)
        sessions.begin(0.0)
        assert sessions.session(used, 0.0)
    assert (len(sessions._invitations), len(sessions._sessions)) == (50, 50)
    assert sessions.session(first, 0.0) is None
