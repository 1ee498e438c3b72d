"""For each preset: a fake of its provider, an account there, and what is known of how it finds numbers."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bubbled.directory.kinds.rest import loading
from bubbled.directory.kinds.rest.directory import RestDirectory
from bubbled.directory.kinds.rest.feed import RestFeed
from bubbled.directory.kinds.rest.transport import transport_for
from bubbled.directory.verification import verified
from tests.directory.fakes.afas import Afas
from tests.directory.fakes.dataverse import Dataverse
from tests.directory.fakes.espocrm import EspoCrm
from tests.directory.fakes.exact import Exact
from tests.directory.fakes.google_people import GooglePeople
from tests.directory.fakes.hubspot import HubSpot
from tests.directory.fakes.msgraph import MsGraph
from tests.directory.fakes.odoo import OdooJson2, OdooJsonRpc
from tests.directory.fakes.pipedrive import Pipedrive
from tests.directory.fakes.salesforce import Salesforce
from tests.directory.fakes.suitecrm import SuiteCrm
from tests.directory.fakes.zoho import Zoho
from tests.directory.kinds.rest.crm import PlainCrm

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from bubbled.directory.port import Disclosure, Secret
    from bubbled.model import E164, Contact, Extension
    from tests.directory.fakes.base import Fake

E164_FORM = "+31612345678"
NATIONAL = "0612345678"
DASHED = "06-12345678"
SPACED = "06 12345678"
INTERNATIONAL = "+31 6 12345678"
PREFIXED = "0031612345678"
PAIRS = "06 12 34 56 78"
ZERO_IN_BRACKETS = "+31 (0)6-12345678"

EVERY = (E164_FORM, NATIONAL, DASHED, SPACED, INTERNATIONAL, PREFIXED, PAIRS, ZERO_IN_BRACKETS)


@dataclass(frozen=True, slots=True)
class Account:
    """How a preset is tried.

    Attributes:
        provider: makes the fake.
        variables: what the user gives besides the addresses; those that end in `_url` lead to the fake.
        finds: the ways to write +31612345678 that it finds; by none of the others in `EVERY`.
        pause_s: what its answer to too many questions asks for.
        has_companies: whether companies are found too; `has_last_contact`: whether it tells that.
        page: the address of the page of contact 1, without that of the fake.
    """

    preset: str
    provider: Callable[[], Fake]
    variables: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[str, ...] = ("base_url",)
    finds: tuple[str, ...] = EVERY
    pause_s: float | None = None
    has_companies: bool = True
    has_last_contact: bool = True
    page: str = ""


ACCOUNTS = (
    Account("generic", PlainCrm, finds=(NATIONAL, DASHED, SPACED, PAIRS), pause_s=7, page="/contacts/1"),
    Account(
        "hubspot",
        HubSpot,
        {"portal": "123"},
        ("base_url", "app_url"),
        page="/contacts/123/record/0-1/1",
    ),
    Account(
        "salesforce",
        Salesforce,
        {"domain": "acme", "client_id": "client-1"},
        finds=(E164_FORM, NATIONAL, DASHED, SPACED, INTERNATIONAL, PREFIXED),
        page="/003000000000001AAA",
    ),
    Account(
        "odoo-json2",
        OdooJson2,
        {"database": "bubbled"},
        has_last_contact=False,
        page="/odoo/contacts/1",
    ),
    Account(
        "odoo-jsonrpc",
        OdooJsonRpc,
        {"database": "bubbled", "user": "2"},
        has_last_contact=False,
        page="/web#id=1&model=res.partner&view_type=form",
    ),
    Account(
        "zoho",
        Zoho,
        {"client_id": "client-1"},
        ("base_url", "accounts_url", "crm_url"),
        finds=(E164_FORM, NATIONAL, DASHED, SPACED, INTERNATIONAL, PREFIXED),
        page="/crm/tab/Contacts/1",
    ),
    Account(
        "pipedrive",
        Pipedrive,
        {"company": "acme"},
        finds=(E164_FORM, NATIONAL, PREFIXED),
        has_companies=False,
        page="/person/1",
    ),
    Account(
        "dynamics365",
        Dataverse,
        {"organization": "acme", "tenant": "contoso.onmicrosoft.com", "client_id": "client-1"},
        ("base_url", "login_url"),
        finds=(E164_FORM, NATIONAL, DASHED, SPACED, INTERNATIONAL, PREFIXED),
        pause_s=30,
        page="/main.aspx?pagetype=entityrecord&etn=contact&id=00000000-0000-0000-0000-000000000001",
    ),
    Account("espocrm", EspoCrm, pause_s=5, page="/#Contact/view/1"),
    Account(
        "suitecrm",
        SuiteCrm,
        {"client_id": "client-1"},
        finds=(E164_FORM, NATIONAL, DASHED, SPACED, INTERNATIONAL),
        pause_s=5,
        page="/index.php?module=Contacts&action=DetailView&record=00000000-0000-0000-0000-000000000001",
    ),
    Account(
        "afas",
        Afas,
        {"environment": "12345"},
        finds=(E164_FORM, NATIONAL, DASHED, SPACED, INTERNATIONAL, PREFIXED),
    ),
    Account("exact-online", Exact, {"division": "1234567", "client_id": "client-1"}, has_last_contact=False),
    Account(
        "msgraph-contacts",
        MsGraph,
        {"mailbox": "jan@example.com", "tenant": "contoso.onmicrosoft.com", "client_id": "client-1"},
        ("base_url", "login_url"),
        pause_s=10,
    ),
    Account("google-people", GooglePeople, {"client_id": "client-1"}, ("base_url", "token_url")),
)


@dataclass(slots=True)
class Opened:
    """A preset, connected with a fake: searched, or fetched and then searched, as the preset says."""

    fake: Fake
    source: RestDirectory | RestFeed

    async def find(self, number: E164 | Extension) -> tuple[Contact, ...]:
        """Who has the number."""
        if isinstance(self.source, RestDirectory):
            return await self.source.lookup(number)
        fetched = await self.source.fetch(None, lambda _done, _total: None)
        return verified(fetched.entries.values(), number, region="NL", directory="CRM")

    def disclosures(self, number: E164 | Extension) -> tuple[Disclosure, ...]:
        """What it says that it tells."""
        source = self.source
        return source.disclosures(number) if isinstance(source, RestDirectory) else source.disclosures()


@asynccontextmanager
async def opened(
    account: Account, folder: Path, secrets: Mapping[str, str] | None = None, *, is_paced: bool = True
) -> AsyncIterator[Opened]:
    """The preset of an account, with the credentials that the fake accepts, or others.

    Unless `is_paced` the limits that the preset tells do not count, which would take seconds.
    """
    fake = account.provider()
    async with fake.serve() as url:
        preset = loading.load(account.preset)
        preset = preset if is_paced else preset.model_copy(update={"rate": None})
        variables = addresses(account, url)
        given = secrets_of(fake) if secrets is None else secrets
        transport = transport_for(
            preset,
            variables,
            {name: kept(given[name]) for name in preset.secrets},
            token_file=folder / "tokens" / "crm.json",
        )
        source: RestDirectory | RestFeed
        if preset.searches:
            source = RestDirectory("CRM", preset, variables, transport, region="NL", timeout_s=2.0)
        else:
            source = RestFeed(preset, variables, transport)
        try:
            yield Opened(fake, source)
        finally:
            await source.aclose()


def kept(text: str) -> Secret:
    """A secret that is there."""

    async def fetch() -> str:
        return text

    return fetch


def addresses(account: Account, url: str) -> Mapping[str, str]:
    """The variables of an account whose provider is at `url`."""
    places = {name: url + _path_of(name, account.variables) for name in account.addresses}
    return {**account.variables, **places}


def secrets_of(fake: Fake) -> Mapping[str, str]:
    """What the fake accepts, by the names that presets have for it; `client_id` is a variable there."""
    return {"key" if name == "token" else name: text for name, text in fake.credentials.items()}


def _path_of(name: str, variables: Mapping[str, str]) -> str:
    """What follows the host in an address that the preset has as a variable."""
    return {"login_url": f"/{variables.get('tenant')}", "token_url": "/token"}.get(name, "")
