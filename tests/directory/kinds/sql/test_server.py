"""What PostgreSQL and MariaDB have in common."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import replace
from threading import get_ident
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.port import CredentialsError
from bubbled.error import DirectoryError
from bubbled.model import E164
from tests.directory.kinds.sql.place import JAN, PASSWORD, directory, sham_server
from tests.servers.process import free_port

if TYPE_CHECKING:
    from pathlib import Path

    import trustme

    from bubbled.directory.kinds.sql.options import SqlOptions
    from tests.directory.kinds.sql.place import MariadbPlace, PostgresPlace

    Remote = PostgresPlace | MariadbPlace

HOSTILE = (
    *("<b>Jan</b> & Co", "'; DROP TABLE customer; --", "$(reboot)", "100%s %(x)s {0} :e164", "a\\'b\\"),
    *("\u202enaJ", "\x1b[31mred", "Zoë Łukasz 張 😀", "line\r\nAction: Originate", "x" * 60_000),
)


async def told(options: SqlOptions, timeout_s: float = 20.0) -> DirectoryError:
    """What the user is told; never a secret, a number, or a second line."""
    async with directory(options, timeout_s=timeout_s) as asked:
        with pytest.raises(DirectoryError) as raised:
            await asked.lookup(JAN)
    text = str(raised.value)
    assert PASSWORD not in text
    assert JAN[3:] not in text
    assert "\n" not in text
    assert raised.value.__cause__ is None
    return raised.value


def elsewhere(options: SqlOptions, **changes: str) -> SqlOptions:
    url = options.url
    for old, new in changes.items():
        url = url.replace({"user": "bubbled", "database": "/crm", "host": "127.0.0.1"}[old], new)
    return replace(options, url=url)


def at_port(remote: Remote, port: int) -> SqlOptions:
    options = remote.options()
    return replace(options, url=options.url.replace(str(remote.port), str(port)))


async def test_a_wrong_password_is_told(remote: Remote) -> None:
    async def wrong() -> str:
        return "wrong"

    problem = await told(remote.options(password=wrong))
    assert isinstance(problem, CredentialsError)
    assert "does not let bubbled in: mend the user in url, or the password" in str(problem)


async def test_a_password_may_hold_any_letters(remote: Remote) -> None:
    letters = "p\u00e4s \u20ac \u5f35"

    async def in_utf8() -> str:
        return letters

    remote.execute(f"ALTER USER bubbled {remote.identified} {remote.literal(letters)}")
    async with directory(remote.options(password=in_utf8)) as asked:
        assert await asked.lookup(JAN) == ()


async def test_an_unknown_user_is_told(remote: Remote) -> None:
    problem = await told(elsewhere(remote.options(), user="nobody"))
    assert isinstance(problem, CredentialsError)


async def test_an_unknown_database_is_told(remote: Remote) -> None:
    assert "has no such database" in str(await told(elsewhere(remote.options(), database="/nothing")))


async def test_an_unknown_host_is_told(remote: Remote) -> None:
    problem = await told(elsewhere(remote.options(tls=False), host="nowhere.invalid"))
    assert "nowhere.invalid:" in str(problem)
    assert "cannot be found by its name" in str(problem)


async def test_a_server_that_is_not_running_is_told(remote: Remote) -> None:
    problem = await told(at_port(remote, free_port()))
    assert "cannot be reached (Connection refused): is it running" in str(problem)


async def test_a_server_that_says_nothing_is_given_up(remote: Remote) -> None:
    async with sham_server() as sham:
        problem = await told(at_port(remote, sham.port), 0.3)
    assert "cannot be reached (no answer in time)" in str(problem)


async def test_a_server_that_is_none_of_its_kind_is_told(remote: Remote) -> None:
    async with sham_server(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 100) as sham:
        assert f"127.0.0.1:{sham.port}" in str(await told(at_port(remote, sham.port), 0.3))


async def test_a_table_that_is_forbidden_is_told(remote: Remote) -> None:
    remote.execute("CREATE SCHEMA hr; CREATE TABLE hr.payroll (name text, phone text)")
    problem = await told(remote.options("SELECT name, phone FROM hr.payroll WHERE phone = :e164"))
    assert "forbids the query" in str(problem)


async def test_a_query_that_takes_too_long_is_ended_by_the_server(remote: Remote) -> None:
    problem = await told(remote.options(remote.infinite), timeout_s=0.3)
    assert "took too long over the query" in str(problem)
    assert remote.running() == 0


async def test_a_restarted_server_is_asked_again(remote: Remote) -> None:
    remote.execute(f"INSERT INTO customer (name, phone) VALUES ('Jan', '{JAN}')")  # noqa: S608 - our own text
    async with directory(remote.options()) as asked:
        await asyncio.gather(*(asked.lookup(JAN) for _ in range(5)))
        remote.server.stop()
        with pytest.raises(DirectoryError, match=r"cannot be reached|cut the connection off"):
            await asked.lookup(JAN)
        remote.server.start()
        assert [contact.name for contact in await asked.lookup(JAN)] == ["Jan"]
        remote.server.kill()
        remote.server.start()
        assert [contact.name for contact in await asked.lookup(JAN)] == ["Jan"]


async def test_closing_does_not_wait_for_a_server_that_is_frozen(remote: Remote) -> None:
    async with directory(remote.options()) as asked:
        await asyncio.gather(*(asked.lookup(JAN) for _ in range(5)))
        with remote.server.frozen():
            async with asyncio.timeout(20):
                await asked.aclose()


async def test_no_more_than_two_connections_are_kept(remote: Remote) -> None:
    async with directory(remote.options()) as asked:
        await asyncio.gather(*(asked.lookup(JAN) for _ in range(20)))
        assert remote.connections() <= 2


async def test_hostile_text_comes_back_as_it_is(remote: Remote) -> None:
    for text in HOSTILE:
        remote.execute(f"INSERT INTO customer (name, phone) VALUES ({remote.literal(text)}, '{JAN}')")  # noqa: S608 - our own text
    async with directory(remote.options()) as asked:
        names = {contact.name for contact in await asked.lookup(JAN)}
    assert names == {text[:1000] for text in HOSTILE}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_trusted_server_is_spoken_to_in_secret(
    remote: Remote, authority: trustme.CA, tmp_path: Path, host: str
) -> None:
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    options = elsewhere(remote.options(remote.is_encrypted, tls=True, ca_file=ca_file), host=host)
    if host == "localhost":  # the certificate is for 127.0.0.1
        assert "not to be trusted (Hostname mismatch" in str(await told(options))
        options = replace(options, verify=False)
    async with directory(options) as asked:
        (contact,) = await asked.lookup(JAN)
    assert contact.name == "encrypted"


async def test_a_server_that_nobody_vouches_for_is_refused(remote: Remote) -> None:
    problem = await told(remote.options(tls=True))
    assert "shows a certificate that is not to be trusted" in str(problem)
    assert "give its authority as ca_file" in str(problem)


async def test_calls_go_on_while_certificates_are_read(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[int] = []

    def read(**_: object) -> ssl.SSLContext:
        readers.append(get_ident())
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    monkeypatch.setattr(ssl, "create_default_context", read)
    await told(remote.options(tls=True, ca_file=tmp_path / "another.pem"))
    assert len(readers) == 1
    assert get_ident() not in readers


async def test_on_this_computer_nothing_is_encrypted_unless_it_is_wanted(remote: Remote) -> None:
    async with directory(remote.options(remote.is_encrypted)) as asked:
        (contact,) = await asked.lookup(JAN)
    assert contact.name == "plain"


async def test_certificates_that_cannot_be_read_are_told(remote: Remote, tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    missing = await told(remote.options(tls=True, ca_file=path))
    assert (
        str(missing)
        == f"the certificates in {path} cannot be used (No such file or directory): check ca_file"
    )
    path.write_text("no certificate")
    assert "cannot be used (it holds none)" in str(await told(remote.options(tls=True, ca_file=path)))


async def test_the_socket_of_the_server_is_another_way_in(remote: Remote) -> None:
    remote.execute(f"INSERT INTO customer (name, phone) VALUES ('Jan', '{JAN}')")  # noqa: S608 - our own text
    async with directory(remote.options(url=remote.socket_url)) as asked:
        assert asked.disclosures(E164("+31612345678")) == ()
        assert [contact.name for contact in await asked.lookup(JAN)] == ["Jan"]


async def test_a_number_is_found_whatever_it_is_kept_as(remote: Remote) -> None:
    remote.execute(
        "CREATE TABLE odd (name varchar(20), phone bigint, mobile decimal(20,2), company text, born date); "
        "INSERT INTO odd VALUES ('Jan', 612345678, 201234567.00, NULL, '1970-01-01'); "
        "GRANT SELECT ON odd TO bubbled"
    )
    query = "SELECT * FROM odd WHERE CAST(phone AS char(9)) = :significant"
    async with directory(remote.options(query)) as asked:
        (contact,) = await asked.lookup(JAN)
    assert contact.name == "Jan"
    assert contact.fields == (("phone", "612345678"), ("mobile", "201234567"), ("born", "1970-01-01"))


async def test_nothing_is_written(remote: Remote) -> None:
    remote.make_writing_function()
    async with directory(remote.options("SELECT note(:e164) AS name, :e164 AS phone")) as asked:
        with pytest.raises(DirectoryError, match="query writes, which bubbled does not let it"):
            await asked.lookup(JAN)
    assert remote.execute("SELECT count(*) FROM customer").strip() == "0"


async def test_a_password_that_takes_its_time_is_fetched_once_for_all_who_ask(remote: Remote) -> None:
    asked_for = 0
    unlocked = asyncio.Event()

    async def from_keyring() -> str:
        nonlocal asked_for
        asked_for += 1
        await unlocked.wait()
        return PASSWORD

    async with directory(remote.options(password=from_keyring)) as asked:
        impatient = asyncio.create_task(asked.lookup(JAN))
        async with asyncio.timeout(20):
            while not asked_for:  # noqa: ASYNC110 - nothing tells that it was asked for
                await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.wait((impatient,))
        patient = asyncio.create_task(asked.lookup(JAN))
        await asyncio.sleep(0)
        unlocked.set()
        assert await patient == ()
    assert asked_for == 1
