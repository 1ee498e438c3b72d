"""The same cases for every preset that writes calls, each against a fake of its provider."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.call_log.delivery import Stage
from bubbled.directory.call_log.fact import mark_of
from bubbled.directory.call_log.record import Result
from bubbled.model import Direction
from tests.directory.call_log.crm import LOGGING, logging_into
from tests.directory.call_log.office import BEGAN, RECORD
from tests.directory.fakes.base import Person, Trouble
from tests.directory.fakes.hubspot import HubSpot
from tests.directory.kinds.rest.account import ACCOUNTS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.directory.kinds.rest.account import Account

JAN = Person("1", "Jan Jansen", "Bakkerij", mobile="+31612345678")
LEA = Person("1", "Lea", mobile="+31612345678", is_lead=True)
BAKERY = Person("1", "Bakkerij", phone="+31612345678", is_company=True)
WITH_LEADS = ("salesforce", "zoho", "dynamics365", "espocrm")
HOSTILE = (
    """</b>"><script>alert('x')</script> ${note} {{7*7}} %00 \\ '; DROP TABLE-- \u202eabc & ü 漢\nnext"""
)

every_preset = pytest.mark.parametrize("account", LOGGING, ids=lambda account: account.preset)


@every_preset
async def test_a_call_is_written_once_with_whom_when_and_how_long(account: Account, tmp_path: Path) -> None:
    async with logging_into(account, tmp_path) as crm:
        record = await crm.a_record_of(JAN)
        assert await crm.deliver(record) is Stage.WRITTEN
        assert await crm.deliver(in_s=24 * 3600) is Stage.WRITTEN
        (logged,) = crm.logged
        assert logged.contact == crm.fake.id_of(JAN)
    assert (logged.direction or "Inbound").lower() == "inbound"
    assert logged.duration_s in {None, 62}
    if logged.began is not None:
        assert abs(logged.began - BEGAN) < timedelta(minutes=1)
    assert logged.text.splitlines() == [
        "Wants 20 more",
        "Call from Jan Jansen (+31612345678)",
        "Talked for 1:02 min",
        "Taken by Alice",
        mark_of(RECORD.mark),
    ]


@every_preset
async def test_calls_in_all_directions_are_taken(account: Account, tmp_path: Path) -> None:
    async with logging_into(account, tmp_path) as crm:
        outbound = await crm.a_record_of(JAN, direction=Direction.OUTBOUND)
        assert await crm.deliver(outbound) is Stage.WRITTEN
        assert (crm.logged[0].direction or "Outbound").lower() == "outbound"
    async with logging_into(account, tmp_path / "missed") as crm:
        missed = await crm.a_record_of(JAN, result=Result.MISSED, duration_s=0)
        assert await crm.deliver(missed) is Stage.WRITTEN
        assert (crm.logged[0].direction or "Missed").lower() in {"inbound", "missed"}
        assert crm.logged[0].duration_s in {None, 0}


@pytest.mark.parametrize(
    ("account", "person"),
    [
        *((account, LEA) for account in LOGGING if account.preset in WITH_LEADS),
        *((account, BAKERY) for account in LOGGING if account.has_companies),
    ],
    ids=lambda it: it.name if isinstance(it, Person) else it.preset,
)
async def test_calls_with_leads_and_companies_are_taken_too(
    account: Account, person: Person, tmp_path: Path
) -> None:
    async with logging_into(account, tmp_path) as crm:
        assert await crm.deliver(await crm.a_record_of(person)) is Stage.WRITTEN
        assert [each.contact for each in crm.logged] == [crm.fake.id_of(person)]


@every_preset
async def test_a_hostile_note_and_name_arrive_as_they_are(account: Account, tmp_path: Path) -> None:
    async with logging_into(account, tmp_path) as crm:
        record = await crm.a_record_of(JAN, note=HOSTILE, contact_name=HOSTILE.replace("\n", " "))
        assert await crm.deliver(record) is Stage.WRITTEN
        assert crm.logged[0].text.startswith(HOSTILE + "\n")


@every_preset
async def test_a_call_that_was_stored_without_an_answer_is_not_stored_again(
    account: Account, tmp_path: Path
) -> None:
    async with logging_into(account, tmp_path) as crm:
        record = await crm.a_record_of(JAN)
        crm.fake.trouble = Trouble.STORED_UNANSWERED
        assert await crm.deliver(record) is Stage.DOUBTFUL
        crm.fake.trouble = None
        assert await crm.deliver(in_s=crm.late_s - 1) is Stage.DOUBTFUL
        assert await crm.deliver(in_s=1) is Stage.WRITTEN
        assert len(crm.logged) == 1


@every_preset
async def test_a_call_that_was_lost_on_the_way_is_stored_in_the_end_once(
    account: Account, tmp_path: Path
) -> None:
    async with logging_into(account, tmp_path) as crm:
        record = await crm.a_record_of(JAN)
        crm.fake.trouble = Trouble.NOT_STORED
        assert await crm.deliver(record) is Stage.DOUBTFUL
        crm.fake.trouble = None
        assert await crm.deliver(in_s=crm.late_s) is Stage.WAITING
        assert await crm.deliver(in_s=3600) is Stage.WRITTEN
        assert await crm.deliver(in_s=3600) is Stage.WRITTEN
        assert len(crm.logged) == 1


@pytest.mark.parametrize("trouble", [Trouble.CUT, Trouble.HTML, Trouble.BROKEN])
@every_preset
async def test_an_answer_that_tells_nothing_is_a_doubt_that_is_settled_by_looking(
    account: Account, trouble: Trouble, tmp_path: Path
) -> None:
    async with logging_into(account, tmp_path) as crm:
        record = await crm.a_record_of(JAN)
        crm.fake.trouble = trouble
        assert await crm.deliver(record) is Stage.DOUBTFUL
        assert await crm.deliver(in_s=crm.late_s) is Stage.DOUBTFUL  # nor does the search work
        crm.fake.trouble = None
        assert await crm.deliver(in_s=3600) is Stage.WAITING
        assert await crm.deliver(in_s=3600) is Stage.WRITTEN
        assert len(crm.logged) == 1


@every_preset
async def test_a_wish_for_a_pause_is_granted(account: Account, tmp_path: Path) -> None:
    async with logging_into(account, tmp_path) as crm:
        record = await crm.a_record_of(JAN)
        crm.fake.trouble = Trouble.LIMITED
        assert await crm.deliver(record) is Stage.WAITING
        asked = len(crm.fake.requests)
        assert await crm.deliver(in_s=max(0, (account.pause_s or 0) - 1)) is Stage.WAITING
        assert len(crm.fake.requests) == asked
        crm.fake.trouble = None
        assert await crm.deliver(in_s=60) is Stage.WRITTEN
        assert len(crm.logged) == 1


@every_preset
async def test_an_account_that_is_refused_keeps_its_calls_till_it_works(
    account: Account, tmp_path: Path
) -> None:
    async with logging_into(account, tmp_path) as crm:
        record = await crm.a_record_of(JAN)
        crm.fake.trouble = Trouble.EXPIRED
        assert await crm.deliver(record) is Stage.WAITING
        (entry,) = crm.courier.ledger.entries
        assert "does not accept our account" in (entry.delivery.reason or "")
        crm.fake.trouble = None
        assert await crm.deliver(in_s=3600) is Stage.WRITTEN
        assert len(crm.logged) == 1


@pytest.mark.parametrize(
    "account",
    [account for account in LOGGING if "client_id" in account.variables],
    ids=lambda account: account.preset,
)
async def test_a_token_that_ran_out_is_renewed_on_the_way(account: Account, tmp_path: Path) -> None:
    async with logging_into(account, tmp_path) as crm:
        record = await crm.a_record_of(JAN)
        crm.fake.oauth.expire()  # type: ignore[attr-defined]  # of those that give out tokens
        assert await crm.deliver(record) is Stage.WRITTEN
        assert len(crm.logged) == 1


async def test_a_token_that_cannot_be_had_is_no_doubt_about_the_call(tmp_path: Path) -> None:
    (zoho,) = (account for account in LOGGING if account.preset == "zoho")
    async with logging_into(zoho, tmp_path) as crm:
        record = await crm.a_record_of(JAN)
        crm.fake.oauth.expire()  # type: ignore[attr-defined]  # Zoho's
        crm.fake.oauth.is_revoked = True  # type: ignore[attr-defined]  # the same
        assert await crm.deliver(record) is Stage.WAITING
        crm.fake.oauth.is_revoked = False  # type: ignore[attr-defined]  # the same
        assert await crm.deliver(in_s=60) is Stage.WRITTEN


async def test_a_search_that_knows_new_records_late_makes_no_second_one(tmp_path: Path) -> None:
    (hubspot,) = (account for account in LOGGING if account.preset == "hubspot")
    async with logging_into(hubspot, tmp_path) as crm:
        assert isinstance(crm.fake, HubSpot)
        record = await crm.a_record_of(JAN)
        crm.fake.trouble, crm.fake.is_late = Trouble.STORED_UNANSWERED, True
        assert await crm.deliver(record) is Stage.DOUBTFUL
        crm.fake.trouble = None
        for _ in range(5):
            assert await crm.deliver(in_s=100) is Stage.DOUBTFUL
        crm.fake.is_late = False
        assert await crm.deliver(in_s=100) is Stage.WRITTEN
        assert len(crm.logged) == 1


async def test_an_id_that_is_taken_tells_that_the_call_is_there(tmp_path: Path) -> None:
    (dynamics,) = (account for account in LOGGING if account.preset == "dynamics365")
    async with logging_into(dynamics, tmp_path) as crm:
        record = await crm.a_record_of(JAN)
        assert (await crm.writer.write(record)).event == "written"
        assert (await crm.writer.write(record)).event == "written"
        assert len(crm.logged) == 1


@pytest.mark.parametrize("preset", ["salesforce", "odoo-json2", "odoo-jsonrpc"])
async def test_a_contact_that_is_gone_is_told_and_not_tried_again(preset: str, tmp_path: Path) -> None:
    (account,) = (account for account in ACCOUNTS if account.preset == preset)
    async with logging_into(account, tmp_path) as crm:
        record = await crm.a_record_of(JAN)
        crm.fake.people.clear()
        assert await crm.deliver(record) is Stage.REFUSED
        (entry,) = crm.courier.ledger.entries
        assert entry.delivery.reason is not None
        assert "+31612345678" not in entry.delivery.reason
        assert await crm.deliver(in_s=24 * 3600) is Stage.REFUSED


async def test_moments_are_told_in_utc_where_a_provider_wants_that(tmp_path: Path) -> None:
    (espo,) = (account for account in LOGGING if account.preset == "espocrm")
    async with logging_into(espo, tmp_path) as crm:
        await crm.deliver(await crm.a_record_of(JAN))
        assert crm.fake.logged[0]["dateStart"] == f"{BEGAN.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
