from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bubbled.control.check import Check, Verdict
from bubbled.model import Device
from bubbled.setup.interview import Interview
from bubbled.setup.known import Certificate, Need, Reach
from bubbled.setup.paper import Paper
from bubbled.setup.question import Choice, Group
from bubbled.web.settings.setup_port import Field, Part, Way
from tests.setup.talk import known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.setup.known import Known

WELL = (Check("PBX", Verdict.OK, "there"),)
WRONG = (Check("Login", Verdict.FAILED, "refused"),)
SHEETS: Mapping[Part, Mapping[str, str]] = {
    Part.PBX: {"pbx.kind": "ami", "pbx.host": "pbx.example.com"},
    Part.ACCOUNT: {"pbx.username": "cti", "pbx.secret": "swordfish"},
    Part.PHONE: {"me.extension": "101"},
    Part.COUNTRY: {"me.region": "NL"},
    Part.CONTACTS: {"directory.kind": "none"},
}


def paper(present: Mapping[str, Any] | None = None, **facts: Any) -> Paper:
    return Paper(Interview(known(present, **facts)))


def hand_in(sheets: Paper, part: Part, sent: Mapping[str, str], learnt: Known | None = None) -> list[Group]:
    """Hand a sheet in, of which all works; gives what was tried."""
    tried = []
    assert sheets.take(part, sent) == {}
    while (group := sheets.due(part)) is not None:
        tried.append(group)
        assert sheets.tried(group, WELL, learnt or sheets.interview.known)
    return tried


def answered() -> Paper:
    """All answered, and all of it working."""
    sheets = paper()
    for part, sent in SHEETS.items():
        hand_in(sheets, part, sent)
    return sheets


def field(sheets: Paper, part: Part, key: str) -> Field:
    return next(each for each in sheets.fields(part, {}, {}) if each.key == key)


def keys(sheets: Paper, part: Part) -> list[str]:
    return [each.key for each in sheets.fields(part, {}, {})]


def opened(sheets: Paper) -> list[Part]:
    return [step.part for step in sheets.steps() if step.is_open]


def test_one_sheet_is_open_after_another_and_each_is_tried_once() -> None:
    sheets = paper()
    tried = []
    for part, sent in SHEETS.items():
        assert sheets.part() is part
        assert opened(sheets)[-1] is part
        tried += hand_in(sheets, part, sent)
    assert tried == [Group.REACH, Group.ACCOUNT, Group.PHONE]
    assert sheets.part() is Part.READY
    assert sheets.interview.complete()["pbx.secret"] == "swordfish"


def test_what_does_not_work_is_tried_again_or_kept_and_the_secret_need_not_be_typed_again() -> None:
    sheets = paper()
    hand_in(sheets, Part.PBX, SHEETS[Part.PBX])
    sheets.take(Part.ACCOUNT, SHEETS[Part.ACCOUNT])
    assert not sheets.tried(Group.ACCOUNT, WRONG, sheets.interview.known)
    assert sheets.has_failed(Part.ACCOUNT)
    assert sheets.part() is Part.ACCOUNT

    assert sheets.take(Part.ACCOUNT, {"pbx.username": "cti", "pbx.secret": ""}) == {}
    assert sheets.due(Part.ACCOUNT) is Group.ACCOUNT
    assert sheets.interview.answers["pbx.secret"] == "swordfish"
    sheets.keep(Group.ACCOUNT)
    assert not sheets.has_failed(Part.ACCOUNT)
    assert sheets.part() is Part.PHONE
    assert sheets.checks(Part.ACCOUNT) == WRONG


def test_no_secret_is_on_a_sheet() -> None:
    sheets = answered()
    secret = field(sheets, Part.ACCOUNT, "pbx.secret")
    assert (secret.value, secret.usual, secret.is_kept, secret.is_needed) == ("", "", True, False)
    refused = sheets.fields(Part.ACCOUNT, {"pbx.secret": "swordfish"}, {"pbx.username": "no"})
    assert "swordfish" not in repr(refused)


def test_another_host_has_all_that_depends_on_it_tried_anew_with_the_answers_that_were_given() -> None:
    sheets = answered()
    assert hand_in(sheets, Part.PBX, {"pbx.kind": "ami", "pbx.host": "other.example.com"}) == [Group.REACH]
    assert sheets.part() is Part.ACCOUNT
    assert field(sheets, Part.ACCOUNT, "pbx.username").value == "cti"
    assert hand_in(sheets, Part.ACCOUNT, {"pbx.username": "cti", "pbx.secret": ""}) == [Group.ACCOUNT]
    assert hand_in(sheets, Part.PHONE, SHEETS[Part.PHONE]) == [Group.PHONE]
    assert sheets.part() is Part.READY


def test_the_same_answers_once_more_try_nothing() -> None:
    sheets = answered()
    for part, sent in SHEETS.items():
        assert hand_in(sheets, part, sent) == []
    assert sheets.part() is Part.READY


def test_a_port_is_part_of_the_host_and_goes_with_it() -> None:
    sheets = paper()
    hand_in(sheets, Part.PBX, {"pbx.kind": "ami", "pbx.host": "pbx.example.com:5039"})
    assert field(sheets, Part.PBX, "pbx.host").value == "pbx.example.com:5039"
    hand_in(sheets, Part.PBX, {"pbx.kind": "ami", "pbx.host": "pbx.example.com"})
    assert "pbx.port" not in sheets.interview.complete()


def test_a_certificate_that_is_not_known_is_asked_about_and_trusted_for_that_host_alone() -> None:
    shown = Reach(tls_port=5039, certificate=Certificate("PEM", "AB:CD", ("pbx.example.com",)))
    sheets = paper()
    hand_in(sheets, Part.PBX, SHEETS[Part.PBX], known(reach=shown))
    assert sheets.part() is Part.PBX
    trust = field(sheets, Part.PBX, "try.certificate")
    assert (trust.value, trust.is_needed, [word for word, _ in trust.choices]) == ("", True, ["yes"])

    assert sheets.take(Part.PBX, SHEETS[Part.PBX]).keys() == {"try.certificate"}
    assert hand_in(sheets, Part.PBX, {**SHEETS[Part.PBX], "try.certificate": "yes"}) == []
    assert sheets.interview.complete()["pbx.ca_file"] == "/home/alice/pbx-ca.pem"
    sent = {"pbx.kind": "ami", "pbx.host": "evil.example.com", "try.certificate": "yes"}
    hand_in(sheets, Part.PBX, sent, known(reach=shown))
    assert sheets.part() is Part.PBX
    assert field(sheets, Part.PBX, "try.certificate").value == ""


def test_instead_of_trusting_a_certificate_another_host_can_be_named() -> None:
    shown = Reach(tls_port=5039, certificate=Certificate("PEM", "AB:CD", trouble="it is not made out to it"))
    sheets = paper()
    hand_in(sheets, Part.PBX, SHEETS[Part.PBX], known(reach=shown))
    assert field(sheets, Part.PBX, "try.certificate").choices == ()
    reached = known(reach=Reach(tls_port=5039))
    assert hand_in(sheets, Part.PBX, {"pbx.kind": "ami", "pbx.host": "other.example.com"}, reached) == [
        Group.REACH
    ]
    assert sheets.part() is Part.ACCOUNT


def test_another_extension_forgets_the_phone_that_was_chosen_for_the_one_before() -> None:
    phones = (Device("PJSIP/101"), Device("PJSIP/102"))
    sheets = paper(phones=phones)
    hand_in(sheets, Part.PBX, SHEETS[Part.PBX])
    hand_in(sheets, Part.ACCOUNT, SHEETS[Part.ACCOUNT])
    assert keys(sheets, Part.PHONE) == ["me.extension"]
    hand_in(sheets, Part.PHONE, {"me.extension": "999"})
    assert [word for word, _ in field(sheets, Part.PHONE, "me.devices").choices] == list(phones)
    hand_in(sheets, Part.PHONE, {"me.extension": "999", "me.devices": "PJSIP/102"})
    assert sheets.part() is Part.COUNTRY
    hand_in(sheets, Part.PHONE, {"me.extension": "101", "me.devices": "PJSIP/102"})
    assert "me.devices" not in sheets.interview.complete()


def test_another_kind_of_address_book_takes_nothing_of_the_one_before_along() -> None:
    sheets = answered()
    hand_in(sheets, Part.CONTACTS, {"directory.kind": "file"})
    assert sheets.part() is Part.CONTACTS
    book = {"directory.path": "/home/alice/our.csv", "directory.name": "", "try.number": ""}
    assert hand_in(sheets, Part.CONTACTS, {"directory.kind": "file", **book}) == [Group.CONTACTS]
    assert sheets.interview.complete()["directory.name"] == "Our"
    hand_in(sheets, Part.CONTACTS, {"directory.kind": "none", **book})
    assert sheets.part() is Part.READY
    assert "directory.path" not in sheets.interview.complete()


def test_a_package_is_chosen_from_a_list_and_brings_its_questions() -> None:
    presets = tuple(Choice(f"crm{number}", f"CRM {number}: one") for number in range(20))
    needs = {"crm3": (Need("directory.variables.host", "your host", is_secret=False),)}
    sheets = Paper(Interview(known(presets=presets, needs=needs)))
    sheets.take(Part.CONTACTS, {"directory.kind": "rest"})
    assert field(sheets, Part.CONTACTS, "directory.preset").way is Way.LIST
    sheets.take(Part.CONTACTS, {"directory.kind": "rest", "directory.preset": "crm3"})
    assert "directory.variables.host" in keys(sheets, Part.CONTACTS)


def test_without_an_account_there_is_no_sheet_for_the_phone() -> None:
    sheets = paper()
    hand_in(sheets, Part.PBX, {"pbx.kind": "sip", "pbx.host": "pbx.example.com"})
    assert Part.PHONE not in [step.part for step in sheets.steps()]
    assert keys(sheets, Part.ACCOUNT) == ["me.extension", "pbx.username", "pbx.secret"]
    assert sheets.following(Part.ACCOUNT) is Part.COUNTRY


def test_what_cannot_be_meant_is_said_at_its_question_and_changes_nothing() -> None:
    sheets = answered()
    mistakes = sheets.take(Part.PBX, {"pbx.kind": "telepathy", "pbx.host": ""})
    assert mistakes.keys() == {"pbx.kind", "pbx.host"}
    assert sheets.interview.complete()["pbx.host"] == "pbx.example.com"
    assert sheets.part() is Part.READY


def test_present_settings_stand_on_the_sheets_and_their_secret_stays() -> None:
    present = {
        "me": {"extension": "102", "region": "BE"},
        "pbx": {"host": "old.example.com", "username": "me", "secret": "old one"},
    }
    sheets = paper(present)
    values = {each.key: each.value for part in SHEETS for each in sheets.fields(part, {}, {})}
    assert values["pbx.host"] == "old.example.com"
    assert values["pbx.username"] == "me"
    assert values["me.extension"] == "102"
    assert values["me.region"] == "BE"
    assert field(sheets, Part.ACCOUNT, "pbx.secret").is_kept
    assert "old one" not in repr(values)


def test_answers_that_came_before_the_questions_stand_on_the_sheets() -> None:
    sheets = Paper(Interview(known(), {"pbx.host": "given.example.com", "pbx.secret": "swordfish"}))
    assert field(sheets, Part.PBX, "pbx.host").value == "given.example.com"
    secret = field(sheets, Part.ACCOUNT, "pbx.secret")
    assert (secret.value, secret.is_kept) == ("", True)
    hand_in(sheets, Part.PBX, {"pbx.kind": "ami", "pbx.host": "given.example.com"})
    hand_in(sheets, Part.ACCOUNT, {"pbx.username": "cti", "pbx.secret": ""})
    assert sheets.interview.complete()["pbx.secret"] == "swordfish"
