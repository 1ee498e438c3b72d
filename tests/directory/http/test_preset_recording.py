"""Every preset: what was recorded of a lookup answers the same lookup, and tells nothing of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.directory.http.blanking import SOURCE, Blanking, words_of
from bubbled.directory.http.recording import RecordingTransport, ReplayTransport
from bubbled.directory.kinds.rest import loading
from bubbled.directory.kinds.rest.directory import RestDirectory
from bubbled.directory.kinds.rest.feed import RestFeed
from bubbled.model import E164
from tests.directory.fakes.base import Person
from tests.directory.kinds.rest.account import ACCOUNTS, Account, Opened, opened

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = E164("+31612345678")
JAN = Person("4711", "Jan van Dam", "Bakkerij", mobile="0612345678", email="jan@dam.nl", city="Muiderberg")
PIET = Person("4712", "Piet Pieters", "Slagerij", mobile="0687654321", email="piet@slager.nl", city="Weesp")
PRIVATE = (
    "Dam",
    "Bakkerij",
    "Muiderberg",
    "jan@",
    "4711",
    "12345678",
    "Piet",
    "Slagerij",
    "87654321",
    "Weesp",
)


async def recorded(account: Account, folder: Path) -> tuple[Path, list[str]]:
    """A recording of one lookup, and the secrets that took part in it."""
    file = folder / "recording.jsonl"
    known = words_of(loading.find(account.preset).read_text())
    async with opened(account, folder) as crm:
        crm.fake.people[:] = [JAN, PIET]
        blanking = Blanking(NUMBER, private=account.variables, known=known)
        crm.source._transport = RecordingTransport(crm.source._transport, file, blanking)
        assert [contact.name for contact in await crm.find(NUMBER)] == ["Jan van Dam"]
        return file, [*crm.fake.credentials.values(), crm.fake.url]


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.preset)
async def test_the_recording_of_a_lookup_answers_it_and_tells_nothing_of_anybody(
    account: Account, tmp_path: Path
) -> None:
    file, secrets = await recorded(account, tmp_path)

    preset = loading.load(account.preset)
    replay = ReplayTransport(file)
    variables = replay.variables | dict.fromkeys(account.addresses, SOURCE)
    source: RestDirectory | RestFeed = RestFeed(preset, variables, replay)
    if preset.searches:
        source = RestDirectory("CRM", preset, variables, replay, region="NL", timeout_s=2.0)
    (contact,) = await Opened(account.provider(), source).find(replay.number)
    await source.aclose()

    assert (contact.name, len(contact.id or "")) == ("Xxx xxx Xxx", len(contact.id or ""))
    text = file.read_text()
    variables_told = [value for value in account.variables.values() if len(value) > 4 and value in text]
    assert [word for word in (*PRIVATE, *secrets) if word in text] + variables_told == []
