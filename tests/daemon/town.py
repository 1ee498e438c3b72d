"""The same people in a directory of each kind, with the settings by which a user would have it asked."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.directory.fakes.base import Person
from tests.directory.fakes.google_places import GooglePlaces, bakery
from tests.directory.fakes.hubspot import HubSpot
from tests.directory.kinds.sql.place import PASSWORD, MariadbPlace, PostgresPlace
from tests.servers import dav, slapd
from tests.servers.process import free_port, program, run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from tests.servers.dav import DavAccount
    from tests.servers.mariadb import Mariadb
    from tests.servers.postgres import Postgres
    from tests.servers.slapd import Slapd

    Settings = dict[str, Any]

JAN, JANS_NUMBER = "Jan Jansen", "+31612345678"
HOSTILE = '<b>Police</b> $(reboot) %s ${e164} {{7*7}} ";--'
HOSTILES_NUMBER = "+31611111111"
SHARED_NUMBER = "+31201234567"
COMPANY = "Acme & Zonen"

ANYBODY = "SELECT name, company, phone, city FROM customer WHERE phone LIKE '%' || :tail"

PEOPLE = (
    Person("1", JAN, "Bakkerij De Vries", mobile="0612345678", city="Utrecht"),
    Person("2", "Near Miss", "Elsewhere", mobile="0612345679", city="Weesp"),
    Person("3", HOSTILE, "Nobody", mobile="0611111111", city="Utrecht"),
    Person("4", COMPANY, phone="0201234567", is_company=True, city="Amsterdam"),
    Person("5", "Piet Pieters", COMPANY, phone="0201234567", city="Amsterdam"),
    Person("6", "Kees Klaassen", COMPANY, phone="0201234567", city="Amsterdam"),
)


@dataclass(frozen=True)
class Kind:
    """A directory of one kind.

    Attributes:
        settings: of the directory, as they stand in the file.
        gone: the same where nobody answers, of those that are on some server.
        secrets: what no error may repeat.
        knows_persons: else companies alone.
    """

    settings: Settings
    gone: Settings = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    knows_persons: bool = True
    requests: list[Any] = field(default_factory=list)


def csv_file(folder: Path) -> Kind:
    path = folder / "customers.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("Name", "Company", "Phone", "Mobile", "City"))
        rows.writerows((name, company, p.phone, p.mobile, p.city) for p, name, company in _as_rows())
    return Kind({"kind": "csv", "path": str(path)})


def sqlite_file(folder: Path) -> Kind:
    path = folder / "crm.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE customer (id, name, company, phone, city)")
        rows = [(p.id, name, company, p.numbers[0], p.city) for p, name, company in _as_rows()]
        database.executemany("INSERT INTO customer VALUES (?, ?, ?, ?, ?)", rows)
        database.commit()
    return Kind({"kind": "sql", "url": f"sqlite:///{path}", "query": ANYBODY})


def postgres(server: Postgres) -> Kind:
    PostgresPlace(server).execute(_inserts())
    return _database("postgresql", server.port, ANYBODY)


def mariadb(server: Mariadb) -> Kind:
    MariadbPlace(server).execute(_inserts())
    return _database("mariadb", server.port, ANYBODY.replace("'%' || :tail", "CONCAT('%', :tail)"))


def _database(scheme: str, port: int, query: str) -> Kind:
    settings = {"kind": "sql", "query": query, "password": PASSWORD}
    return Kind(
        settings | {"url": f"{scheme}://bubbled@127.0.0.1:{port}/crm"},
        settings | {"url": f"{scheme}://bubbled@127.0.0.1:{free_port()}/crm"},
        (PASSWORD,),
    )


def _inserts() -> str:
    rows = ((p.id, name, company, p.numbers[0], p.city) for p, name, company in _as_rows())
    values = ", ".join(f"({', '.join(map(_quoted, row))})" for row in rows)
    return f"INSERT INTO customer (id, name, company, phone, city) VALUES {values}"  # noqa: S608 - our own people


def _quoted(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def ldap(server: Slapd, folder: Path) -> Kind:
    entries = folder / "people.ldif"
    entries.write_text("\n".join(_entry(person) for person in PEOPLE))
    who = ("-x", "-D", f"cn=admin,{slapd.BASE}", "-w", "made-up")
    run([program("ldapadd"), *who, "-H", server.url, "-f", str(entries)])
    settings = {
        "kind": "ldap",
        "base": slapd.PEOPLE,
        "bind_dn": slapd.ACCOUNT,
        "password": slapd.PASSWORD,
    }
    nowhere = f"ldap://127.0.0.1:{free_port()}"
    return Kind(settings | {"url": server.url}, settings | {"url": nowhere}, (slapd.PASSWORD,))


def _entry(person: Person) -> str:
    if person.is_company:
        return (
            (
                f"dn: o={person.id},{slapd.PEOPLE}\nobjectClass: organization\no: {person.id}\n"
                f"o: {person.name}\ntelephoneNumber: {person.phone}\nl: {person.city}\n"
            )
            .replace(f"o: {person.id}\n", "", 1)
            .replace(f"o={person.id}", f"o={person.name}")
        )
    return (
        f"dn: uid={person.id},{slapd.PEOPLE}\nobjectClass: inetOrgPerson\nuid: {person.id}\n"
        f"cn: {person.name}\nsn: {person.last}\no: {person.company}\nl: {person.city}\n"
        + (f"telephoneNumber: {person.phone}\n" if person.phone else "")
        + (f"mobile: {person.mobile}\n" if person.mobile else "")
    )


async def carddav(server: DavAccount) -> Kind:
    await server.empty()
    await server.fill([_card(person) for person in PEOPLE])
    settings = {"kind": "carddav", "username": dav.USER, "password": dav.PASSWORD}
    nowhere = f"http://127.0.0.1:{free_port()}"
    return Kind(settings | {"url": server.url}, settings | {"url": nowhere}, (dav.PASSWORD,))


def _card(person: Person) -> str:
    kind = "KIND:org\n" if person.is_company else f"ORG:{person.company}\n"
    numbers = "".join(f"TEL:{number}\n" for number in person.numbers)
    name = person.name.replace(";", "\\;")
    return (
        f"BEGIN:VCARD\nVERSION:4.0\nFN:{name}\n{kind}{numbers}ADR:;;;{person.city};;;\nEND:VCARD\n"
    ).replace("\n", "\r\n")


@asynccontextmanager
async def rest() -> AsyncIterator[Kind]:
    fake = HubSpot(people=list(PEOPLE))
    async with fake.serve() as url:
        token = fake.credentials["token"]
        settings = {"kind": "rest", "preset": "hubspot", "secrets": {"key": token}}
        yield Kind(
            settings | {"variables": {"portal": "1", "base_url": url}},
            settings | {"variables": {"portal": "1", "base_url": f"http://127.0.0.1:{free_port()}"}},
            (token,),
            requests=fake.requests,
        )


@asynccontextmanager
async def google_places() -> AsyncIterator[Kind]:
    fake = GooglePlaces(places=[_place(person) for person in PEOPLE])
    async with fake.serve() as url:
        key = fake.credentials["token"]
        settings = {"kind": "google_places", "enabled": True, "key": key}
        yield Kind(
            settings | {"url": url},
            settings | {"url": f"http://127.0.0.1:{free_port()}"},
            (key,),
            knows_persons=False,
            requests=fake.requests,
        )


def _place(person: Person) -> dict[str, Any]:
    return bakery(
        id=f"place-{person.id}",
        displayName={"text": person.name},
        internationalPhoneNumber=f"+31 {person.numbers[0][1:]}",
    )


def _as_rows() -> Iterable[tuple[Person, str | None, str]]:
    """Each with name and company as a table has them."""
    for person in PEOPLE:
        name = None if person.is_company else person.name
        yield person, name, person.name if person.is_company else person.company
