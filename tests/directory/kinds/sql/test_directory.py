from __future__ import annotations

import asyncio
import subprocess
import sys
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.entry import ColumnNames
from bubbled.directory.kinds.sql.directory import SqlDirectory
from bubbled.directory.kinds.sql.options import MOST_ROWS, SqlOptions
from bubbled.directory.port import CredentialsError, Disclosure, Phase
from bubbled.error import ConfigError, DirectoryError
from bubbled.model import Contact, Extension
from tests.directory.kinds.sql.place import BY_E164, JAN, directory

if TYPE_CHECKING:
    from tests.directory.kinds.sql.place import Place, PostgresPlace, SqlitePlace


def fill(place: Place, *rows: str) -> None:
    place.execute(f"INSERT INTO customer VALUES {', '.join(f'({row})' for row in rows)}")  # noqa: S608 - our own text


async def names(place: Place, query: str = BY_E164, number: str = JAN) -> list[str | None]:
    async with directory(place.options(query)) as asked:
        return [contact.name for contact in await asked.lookup(Extension(number))]


async def until_idle(place: Place) -> None:
    async with asyncio.timeout(20):
        while await asyncio.to_thread(place.running):
            pass


async def until_busy(place: Place) -> None:
    async with asyncio.timeout(20):
        while not await asyncio.to_thread(place.running):
            pass


async def test_who_has_the_number_is_found_with_all_columns(place: Place) -> None:
    fill(place, "7, 'Jan', 'Acme', '06-12345678', 'Ede', '2025-03-04 05:06:07'")
    query = "SELECT id, name, company, phone, city, 'https://crm.example.com/7' AS url FROM customer"
    async with directory(place.options(f"{query} WHERE phone IN (:national_dashed, :e164)")) as asked:
        assert await asked.lookup(JAN) == (
            Contact(
                directory="Customers",
                name="Jan",
                company="Acme",
                fields=(("id", "7"), ("phone", "06-12345678"), ("city", "Ede")),
                url="https://crm.example.com/7",
                id="7",
            ),
        )


async def test_nobody_has_the_number(place: Place) -> None:
    fill(place, "7, 'Jan', 'Acme', '+31699999999', 'Ede', NULL")
    assert await names(place) == []


async def test_what_only_looks_like_the_number_is_dropped(place: Place) -> None:
    fill(
        place,
        "1, 'Jan', NULL, '+31 612345678', NULL, NULL",
        "2, 'Kees', NULL, '+32 612345678', NULL, NULL",
        "3, 'Els', NULL, '1612345678', NULL, NULL",
    )
    query = "SELECT name, phone FROM customer WHERE phone LIKE replace('%T', 'T', :tail)"
    assert await names(place, query) == ["Jan"]


async def test_persons_come_first_and_the_latest_contact_before_earlier_ones(place: Place) -> None:
    fill(
        place,
        f"1, NULL, 'Acme', '{JAN}', NULL, '2026-01-01 00:00:00'",
        f"2, 'Long ago', 'Acme', '{JAN}', NULL, '2001-01-01 00:00:00'",
        f"3, 'Yesterday', 'Acme', '{JAN}', NULL, '2025-01-01 00:00:00'",
        f"4, 'Never', 'Acme', '{JAN}', NULL, NULL",
    )
    query = "SELECT name, company, phone, last_contact FROM customer WHERE phone = :e164"
    assert await names(place, query) == ["Yesterday", "Long ago", "Never", None]


async def test_other_headings_are_named(place: Place) -> None:
    fill(place, f"1, 'Jan', 'Acme', '{JAN}', NULL, NULL")
    query = "SELECT name AS wie, phone AS lijn FROM customer WHERE phone = :e164"
    columns = ColumnNames(name="Wie", numbers=("Lijn",))
    async with directory(place.options(query, columns=columns)) as asked:
        assert [contact.name for contact in await asked.lookup(JAN)] == ["Jan"]


async def test_a_query_without_phone_numbers_in_its_answer_is_told(place: Place) -> None:
    with pytest.raises(DirectoryError, match=r"phone numbers \(name\); name it in columns\.numbers"):
        await names(place, "SELECT name FROM customer WHERE phone = :e164")


async def test_an_extension_is_looked_for_as_it_is(place: Place) -> None:
    fill(place, "1, 'Reception', NULL, '0101', NULL, NULL", "2, 'Els', NULL, '101', NULL, NULL")
    assert await names(place, BY_E164, "0101") == ["Reception"]


@pytest.mark.parametrize(
    "number",
    [
        "' OR '1'='1",
        "'; DROP TABLE customer; --",
        '" OR ""="',
        "\\' OR 1=1 -- ",
        "%",
        "{0}",
        "%s",
        ":e164",
    ],
)
async def test_a_hostile_number_is_only_ever_a_value(place: Place, number: str) -> None:
    fill(place, "1, 'Jan', NULL, '101', NULL, NULL")
    async with directory(place.options()) as asked:
        assert await asked.lookup(Extension(number)) == ()
        assert [contact.name for contact in await asked.lookup(Extension("101"))] == ["Jan"]


async def test_colons_and_percent_signs_in_texts_are_no_parameters(place: Place) -> None:
    fill(place, f"1, 'Jan', NULL, '{JAN}', NULL, NULL")
    text = " :natonal 100%s %(x)s \\:x"
    query = f"SELECT name, phone, '{text}' AS city FROM customer /* :foo */ WHERE phone = :E164;"  # noqa: S608 - our own text
    async with directory(place.options(query)) as asked:
        (contact,) = await asked.lookup(JAN)
    # In MySQL, a backslash in a text means itself only when doubled.
    assert dict(contact.fields)["city"].replace("\\", "") == ":natonal 100%s %(x)s :x"


async def test_more_rows_than_anybody_needs_are_not_read(place: Place) -> None:
    fill(place, *(f"{i}, 'Jan', NULL, '{JAN}', NULL, NULL" for i in range(10 * MOST_ROWS)))
    async with directory(place.options()) as asked:
        for _ in range(3):
            assert 1 < len(await asked.lookup(JAN)) <= MOST_ROWS
    await until_idle(place)


async def test_large_rows_are_cut_short_as_they_come(place: Place) -> None:
    fill(place, *(f"{i}, 'Jan', NULL, '{JAN}', NULL, NULL" for i in range(MOST_ROWS)))
    large = f"replace('{'x' * 1000}', 'x', '{'y' * 1000}')"
    query = f"SELECT name, phone, {large} AS city FROM customer WHERE phone = :e164"  # noqa: S608 - our own text
    async with directory(place.options(query)) as asked:
        await asked.lookup(Extension("0"))
        tracemalloc.start()
        try:
            found = await asked.lookup(JAN)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert {dict(contact.fields)["city"] for contact in found} == {"y" * 1000}
    assert most < MOST_ROWS * 800_000  # the drivers differ in how many rows they read ahead


async def test_a_cancelled_question_leaves_no_query_behind(place: Place) -> None:
    async with directory(place.options(place.infinite), timeout_s=600) as asked:
        for _ in range(3):
            question = asyncio.create_task(asked.lookup(JAN))
            await until_busy(place)
            question.cancel()
            await asyncio.wait((question,))
            assert question.cancelled()
            await until_idle(place)


async def test_a_question_can_be_cancelled_at_any_moment(place: Place) -> None:
    fill(place, f"1, 'Jan', NULL, '{JAN}', NULL, NULL")
    async with directory(place.options()) as asked:
        for steps in range(40):
            question = asyncio.create_task(asked.lookup(JAN))
            for _ in range(steps):
                await asyncio.sleep(0)
            question.cancel()
            await asyncio.wait((question,))
        assert [contact.name for contact in await asked.lookup(JAN)] == ["Jan"]


async def test_closing_ends_what_is_asked(place: Place) -> None:
    async with directory(place.options(place.infinite), timeout_s=600) as asked:
        question = asyncio.create_task(asked.lookup(JAN))
        await until_busy(place)
        await asked.aclose()
        with pytest.raises(DirectoryError, match="not asked any more"):
            await question
        await until_idle(place)


async def test_more_questions_than_connections_wait_for_each_other(place: Place) -> None:
    fill(place, f"1, 'Jan', NULL, '{JAN}', NULL, NULL")
    async with directory(place.options()) as asked:
        answers = await asyncio.gather(*(asked.lookup(JAN) for _ in range(50)))
    assert [contact.name for (contact,) in answers] == ["Jan"] * 50


async def test_the_state_follows_the_latest_question(place: Place) -> None:
    async with directory(place.options("SELECT name, phone FROM custmer WHERE phone = :e164")) as asked:
        assert (asked.state.phase, asked.count, asked.rate, asked.may_be_kept) == (
            Phase.READY,
            None,
            None,
            True,
        )
        with pytest.raises(DirectoryError) as told:
            await asked.lookup(JAN)
        assert str(asked.state) == f"failed: {told.value}"
        place.execute("ALTER TABLE customer RENAME TO custmer")
        await asked.lookup(JAN)
        assert str(asked.state) == "ready"


async def test_starting_finds_what_is_wrong_before_anybody_calls(place: Place) -> None:
    async with directory(place.options("SELECT name, phone FROM custmer WHERE phone = :e164")) as asked:
        await asked.start()
        async with asyncio.timeout(20):
            while asked.state.phase is Phase.READY:  # noqa: ASYNC110 - nothing tells that it changed
                await asyncio.sleep(0)
        assert "names a table that is not there" in str(asked.state)


async def test_starting_does_not_wait_for_a_database_that_hangs(place: Place) -> None:
    async with directory(place.options(place.infinite), timeout_s=600) as asked:
        await asked.start()
        await asked.start()
        await until_busy(place)
    await until_idle(place)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT nme, phone FROM customer WHERE phone = :e164", "names a column that is not there.*nme"),
        ("SELECT name, phone FROM custmer WHERE phone = :e164", "names a table that is not there.*custmer"),
        ("SELECT name, phone FROM customer WHRE phone = :e164", "no SQL that .* understands"),
        ("SELECT name, phone FROM customer WHERE phone = shorten(:e164)", "query uses a function"),
    ],
)
async def test_a_wrong_query_is_told_in_one_line_without_the_number(
    place: Place, query: str, told: str
) -> None:
    with pytest.raises(DirectoryError, match=told) as raised:
        await names(place, query)
    assert "\n" not in str(raised.value)
    assert JAN[3:] not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("name", ["sqlalchemy", "aiosqlite"])
async def test_without_the_libraries_it_says_how_to_get_them(
    sqlite_place: SqlitePlace, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(DirectoryError, match=r"pip install 'bubbled\[sql\]'"):
        await names(sqlite_place)


def test_nothing_heavy_is_loaded_before_a_question() -> None:
    program = (
        "import sys, bubbled.directory.kinds.sql.directory\n"
        "print([name for name in ('sqlalchemy', 'asyncpg', 'aiomysql', 'pymysql') if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - our own text
    assert loaded.stdout == "[]\n"


def test_a_file_is_local_and_tells_nobody(sqlite_place: SqlitePlace) -> None:
    asked = asked_of(sqlite_place.options())
    assert asked == (True, ())


def test_a_server_is_told_what_the_query_names() -> None:
    query = "SELECT name, phone FROM customer WHERE phone IN (:national, :e164, :national) -- :tail"
    assert asked_of(SqlOptions("mysql://bubbled@db.example.com/crm", query)) == (
        False,
        (Disclosure("db.example.com:3306", ("0612345678", "+31612345678")),),
    )


def test_a_socket_is_of_this_computer() -> None:
    options = SqlOptions("postgresql://bubbled@/crm?host=/run/postgresql", BY_E164)
    assert asked_of(options) == (False, ())


def asked_of(options: SqlOptions) -> tuple[bool, tuple[Disclosure, ...]]:
    made = SqlDirectory("Customers", options, region="NL", timeout_s=1)
    return made.is_local, made.disclosures(JAN)


@pytest.mark.server
async def test_a_password_that_is_not_where_the_settings_say_is_told_once(
    postgres_place: PostgresPlace,
) -> None:
    async def lost() -> str:
        raise ConfigError("The secret is wanted in /etc/secret, which cannot be read")

    async with directory(postgres_place.options(password=lost)) as asked:
        with pytest.raises(CredentialsError, match="wanted in /etc/secret"):
            await asked.lookup(JAN)
