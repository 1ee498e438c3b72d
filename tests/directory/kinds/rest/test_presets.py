"""The same cases for every preset, each against a fake of its provider."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from bubbled.directory.kinds.rest import loading
from bubbled.directory.notation import Notation, write
from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError
from bubbled.model import E164
from tests.directory.fakes.base import Person, Trouble
from tests.directory.kinds.rest.account import ACCOUNTS, EVERY, Account, Opened, opened

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = E164("+31612345678")
ABSENT = E164("+31201234567")
JAN = Person("1", "Jan van der Berg", "Bakkerij Jansen", mobile="06-12345678", email="jan@example.com")
HOSTILE = (
    """</b>"><script>alert('x')</script> ${e164} {{7*7}} %00 \\u0000 \\ '; DROP TABLE-- """
    "\u202eabc \r\n# ü 漢"
)

pytestmark = pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.preset)


async def names(crm: Opened, number: E164 = NUMBER) -> list[str]:
    return [contact.name or contact.company or "" for contact in await crm.find(number)]


async def test_a_number_is_found_in_every_notation_that_the_provider_can_find(
    account: Account, tmp_path: Path
) -> None:
    async with opened(account, tmp_path) as crm:
        for written in EVERY:
            crm.fake.people[:] = [
                Person("1", "Jan", mobile=written),
                Person("2", "Piet", mobile="06-87654321"),
            ]
            assert (written, await names(crm)) == (written, ["Jan"] if written in account.finds else [])


async def test_a_work_number_is_found_as_well(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        crm.fake.people[:] = [Person("1", "Jan", phone="0201234567")]
        assert await names(crm, ABSENT) == ["Jan"]


async def test_what_only_looks_like_the_number_is_dropped(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        crm.fake.people[:] = [
            Person("1", "Abroad", mobile="+49612345678"),
            Person("2", "Longer", mobile="06123456789"),
            Person("3", "Other", mobile="0612345679", phone="0201234568"),
        ]
        assert await names(crm) == []


async def test_who_is_unknown_is_nobody(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        assert await names(crm) == []
        crm.fake.people[:] = [JAN]
        assert await names(crm, ABSENT) == []


async def test_a_contact_comes_with_company_id_page_and_fields(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        crm.fake.people[:] = [Person("1", "Jan Jansen", "Bakkerij", mobile=account.finds[0], city="Utrecht")]
        (jan,) = await crm.find(NUMBER)
        assert (jan.directory, jan.name, jan.company) == ("CRM", "Jan Jansen", "Bakkerij")
        assert jan.id == crm.fake.id_of(crm.fake.people[0])
        assert (jan.url or "").removeprefix(crm.fake.url) == account.page


async def test_of_several_persons_come_before_companies_and_the_latest_contact_first(
    account: Account, tmp_path: Path
) -> None:
    written = account.finds[0]
    shop = Person("1", "Shop", phone=written, is_company=True, last_contact="2026-11-01T00:00:00Z")
    old = Person("2", "Old", phone=written, last_contact="2025-01-01T00:00:00Z")
    new = Person("3", "New", phone=written, last_contact="2026-06-01T00:00:00Z")
    async with opened(account, tmp_path) as crm:
        crm.fake.people[:] = [shop, old, new] if account.has_companies else [old, new]
        found = await names(crm)
    assert found[:2] == ["New", "Old"] if account.has_last_contact else sorted(found[:2]) == ["New", "Old"]
    assert found[2:] == (["Shop"] if account.has_companies else [])


async def test_wrong_secrets_are_told_as_such_and_not_repeated(account: Account, tmp_path: Path) -> None:
    wrong = dict.fromkeys(loading.load(account.preset).secrets, "wrong-secret")
    async with opened(account, tmp_path, wrong) as crm:
        with pytest.raises(CredentialsError) as error:
            await crm.find(NUMBER)
    assert_tells_nothing(error.value)


async def test_an_account_that_is_no_longer_good_is_told_as_such(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        crm.fake.trouble = Trouble.EXPIRED
        with pytest.raises(CredentialsError) as error:
            await crm.find(NUMBER)
        assert_tells_nothing(error.value)
        crm.fake.trouble = None
        assert await names(crm) == []


async def test_too_many_questions_are_a_wish_for_a_pause(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        crm.fake.trouble = Trouble.LIMITED
        with pytest.raises(BusyError) as error:
            await crm.find(NUMBER)
    assert error.value.retry_after_s == account.pause_s
    assert_tells_nothing(error.value)


@pytest.mark.parametrize(
    "trouble", [Trouble.BROKEN, Trouble.HTML, Trouble.CUT, Trouble.HUGE], ids=lambda trouble: trouble.name
)
async def test_no_answer_is_an_error_in_one_line_and_the_next_question_is_answered(
    account: Account, trouble: Trouble, tmp_path: Path
) -> None:
    async with opened(account, tmp_path) as crm:
        crm.fake.people[:] = [Person("1", "Jan", mobile=account.finds[0])]
        crm.fake.trouble = trouble
        with pytest.raises(DirectoryError) as error:
            await crm.find(NUMBER)
        assert_tells_nothing(error.value)
        assert not isinstance(error.value, BusyError | CredentialsError)
        crm.fake.trouble = None
        assert await names(crm) == ["Jan"]


async def test_a_question_that_hangs_can_be_given_up(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        await crm.find(NUMBER)
        crm.fake.people[:] = [Person("1", "Jan", mobile=account.finds[0])]
        crm.fake.trouble = Trouble.SLOW
        crm.fake.asked.clear()
        question = asyncio.create_task(crm.find(NUMBER))
        await crm.fake.asked.wait()
        question.cancel()
        with pytest.raises(asyncio.CancelledError):
            await question
        crm.fake.trouble = None
        assert await names(crm) == ["Jan"]


async def test_hostile_text_arrives_as_it_is(account: Account, tmp_path: Path) -> None:
    hostile = Person("1", HOSTILE, HOSTILE, mobile=account.finds[0], email=HOSTILE, city=HOSTILE)
    async with opened(account, tmp_path) as crm:
        crm.fake.people[:] = [hostile]
        (contact,) = await crm.find(NUMBER)
    assert (contact.name, contact.company) == (HOSTILE, HOSTILE)
    typed = {text for name, text in contact.fields if name != "record"}  # that is the preset's own word
    assert typed == {HOSTILE}


async def test_no_more_of_the_number_leaves_than_was_said(account: Account, tmp_path: Path) -> None:
    async with opened(account, tmp_path) as crm:
        await crm.find(NUMBER)
        (disclosure,) = crm.disclosures(NUMBER)
        assert disclosure.host == urlsplit(crm.fake.url).netloc
        let_out = {
            write(NUMBER, notation)
            for notation in Notation
            for request in crm.fake.requests
            if write(NUMBER, notation) in request.text
        }
    assert set(disclosure.sent) <= let_out
    for written in let_out:
        assert any(written in sent for sent in disclosure.sent)


def assert_tells_nothing(error: DirectoryError) -> None:
    text = str(error)
    assert "\n" not in text
    for private in ("12345678", "wrong-secret", "://", "/crm", "/api", "/services", "/json", "/v1"):
        assert private not in text
