"""What every kind of directory promises, on each of them, built from the settings as a user writes them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import trustme

from bubbled.daemon.directory_kind import build
from bubbled.directory.notation import Notation, write
from bubbled.directory.port import Phase, ReadFirst
from bubbled.error import DirectoryError
from bubbled.model import E164, Contact, Extension
from bubbled.settings.schema import Settings
from tests.daemon import town
from tests.servers.mariadb import started_mariadb
from tests.servers.postgres import started_postgres
from tests.servers.radicale import radicale
from tests.servers.slapd import slapd

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bubbled.directory.port import Directory
    from tests.daemon.town import Kind
    from tests.servers.dav import DavAccount
    from tests.servers.mariadb import Mariadb
    from tests.servers.postgres import Postgres
    from tests.servers.slapd import Slapd

JAN, SHARED = E164(town.JANS_NUMBER), E164(town.SHARED_NUMBER)
NOBODY = E164("+31687654321")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def postgres_server(authority: trustme.CA) -> Iterator[Postgres]:
    with started_postgres(authority) as server:
        yield server


@pytest.fixture(scope="module")
def mariadb_server() -> Iterator[Mariadb]:
    with started_mariadb(None) as server:
        yield server


@pytest.fixture
def ldap_server() -> Iterator[Slapd]:
    with slapd() as server:
        yield server


@pytest.fixture(scope="module")
def dav_server() -> Iterator[DavAccount]:
    with radicale() as server:
        yield server


@pytest.fixture
def csv_kind(tmp_path: Path) -> Kind:
    return town.csv_file(tmp_path)


@pytest.fixture
def sqlite_kind(tmp_path: Path) -> Kind:
    return town.sqlite_file(tmp_path)


@pytest.fixture
def postgres_kind(postgres_server: Postgres) -> Kind:
    return town.postgres(postgres_server)


@pytest.fixture
def mariadb_kind(mariadb_server: Mariadb) -> Kind:
    return town.mariadb(mariadb_server)


@pytest.fixture
def ldap_kind(ldap_server: Slapd, tmp_path: Path) -> Kind:
    return town.ldap(ldap_server, tmp_path)


@pytest.fixture
async def carddav_kind(dav_server: DavAccount) -> Kind:
    return await town.carddav(dav_server)


@pytest.fixture
async def rest_kind() -> AsyncIterator[Kind]:
    async with town.rest() as kind:
        yield kind


@pytest.fixture
async def google_places_kind() -> AsyncIterator[Kind]:
    async with town.google_places() as kind:
        yield kind


ON_THIS_COMPUTER = ("csv", "sqlite")
ELSEWHERE = (
    pytest.param("postgres", marks=pytest.mark.server),
    pytest.param("mariadb", marks=pytest.mark.server),
    pytest.param("ldap", marks=pytest.mark.server),
    "carddav",
    "rest",
    "google_places",
)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(params=[*ON_THIS_COMPUTER, *ELSEWHERE])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each kind in turn, with the same people in it."""
    made: Kind = request.getfixturevalue(f"{request.param}_kind")
    return made


@pytest.fixture(params=ELSEWHERE)
def kind_elsewhere(request: pytest.FixtureRequest) -> Kind:
    """Each kind that is on some server."""
    made: Kind = request.getfixturevalue(f"{request.param}_kind")
    return made


def made(settings: town.Settings) -> Directory:
    """The directory, as the daemon would build it."""
    whole = Settings.model_validate(
        {
            "me": {"extension": "101", "region": "NL"},
            "pbx": {"host": "127.0.0.1", "username": "bubbled", "secret": "s3cret"},
            "directory": [{"name": "Town", "timeout_s": 20.0} | settings],
        }
    )
    return build(whole.directories[0], whole.me.region)


@asynccontextmanager
async def opened(settings: town.Settings) -> AsyncIterator[Directory]:
    """The directory, ready to be asked."""
    directory = made(settings)
    await directory.start()
    try:
        if isinstance(directory, ReadFirst):
            async for state in directory.states():
                if state.phase is not Phase.INDEXING:
                    break
        yield directory
    finally:
        await directory.aclose()


def whom(contacts: tuple[Contact, ...]) -> list[str | None]:
    return [contact.name or contact.company for contact in contacts]


async def test_who_has_the_number_is_found_and_who_almost_has_it_is_not(kind: Kind) -> None:
    async with opened(kind.settings) as directory:
        (contact,) = await directory.lookup(JAN)
        assert (contact.directory, whom((contact,))) == ("Town", [town.JAN])
        if kind.knows_persons:
            assert (contact.company, dict(contact.fields)["city"]) == ("Bakkerij De Vries", "Utrecht")
        assert await directory.lookup(NOBODY) == ()


async def test_of_several_persons_come_before_companies(kind: Kind) -> None:
    async with opened(kind.settings) as directory:
        found = whom(await directory.lookup(SHARED))
    assert sorted(map(str, found)) == [town.COMPANY, "Kees Klaassen", "Piet Pieters"]
    assert found[-1] == town.COMPANY or not kind.knows_persons


async def test_hostile_text_is_only_text(kind: Kind) -> None:
    async with opened(kind.settings) as directory:
        assert whom(await directory.lookup(E164(town.HOSTILES_NUMBER))) == [town.HOSTILE]


async def test_many_questions_at_a_time_get_each_its_answer(kind: Kind) -> None:
    async with opened(kind.settings) as directory:
        answers = await asyncio.gather(*(directory.lookup(each) for each in (JAN, NOBODY, SHARED) * 10))
    assert [len(answer) for answer in answers] == [1, 0, 3] * 10


async def test_a_question_that_is_given_up_disturbs_no_other(kind: Kind) -> None:
    async with opened(kind.settings) as directory:
        for steps in range(6):
            question = asyncio.ensure_future(directory.lookup(SHARED))
            for _ in range(steps):
                await asyncio.sleep(0)
            question.cancel()
            await asyncio.wait([question])
            assert whom(await directory.lookup(JAN)) == [town.JAN]


async def test_an_extension_is_nobody_there(kind: Kind) -> None:
    async with opened(kind.settings) as directory:
        assert await directory.lookup(Extension("7777")) == ()
        assert await directory.lookup(Extension("*72")) == ()


async def test_nothing_but_what_it_discloses_leaves_the_computer(kind: Kind) -> None:
    async with opened(kind.settings) as directory:
        told = directory.disclosures(JAN)
        await directory.lookup(JAN)
    assert all(each.host.startswith("127.0.0.1") for each in told)
    sent = {text for each in told for text in each.sent}
    assert bool(sent) is not directory.is_local
    notations = {write(JAN, notation) for notation in Notation}
    undisclosed = {text for text in notations if not any(text in disclosed for disclosed in sent)}
    for request in kind.requests:
        assert any(text in request.text for text in sent)
        assert not any(text in request.text for text in undisclosed)


async def test_who_does_not_answer_is_told_without_secrets_and_numbers(kind_elsewhere: Kind) -> None:
    async with opened(kind_elsewhere.gone) as directory:
        with pytest.raises(DirectoryError) as refused:
            await directory.lookup(JAN)
        text = f"{refused.value} {directory.state}"
    assert len(str(refused.value).splitlines()) == 1
    assert "12345678" not in text
    assert not any(secret in text for secret in kind_elsewhere.secrets)


async def test_closed_twice_or_never_begun_it_keeps_nobody_from_asking_anew(kind: Kind) -> None:
    never_begun = made(kind.settings)
    await never_begun.aclose()
    await never_begun.aclose()
    async with opened(kind.settings) as directory:
        await directory.aclose()
    async with opened(kind.settings) as anew:
        assert whom(await anew.lookup(JAN)) == [town.JAN]
