from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bubbled.directory.call_log.delivery import Event
from bubbled.directory.call_log.fact import mark_of
from bubbled.directory.http.port import Response, UnsentError
from bubbled.directory.kinds.rest.call_writer import RestCallWriter
from bubbled.directory.kinds.rest.departure import WatchedTransport
from bubbled.directory.kinds.rest.loading import load
from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import ConfigError, DirectoryError
from bubbled.model import Contact
from tests.directory.call_log.office import RECORD
from tests.directory.kinds.rest.carrier import Carrier, preset

PRESET = """
[[search]]
path = "/contacts"
query = { phone = "${national}" }
[search.mapping]
records = "contacts"
id = "id"
name = "name"
numbers = "phone"

[log_call]
rights = "write"
path = "/contacts/${contact_id}/calls"
body = { text = "${summary}", id = "${mark_uuid}" }
created = "id"
refused = "status == 'no'"
exists = [412]

[errors]
denied = "status == 'denied'"
busy = "status == 'busy'"
failed = "status == 'failed'"

[log_call.find]
path = "/calls"
query = { q = "${mark}" }
records = "calls"
mark = "text"
most = 3
"""


def writer(answer: Any) -> tuple[RestCallWriter, Carrier]:
    carrier = Carrier(lambda _request: answer)
    return RestCallWriter(preset(PRESET), {}, WatchedTransport(carrier), after_s=60.0), carrier


@pytest.mark.parametrize(
    ("answer", "event"),
    [
        ({"id": 7}, Event.WRITTEN),
        (Response(412), Event.WRITTEN),
        ({"status": "no"}, Event.REFUSED),
        (Response(400), Event.REFUSED),
        (Response(404), Event.REFUSED),
        (Response(422), Event.REFUSED),
        ({"status": "denied"}, Event.DENIED),
        (Response(403), Event.DENIED),
        (CredentialsError("no token"), Event.DENIED),
        ({"status": "busy"}, Event.BUSY),
        (Response(429, {"retry-after": "7"}), Event.BUSY),
        (Response(503, {"retry-after": "7"}), Event.BUSY),
        (Response(408), Event.UNSENT),
        (UnsentError("no such host"), Event.UNSENT),
        (DirectoryError("cut off"), Event.UNANSWERED),
        ({"status": "failed"}, Event.UNANSWERED),
        ({"something": "else"}, Event.UNANSWERED),
        (Response(200, {}, b"<html>"), Event.UNANSWERED),
        (Response(204), Event.UNANSWERED),
        (Response(302), Event.UNANSWERED),
        (Response(500), Event.UNANSWERED),
        (Response(503), Event.UNANSWERED),
        (Response(504), Event.UNANSWERED),
    ],
)
async def test_what_an_answer_says_is_not_made_more_of(answer: Any, event: Event) -> None:
    log, _ = writer(answer)
    assert (await log.write(RECORD)).event is event


async def test_the_request_is_that_of_the_preset() -> None:
    log, carrier = writer({"id": 7})
    await log.write(RECORD)
    (request,) = carrier.sent
    assert (request.method, request.url) == ("POST", "https://crm.example/contacts/1/calls")
    assert RECORD.mark.encode() in (request.body or b"")


async def test_the_pause_that_is_asked_for_is_told() -> None:
    log, _ = writer(Response(429, {"retry-after": "7"}))
    assert (await log.write(RECORD)).pause_s == 7.0
    log, _ = writer(BusyError("the tokens are rationed", 9.0))
    assert (await log.look(RECORD)).pause_s == 9.0


@pytest.mark.parametrize(
    ("answer", "event"),
    [
        ({"calls": [{"text": f"x\n{mark_of(RECORD.mark)}"}]}, Event.FOUND),
        ({"calls": [{"text": "x"}, {"text": RECORD.mark}]}, Event.FOUND),
        ({"calls": []}, Event.ABSENT),
        ({"calls": [{"text": "bubbled-0000000000000000"}, {"text": None}]}, Event.ABSENT),
        (Response(204), Event.ABSENT),
        ({"calls": [{"text": "a"}, {"text": None}, {}]}, Event.UNCERTAIN),
        ({"calls": None}, Event.UNCERTAIN),
        ({"others": []}, Event.UNCERTAIN),
        ({"status": "failed", "calls": []}, Event.UNCERTAIN),
        (Response(404), Event.UNCERTAIN),
        (Response(500), Event.UNCERTAIN),
        (UnsentError("no such host"), Event.UNCERTAIN),
        (CredentialsError("no token"), Event.UNCERTAIN),
    ],
)
async def test_only_a_search_that_surely_found_nothing_says_that_a_call_is_not_there(
    answer: Any, event: Event
) -> None:
    log, _ = writer(answer)
    assert (await log.look(RECORD)).event is event


async def test_without_find_nothing_can_be_told() -> None:
    text = PRESET[: PRESET.index("[log_call.find]")]
    log = RestCallWriter(preset(text), {}, Carrier(lambda _: {}), after_s=0.0)
    assert log.look_after_s is None
    assert (await log.look(RECORD)).event is Event.UNCERTAIN


async def test_a_contact_that_the_request_has_no_room_for_is_refused() -> None:
    text = PRESET.replace('text = "${summary}"', 'who = "${contact_id|integer}"')
    log = RestCallWriter(preset(text), {}, Carrier(lambda _: {"id": 1}), after_s=0.0)
    assert (await log.write(RECORD)).event is Event.WRITTEN
    assert (await log.write(replace(RECORD, contact_id="Jan"))).event is Event.REFUSED


async def test_a_right_that_lacks_is_named() -> None:
    log, _ = writer(Response(403))
    assert "besides reading, that takes write" in ((await log.write(RECORD)).reason or "")


async def test_reasons_hold_no_number_and_no_path() -> None:
    for answer in (Response(400), Response(429), Response(401), DirectoryError("crm.example cut off")):
        log, _ = writer(answer)
        reason = (await log.write(RECORD)).reason or ""
        assert "crm.example" in reason
        assert "/contacts" not in reason
        assert RECORD.number not in reason


def test_only_sorts_of_contacts_that_the_preset_knows_are_taken() -> None:
    log, _ = writer({})
    assert log.kind_of(Contact(directory="CRM", fields=(("record", "lead"),))) is None
    assert log.takes(None)
    with_kinds = PRESET.replace(
        'numbers = "phone"', 'numbers = "phone"\nfields = { record = "kind" }'
    ).replace("exists = [412]", 'exists = [412]\nkind = "record"\nkinds.lead = { lead = true }')
    log = RestCallWriter(preset(with_kinds), {}, Carrier(lambda _: {}), after_s=0.0)
    assert log.kind_of(Contact(directory="CRM", fields=(("record", "lead"),))) == "lead"
    assert (log.takes("lead"), log.takes("deal"), log.takes(None)) == (True, False, False)


def test_a_preset_that_cannot_write_calls_is_told() -> None:
    text = PRESET[: PRESET.index("[log_call]")]
    with pytest.raises(ConfigError, match="leave out log_calls"):
        RestCallWriter(preset(text), {}, Carrier(lambda _: {}), after_s=0.0)


def test_accounts_are_told_apart_by_what_the_settings_say_of_them() -> None:
    def account(preset_name: str, **variables: str) -> str:
        carrier = WatchedTransport(Carrier(lambda _request: None))
        return RestCallWriter(load(preset_name), variables, carrier, after_s=60.0).account

    assert account("hubspot", portal="1") == account("hubspot", portal="1")
    assert account("hubspot", portal="1") != account("hubspot", portal="2")
    assert account("pipedrive", company="1") != account("hubspot", portal="1")
