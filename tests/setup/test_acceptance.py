from __future__ import annotations

import pytest

from bubbled.setup.acceptance import WrongAnswerError, accept
from bubbled.setup.question import Choice, Group, Kind, Question
from tests.setup.talk import known

KINDS = Question(
    key="directory.kind",
    group=Group.CONTACTS,
    text="",
    kind=Kind.CHOICE,
    choices=(Choice("file", ""), Choice("carddav", ""), Choice("none", "")),
)
PATH = Question(key="directory.path", group=Group.CONTACTS, text="", kind=Kind.PATH)


def text(key: str, default: str | None = None) -> Question:
    return Question(key=key, group=Group.REACH, text="", default=default)


def said(question: Question, answer: str, **before: str) -> dict[str, str]:
    return accept(question, answer, before, known(folder="/home/alice"))


def test_nothing_means_the_default_and_is_refused_without_one() -> None:
    assert said(text("pbx.username", "bubbled"), " ") == {"pbx.username": "bubbled"}
    assert said(text("try.number", ""), "") == {"try.number": ""}
    with pytest.raises(WrongAnswerError, match="needed"):
        said(text("pbx.host"), "")


@pytest.mark.parametrize("answer", ["2", "carddav", "card", "CARDDAV"])
def test_a_choice_is_meant_by_its_number_its_word_or_its_beginning(answer: str) -> None:
    assert said(KINDS, answer) == {"directory.kind": "carddav"}


@pytest.mark.parametrize("answer", ["0", "4", "99999999999999999999", "²", "csvv", "\x1b[2J"])
def test_anything_else_is_no_choice_and_is_not_repeated_to_the_terminal(answer: str) -> None:
    with pytest.raises(WrongAnswerError, match="from 1 to 3") as refused:
        said(KINDS, answer)
    assert "\x1b" not in str(refused.value)


def test_a_kind_that_only_a_file_of_answers_can_give_is_taken() -> None:
    assert said(KINDS, "sql") == {"directory.kind": "sql"}


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("pbx.example.com:5999", {"pbx.host": "pbx.example.com", "pbx.port": "5999"}),
        ("[2001:db8::1]:5038", {"pbx.host": "2001:db8::1", "pbx.port": "5038"}),
        ("2001:db8::1", {"pbx.host": "2001:db8::1"}),
        ("  192.168.1.10 ", {"pbx.host": "192.168.1.10"}),
    ],
)
def test_a_port_may_stand_behind_the_host(answer: str, meant: dict[str, str]) -> None:
    assert said(text("pbx.host"), answer) == meant


@pytest.mark.parametrize("answer", ["https://pbx", "a b", "pbx:99999", "-x", "pbx\r\nAction: Logoff"])
def test_what_is_no_host_is_refused_with_what_would_be_right(answer: str) -> None:
    with pytest.raises(WrongAnswerError, match="must"):
        said(text("pbx.host"), answer)


@pytest.mark.parametrize("answer", ["nl", "NL", "Nederland", "netherlands"])
def test_a_country_is_meant_by_its_letters_or_its_name(answer: str) -> None:
    assert said(text("me.region"), answer) == {"me.region": "NL"}


@pytest.mark.parametrize("answer", ["Atlantis", "XX", "UK"])
def test_what_is_no_country_is_refused(answer: str) -> None:
    with pytest.raises(WrongAnswerError):
        said(text("me.region"), answer)


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        ("customers.csv", "/home/alice/customers.csv"),
        ("../bob/c.csv", "/home/bob/c.csv"),
        ("~/c.csv", "~/c.csv"),
        ("'/srv/our customers.csv'", "/srv/our customers.csv"),
        ('"/srv/a b.csv"', "/srv/a b.csv"),
        ("/srv/it's.csv", "/srv/it's.csv"),
        ("'", "/home/alice/'"),
        ("file:///srv/a%20b.csv", "/srv/a b.csv"),
    ],
)
def test_a_path_is_taken_as_shells_and_file_managers_hand_it_over(answer: str, meant: str) -> None:
    assert said(PATH, answer, **{"directory.kind": "file"}) == {"directory.path": meant}


def test_a_path_with_a_line_break_in_it_is_refused() -> None:
    with pytest.raises(WrongAnswerError, match="line breaks"):
        said(PATH, "/srv/a\nb.csv", **{"directory.kind": "file"})


def test_a_secret_is_taken_to_the_letter_and_never_repeated() -> None:
    question = Question(key="pbx.secret", group=Group.ACCOUNT, text="", kind=Kind.SECRET)
    assert said(question, " sword fish ") == {"pbx.secret": " sword fish "}
    with pytest.raises(WrongAnswerError) as refused:
        said(question, "sword\x00fish")
    assert "sword" not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "key", "answer"),
    [
        ("carddav", "directory.url", "http://cloud.example.com"),
        ("carddav", "directory.url", "https://me:secret@cloud.example.com"),
        ("ldap", "directory.url", "https://ldap.example.com"),
    ],
)
def test_an_address_is_held_against_what_its_kind_of_directory_takes(
    kind: str, key: str, answer: str
) -> None:
    with pytest.raises(WrongAnswerError):
        said(text(key), answer, **{"directory.kind": kind})


@pytest.mark.parametrize("answer", ["10 1", "101\r\nx", "a" * 10_000 + "/", "PJSIP/101"])
def test_what_is_no_extension_is_refused(answer: str) -> None:
    with pytest.raises(WrongAnswerError):
        said(text("me.extension"), answer)
