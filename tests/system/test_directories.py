"""Callers of real calls, looked for in directories of different kinds, of which some are down or hang."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.directory.fakes.base import Person, Trouble
from tests.directory.fakes.google_places import GooglePlaces, bakery
from tests.directory.fakes.hubspot import HubSpot
from tests.lab.stage import CALLER
from tests.servers.slapd import ACCOUNT, PASSWORD, PEOPLE, Slapd, slapd

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.popup.screens.conftest import SessionBus
    from tests.popup.screens.desktop import Display
    from tests.popup.screens.real_server import RealServer
    from tests.system.bubbled import Bubbled, Home

pytestmark = [pytest.mark.desktop, pytest.mark.server]

STRANGER = "+31307659999"
JAN_IN_LDAP = "+31698765432"
TIMEOUT_S = 0.8


@pytest.fixture
def ldap_server() -> Iterator[Slapd]:
    with slapd() as server:
        yield server


@pytest.fixture
async def hubspot() -> AsyncIterator[HubSpot]:
    fake = HubSpot()
    fake.people += [
        Person("101", "Jan Jansen", company="HubSpot says so", mobile="06-98765432"),
    ]
    async with fake.serve():
        yield fake
        fake.gate.set()


@pytest.fixture
async def google() -> AsyncIterator[GooglePlaces]:
    fake = GooglePlaces(places=[bakery(internationalPhoneNumber="+31 30 765 9999")])
    async with fake.serve():
        yield fake


@pytest.fixture
def sections(home: Home, ldap_server: Slapd, hubspot: HubSpot, google: GooglePlaces) -> dict[str, str]:
    """The settings of each directory, by its name."""
    path = home.folder / "crm.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE customer (name, company, phone)")
        database.execute("INSERT INTO customer VALUES ('Jan Jansen', 'Own database', '06 98765432')")
        database.commit()
    query = "SELECT name, company, phone FROM customer WHERE substr(replace(phone, ' ', ''), -9) = :tail"
    return {
        "Company": f"""
[[directory]]
name = "Company"
kind = "ldap"
url = "{ldap_server.url}"
base = "{PEOPLE}"
bind_dn = "{ACCOUNT}"
password = '{PASSWORD}'
timeout_s = {TIMEOUT_S}
tier = 1
""",
        "HubSpot": f"""
[[directory]]
name = "HubSpot"
kind = "rest"
preset = "hubspot"
variables = {{ portal = "1", base_url = "{hubspot.url}" }}
secrets = {{ key = "{hubspot.credentials["token"]}" }}
timeout_s = {TIMEOUT_S}
tier = 1
""",
        "Database": f"""
[[directory]]
name = "Database"
kind = "sql"
url = "sqlite:///{path}"
query = "{query}"
tier = 1
""",
        "Google": f"""
[[directory]]
name = "Google"
kind = "google_places"
enabled = true
url = "{google.url}"
key = "{google.credentials["token"]}"
""",
    }


class Office:
    """A desktop on which daemons start, with directories in an order."""

    def __init__(self, pbx: tuple[str, int], home: Home, sections: Mapping[str, str]) -> None:
        self.home = home
        self.start: Callable[[], Bubbled]
        self._pbx = pbx
        self._sections = sections

    def order(self, *names: str) -> None:
        """Write the settings."""
        self.home.configure(self._pbx, directories="".join(self._sections[name] for name in names))

    async def daemon(self, *names: str) -> Bubbled:
        """A daemon that follows Alice, and asks these."""
        self.order(*names)
        daemon = self.start()
        await (await daemon.ready()).is_connected()
        await daemon.status(lambda it: it["screen"] == "native")
        return daemon


@pytest.fixture
def office(asterisk: Asterisk, home: Home, sections: Mapping[str, str]) -> Office:
    return Office(asterisk.ami, home, sections)


@pytest.fixture(autouse=True)
def on_desktop(
    office: Office, dunst: RealServer, session_bus: SessionBus, start: Callable[..., Bubbled]
) -> None:
    assert dunst
    office.start = lambda: start(DBUS_SESSION_BUS_ADDRESS=session_bus.address)


async def outcomes(daemon: Bubbled, call_id: str) -> dict[str, str]:
    """What became of the question to each directory, by `bubbled why`."""
    status, said = await daemon.ask("why", call_id)
    assert status == 0
    rows = [line.split("\t") for line in said.splitlines() if "\t" in line]
    return {row[0]: row[1] for row in rows}


async def test_the_third_answers_while_the_first_is_stopped_and_the_second_hangs(
    office: Office,
    stage: Stage,
    display: Display,
    ldap_server: Slapd,
    hubspot: HubSpot,
) -> None:
    daemon = await office.daemon("Company", "HubSpot", "Database")
    ldap_server.server.stop()
    hubspot.trouble = Trouble.SLOW
    outer = await stage.inbound(number=JAN_IN_LDAP)
    await stage.alice.rings()
    await display.reads("Jan Jansen", "Own database", "Company is down", "HubSpot is slow")
    await display.keep("directories-1-down-and-slow.png")
    call = await daemon.calls(lambda calls: bool(calls[-1]["contact"]))
    assert call[-1]["contact"]["directory"] == "Database"
    told = await outcomes(daemon, call[-1]["id"])
    assert told == {"Company": "error", "HubSpot": "timeout", "Database": "hit"}
    await outer.hang_up()


async def test_the_order_decides_who_is_shown(office: Office, stage: Stage, display: Display) -> None:
    daemon = await office.daemon("Company", "HubSpot", "Database")
    first = await stage.inbound(number=JAN_IN_LDAP)
    await stage.alice.rings()
    await display.reads("Jan Jansen", "Bakkerij Jansen")
    await first.hang_up()
    await daemon.call(state="ended")
    office.order("HubSpot", "Database", "Company")
    assert (await daemon.ask("reload"))[0] == 0
    second = await stage.inbound(number=JAN_IN_LDAP)
    await stage.alice.rings()
    await display.reads("Jan Jansen", "HubSpot says so")
    await second.hang_up()


async def test_google_is_asked_last_and_its_answer_is_marked(
    office: Office, stage: Stage, display: Display
) -> None:
    daemon = await office.daemon("Google", "Company", "HubSpot", "Database")
    outer = await stage.inbound(number=STRANGER)
    await stage.alice.rings()
    await display.reads("Bakkerij Bart", "Google Maps")
    await display.keep("directories-2-google.png")
    (call,) = await daemon.calls(lambda calls: bool(calls[-1]["contact"]))
    told = await outcomes(daemon, call["id"])
    assert list(told.items()) == [
        ("Company", "miss"),
        ("HubSpot", "miss"),
        ("Database", "miss"),
        ("Google", "hit"),
    ]
    await outer.hang_up()
    await daemon.call(outcome="missed")
    await daemon.stop()
    assert b"Bakkerij" not in b"".join(path.read_bytes() for path in office.home.history.parent.iterdir())


async def test_google_is_not_told_of_a_caller_whom_somebody_knows_or_may_know(
    office: Office, stage: Stage, google: GooglePlaces, ldap_server: Slapd
) -> None:
    daemon = await office.daemon("Company", "Database", "Google")
    known = await stage.inbound(number=JAN_IN_LDAP)
    await stage.alice.rings()
    await daemon.calls(lambda calls: bool(calls and calls[-1]["contact"]))
    await known.hang_up()
    await daemon.call(state="ended")
    ldap_server.server.stop()
    stranger = await stage.inbound(number=STRANGER)
    await stage.alice.rings()
    call = await daemon.call(state="ringing")
    told = await outcomes(daemon, call["id"])
    assert (told["Company"], told["Google"]) == ("error", "not asked")
    assert google.requests == []
    await stranger.hang_up()
    assert CALLER not in daemon.log()
