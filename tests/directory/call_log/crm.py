"""For each preset that writes calls: a fake of its provider, a courier, and how the fake's records read."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from typing import TYPE_CHECKING, Any

from bubbled.directory.call_log.courier import Courier
from bubbled.directory.http.client import HttpTransport
from bubbled.directory.kinds.rest import loading
from bubbled.directory.kinds.rest.call_writer import RestCallWriter
from bubbled.directory.kinds.rest.departure import WatchedTransport
from bubbled.directory.kinds.rest.directory import RestDirectory
from bubbled.directory.kinds.rest.transport import transport_for
from bubbled.model import E164
from tests.directory.call_log.office import RECORD, Clock
from tests.directory.kinds.rest.account import ACCOUNTS, Account, addresses, kept, secrets_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bubbled.directory.call_log.delivery import Stage
    from bubbled.directory.call_log.record import CallRecord
    from tests.directory.fakes.base import Fake, Person

    Record = dict[str, Any]

NUMBER = E164("+31612345678")


@dataclass(frozen=True, slots=True)
class Logged:
    """What a provider has of a call; None where it has no such field."""

    contact: str
    text: str
    direction: str | None = None
    began: datetime | None = None
    duration_s: int | None = None


def _hubspot(call: Record) -> Logged:
    fields = call["properties"]
    return Logged(
        contact=call["associations"][0]["to"]["id"],
        text=_plain(fields["hs_call_body"]),
        direction=fields["hs_call_direction"],
        began=datetime.fromisoformat(fields["hs_timestamp"]),
        duration_s=int(fields["hs_call_duration"]) // 1000,
    )


def _salesforce(task: Record) -> Logged:
    return Logged(
        contact=task.get("WhoId") or task["WhatId"],
        text=task["Description"],
        direction=task["CallType"],
        duration_s=task["CallDurationInSeconds"],
    )


def _odoo(message: Record) -> Logged:
    return Logged(contact=str(message["res_id"]), text=message["body"])


def _zoho(call: Record) -> Logged:
    minutes, seconds = call["Call_Duration"].split(":")
    return Logged(
        contact=(call.get("Who_Id") or call["What_Id"])["id"],
        text=call["Description"],
        direction=call["Call_Type"],
        began=datetime.fromisoformat(call["Call_Start_Time"]),
        duration_s=int(minutes) * 60 + int(seconds),
    )


def _pipedrive(activity: Record) -> Logged:
    return Logged(
        contact=str(activity["person_id"]),
        text=_plain(activity["note"]),
        began=datetime.fromisoformat(f"{activity['due_date']}T{activity['due_time']}:00+00:00"),
    )


def _dataverse(call: Record) -> Logged:
    (bound,) = (value for key, value in call.items() if key.endswith("@odata.bind"))
    return Logged(
        contact=bound.split("(")[1].rstrip(")"),
        text=call["description"],
        direction="Outbound" if call["directioncode"] else "Inbound",
        began=datetime.fromisoformat(call["actualstart"]),
        duration_s=_between(call["actualstart"], call["actualend"]),
    )


def _espocrm(call: Record) -> Logged:
    return Logged(
        contact=call["parentId"],
        text=call["description"],
        direction=call["direction"],
        began=datetime.fromisoformat(call["dateStart"]).replace(tzinfo=UTC),
        duration_s=_between(call["dateStart"], call["dateEnd"]),
    )


def _suitecrm(call: Record) -> Logged:
    fields = call["attributes"]
    return Logged(
        contact=fields["parent_id"],
        text=fields["description"],
        direction=fields["direction"],
        began=datetime.fromisoformat(fields["date_start"]).replace(tzinfo=UTC),
    )


def _between(start: str, end: str) -> int:
    return round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


def _plain(text: str) -> str:
    """What a browser shows of the HTML that providers take notes for."""
    return unescape(text.replace("<br>", "\n"))


READERS: dict[str, Callable[[Record], Logged]] = {
    "hubspot": _hubspot,
    "salesforce": _salesforce,
    "odoo-json2": _odoo,
    "odoo-jsonrpc": _odoo,
    "zoho": _zoho,
    "pipedrive": _pipedrive,
    "dynamics365": _dataverse,
    "espocrm": _espocrm,
    "suitecrm": _suitecrm,
}

LOGGING = tuple(account for account in ACCOUNTS if loading.load(account.preset).log_call is not None)


@dataclass
class Crm:
    """A provider, a directory that asks it, and a courier that writes there."""

    account: Account
    fake: Fake
    directory: RestDirectory
    writer: RestCallWriter
    courier: Courier
    clock: Clock

    @property
    def logged(self) -> list[Logged]:
        return list(map(READERS[self.account.preset], self.fake.logged))

    async def a_record_of(self, person: Person, **changes: Any) -> CallRecord:
        """The record of a call with somebody, as the directory knows them."""
        self.fake.people[:] = [person]
        (contact,) = await self.directory.lookup(NUMBER)
        assert contact.id is not None
        kind = self.writer.kind_of(contact)
        assert self.writer.takes(kind)
        return replace(RECORD, account=self.writer.account, contact_id=contact.id, kind=kind, **changes)

    async def deliver(self, record: CallRecord | None = None, *, in_s: float = 0.0) -> Stage:
        """Take a record, let time pass, do what is due, and tell how far it is."""
        if record is not None:
            self.courier.ledger.accept(record, self.clock(), 0.0)
        self.clock.pass_s(in_s)
        await self.courier.deliver()
        (entry,) = self.courier.ledger.entries
        return entry.delivery.stage

    @property
    def late_s(self) -> float:
        """When a search knows what there is."""
        return self.writer.look_after_s or 0.0


@asynccontextmanager
async def logging_into(account: Account, folder: Path) -> AsyncIterator[Crm]:
    """The preset of an account, connected with a fake of its provider."""
    fake = account.provider()
    async with fake.serve() as url:
        preset = loading.load(account.preset)
        variables = addresses(account, url)
        transport = transport_for(
            preset,
            variables,
            {name: kept(secrets_of(fake)[name]) for name in preset.secrets},
            token_file=folder / "tokens" / "crm.json",
            over=WatchedTransport(HttpTransport()),
        )
        writer = RestCallWriter(preset, variables, transport, after_s=0.0)
        directory = RestDirectory(
            "CRM", preset, variables, transport, region="NL", timeout_s=5.0, call_writer=writer
        )
        clock = Clock()
        courier = Courier(folder / "call-log.sqlite", {"CRM": writer}.get, clock, clock.steady)
        try:
            yield Crm(account, fake, directory, writer, courier, clock)
        finally:
            await courier.aclose()
            await directory.aclose()
