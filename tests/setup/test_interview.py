from __future__ import annotations

from dataclasses import replace

import pytest

from bubbled.model import Device
from bubbled.setup.acceptance import WrongAnswerError
from bubbled.setup.interview import Interview
from bubbled.setup.known import Certificate, Need, Reach
from bubbled.setup.question import Choice, Group, Kind
from tests.setup.talk import ANSWERS, answered, asks, known

SHOWN = Certificate("PEM", "AB:CD", ("pbx.example.com",))


def test_each_group_is_tried_as_soon_as_it_is_answered_and_before_the_next_is_asked() -> None:
    assert answered(Interview(known()), ANSWERS) == [
        "pbx.kind",
        "pbx.host",
        "try reach",
        "pbx.username",
        "pbx.secret",
        "try account",
        "me.extension",
        "try phone",
        "me.region",
        "directory.kind",
    ]


def test_with_a_sip_account_the_extension_is_asked_before_the_login_that_follows_it() -> None:
    came = answered(Interview(known()), ANSWERS | {"pbx.kind": "sip", "pbx.username": ""})
    assert came == [
        *("pbx.kind", "pbx.host", "try reach"),
        *("me.extension", "pbx.username", "pbx.secret", "try account"),
        *("me.region", "directory.kind"),
    ]


def test_the_name_of_a_sip_account_is_the_extension_unless_said_otherwise() -> None:
    interview = Interview(known())
    answered(interview, ANSWERS | {"pbx.kind": "sip"})
    assert interview.complete()["pbx.username"] == "101"


def test_a_file_is_asked_for_its_path_name_and_a_number_and_then_read() -> None:
    book = {
        "directory.kind": "file",
        "directory.path": "/home/alice/our_customers.xlsx",
        "directory.name": "",
        "try.number": "0612345678",
    }
    interview = Interview(known())
    came = answered(interview, ANSWERS | book)
    assert came[-5:] == [*book, "try contacts"]
    assert interview.complete()["directory.name"] == "Our customers"


def test_a_package_is_asked_what_its_preset_needs() -> None:
    needs = (
        Need("directory.variables.portal", "the number of your account", is_secret=False, example="1234"),
        Need("directory.secrets.key", "the token", is_secret=True),
    )
    facts = known(presets=(Choice("hubspot", "HubSpot: contacts"),), needs={"hubspot": needs})
    package = {
        "directory.kind": "rest",
        "directory.preset": "hubspot",
        "directory.variables.portal": "1234",
        "directory.secrets.key": "token",
        "directory.name": "",
        "try.number": "",
    }
    interview = Interview(facts)
    assert answered(interview, ANSWERS | package)[-7:] == [*package, "try contacts"]
    assert interview.complete()["directory.name"] == "HubSpot"


def test_who_is_asked_again_finds_the_earlier_answer_as_the_default_but_no_secret() -> None:
    interview = Interview(known())
    for text in ("ami", "pbx.example.com"):
        interview.answer(asks(interview), text)
    interview.settle(Group.REACH, interview.known)
    for text in ("bob", "wrong"):
        interview.answer(asks(interview), text)
    assert interview.next() is Group.ACCOUNT

    interview.again(Group.ACCOUNT)

    assert asks(interview).default == "bob"
    interview.answer(asks(interview), "")
    assert (asks(interview).key, asks(interview).default) == ("pbx.secret", None)


def test_the_phones_of_the_pbx_are_offered_when_it_has_none_by_that_number() -> None:
    phones = known(phones=(Device("PJSIP/desk-101"), Device("PJSIP/102")))
    interview = Interview(phones)
    answers = ANSWERS | {"me.devices": "1"}
    came = answered(interview, answers)
    assert came[came.index("me.extension") :][:3] == ["me.extension", "me.devices", "try phone"]
    assert interview.complete()["me.devices"] == "PJSIP/desk-101"


def test_another_extension_may_be_named_instead_of_one_of_those_phones() -> None:
    interview = Interview(known(phones=(Device("PJSIP/102"),)))
    reached = {**ANSWERS, "me.extension": "999"}
    while asks_key(interview) != "me.devices":
        step = interview.next()
        if isinstance(step, Group):
            interview.settle(step, interview.known)
        else:
            interview.answer(asks(interview), reached[asks(interview).key])
    interview.answer(asks(interview), "2")
    assert (asks(interview).key, asks(interview).default) == ("me.extension", "999")
    interview.answer(asks(interview), "102")
    assert interview.next() is Group.PHONE


def asks_key(interview: Interview) -> str:
    step = interview.next()
    return step.value if isinstance(step, Group) else step.key if step else ""


def test_a_certificate_that_nobody_knows_is_trusted_only_when_somebody_says_so() -> None:
    learnt = known(reach=Reach(tls_port=5039, certificate=SHOWN, plain_port=5038))
    interview = Interview(known())
    came = answered(interview, ANSWERS | {"try.certificate": "yes"}, reach=learnt)
    assert came[:4] == ["pbx.kind", "pbx.host", "try reach", "try.certificate"]
    assert interview.complete()["pbx.ca_file"] == "/home/alice/pbx-ca.pem"
    assert interview.complete()["pbx.tls"] == "yes"


def test_its_fingerprint_is_an_answer_too_and_another_is_none() -> None:
    learnt = known(reach=Reach(tls_port=5039, certificate=SHOWN))
    interview = Interview(known())
    interview.answer(asks(interview), "ami")
    interview.answer(asks(interview), "pbx.example.com")
    interview.settle(Group.REACH, learnt)
    with pytest.raises(WrongAnswerError):
        interview.answer(asks(interview), "AB:CE")
    interview.answer(asks(interview), "abcd")
    assert interview.answers["try.certificate"] == "yes"


def test_a_certificate_of_another_host_is_not_offered_to_be_trusted() -> None:
    shown = replace(SHOWN, trouble="it is not made out to pbx.example.com")
    interview = Interview(known(reach=Reach(tls_port=5039, certificate=shown, plain_port=5038)))
    interview.answer(asks(interview), "ami")
    interview.answer(asks(interview), "pbx.example.com")
    assert [choice.word for choice in asks(interview).choices] == ["plain", "other"]


def test_going_without_encryption_is_never_the_default() -> None:
    interview = Interview(known(reach=Reach(plain_port=5038)))
    interview.answer(asks(interview), "ami")
    interview.answer(asks(interview), "pbx.example.com")
    question = asks(interview)
    assert (question.key, question.default) == ("try.privacy", None)


def test_but_for_the_host_for_which_the_settings_say_so_already() -> None:
    present = {"pbx": {"host": "pbx.example.com", "tls": False}}
    for host, default in (("", "plain"), ("other.example.com", None)):
        interview = Interview(known(present, reach=Reach(plain_port=5038)))
        interview.answer(asks(interview), "ami")
        interview.answer(asks(interview), host)
        assert (asks(interview).key, asks(interview).default) == ("try.privacy", default)


def test_another_pbx_may_be_named_instead_and_is_looked_for_anew() -> None:
    interview = Interview(known())
    interview.answer(asks(interview), "ami")
    interview.answer(asks(interview), "pbx.example.com:5038")
    interview.settle(Group.REACH, known(reach=Reach(plain_port=5038)))
    interview.answer(asks(interview), "other")
    assert (asks(interview).key, asks(interview).default) == ("pbx.host", "pbx.example.com")
    interview.answer(asks(interview), "192.168.1.10")
    assert interview.next() is Group.REACH
    assert "pbx.port" not in interview.complete()


def test_this_computer_itself_may_be_reached_without_encryption_and_without_a_question() -> None:
    learnt = known(reach=Reach(plain_port=5038))
    interview = Interview(known())
    assert "try.privacy" not in answered(interview, ANSWERS | {"pbx.host": "127.0.0.1"}, reach=learnt)
    assert interview.complete()["pbx.tls"] == "no"


def test_what_is_set_already_is_the_default_and_the_secret_may_stay() -> None:
    present = {
        "me": {"extension": "103", "region": "BE"},
        "pbx": {"host": "10.0.0.1", "username": "cti", "secret": {"file": "~/secret"}},
        "directory": [{"name": "Customers"}],
    }
    interview = Interview(known(present))
    answered(interview, dict.fromkeys(ANSWERS, ""))
    assert interview.answers == {
        "pbx.kind": "ami",
        "pbx.host": "10.0.0.1",
        "pbx.username": "cti",
        "pbx.secret": "",
        "me.extension": "103",
        "me.region": "BE",
        "directory.kind": "none",
    }


def test_an_answer_that_came_before_the_question_is_given_once() -> None:
    interview = Interview(known(), {"pbx.kind": "sip", "lookup.budget_s": "5"})
    assert interview.given(asks(interview)) == "sip"
    assert interview.given(asks(interview)) is None
    interview.answer(asks(interview), "ami")
    assert interview.complete() == {"pbx.kind": "ami", "lookup.budget_s": "5"}


def test_secrets_are_asked_as_secrets() -> None:
    interview = Interview(known())
    interview.answer(asks(interview), "ami")
    interview.answer(asks(interview), "localhost")
    interview.settle(Group.REACH, interview.known)
    interview.answer(asks(interview), "")
    assert asks(interview).kind is Kind.SECRET
