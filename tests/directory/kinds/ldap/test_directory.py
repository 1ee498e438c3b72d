"""Against a real OpenLDAP server. Active Directory cannot be had: its variant is asked of OpenLDAP with
attributes of the same names, which compares them sign by sign as well; the rest of it is as documented.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.directory.entry import LONGEST_VALUE, ColumnNames
from bubbled.directory.kinds.ldap.directory import LdapDirectory
from bubbled.directory.kinds.ldap.option import LdapOptions, Match, Scope, Variant
from bubbled.directory.kinds.ldap.search import escaped
from bubbled.directory.port import CredentialsError, Disclosure, Phase
from bubbled.directory.verification import MOST_MATCHES
from bubbled.error import ConfigError, DirectoryError
from bubbled.model import E164, Contact, Extension
from tests.servers.slapd import ACCOUNT, BASE, JAN_GUID, PASSWORD, PEOPLE, Slapd, slapd

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.server

JAN = E164("+31698765432")
MAIN = E164("+31307650001")
NOBODY = E164("+31699999999")
AD = Variant.ACTIVE_DIRECTORY


async def password() -> str:
    return PASSWORD


@asynccontextmanager
async def opened(server: Slapd, **settings: Any) -> AsyncIterator[LdapDirectory]:
    usual: dict[str, Any] = {"url": server.url, "base": BASE, "bind_dn": ACCOUNT, "password": password}
    directory = LdapDirectory("Staff", LdapOptions(**(usual | settings)), region="NL")
    try:
        yield directory
    finally:
        await directory.aclose()


def names(contacts: tuple[Contact, ...]) -> list[str | None]:
    return [contact.name or contact.company for contact in contacts]


async def failure(server: Slapd, **settings: Any) -> DirectoryError:
    async with opened(server, **settings) as directory:
        with pytest.raises(DirectoryError) as told:
            await directory.lookup(JAN)
        assert str(directory.state) == f"failed: {told.value}"
        return told.value


async def test_a_contact_is_found_whole(server: Slapd) -> None:
    async with opened(server, fields=(("room", "roomNumber"),)) as directory:
        assert await directory.lookup(JAN) == (
            Contact(
                directory="Staff",
                name="Jan Jansen (Inkoop)",
                company="Bakkerij Jansen",
                fields=(
                    ("title", "Inkoper"),
                    ("department", "Inkoop"),
                    ("email", "jan@example.com, jansen@example.com"),
                    ("city", "Utrecht"),
                    ("office", "Kamer 12"),
                    ("room", "12"),
                ),
                url="https://example.com/jan",
                id=str(JAN_GUID),
            ),
        )
        assert directory.state.phase is Phase.READY


@pytest.mark.parametrize("match", Match)
async def test_nobody_has_a_number_that_nobody_has(server: Slapd, match: Match) -> None:
    async with opened(server, match=match) as directory:
        assert await directory.lookup(NOBODY) == ()


async def test_usual_notations_are_all_found(server: Slapd) -> None:
    async with opened(server) as directory:
        for person in range(1000, 1008):  # each of the four notations of mobiles, twice
            assert names(await directory.lookup(E164(f"+316{person:08d}"))) == [f"Person {person}"]
            assert names(await directory.lookup(E164(f"+3120{1000000 + person}"))) == [f"Person {person}"]


async def test_persons_come_before_companies(server: Slapd) -> None:
    async with opened(server) as directory:
        assert names(await directory.lookup(MAIN)) == ["Two", "One", "Acme"]


async def test_of_a_number_that_many_have_some_are_told(server: Slapd) -> None:
    async with opened(server) as directory:
        assert len(await directory.lookup(E164("+31307650002"))) == MOST_MATCHES


async def test_what_only_ends_like_the_number_is_dropped(server: Slapd) -> None:
    async with opened(server) as directory:
        assert await directory.lookup(E164("+32698765432")) == ()
        assert await directory.lookup(E164("+31307654399")) == ()  # a fax


async def test_hostile_text_is_taken_literally(server: Slapd) -> None:
    async with opened(server, fields=(("text", "description"),)) as directory:
        (contact,) = await directory.lookup(E164("+31307650000"))
    fields = dict(contact.fields)
    assert fields["title"] == "<b>*)(uid=*))(|(cn=\x1b[31m"
    assert fields["text"] == "x" * LONGEST_VALUE


async def test_extensions_are_found(server: Slapd) -> None:
    async with opened(server) as directory:
        assert names(await directory.lookup(Extension("102"))) == ["Jan Jansen (Inkoop)"]
        assert names(await directory.lookup(Extension("*101"))) == ["Jan Jansen (Inkoop)"]
        assert await directory.lookup(Extension("*")) == ()


async def test_attributes_and_filters_of_the_users_own(server: Slapd) -> None:
    own = ColumnNames(name="title", company="l", numbers=("homePhone", "otherTelephone", "ipPhone"))
    async with opened(
        server,
        attributes=own,
        filter="(&(objectClass=inetOrgPerson)(otherTelephone=*${digits_apart}))",
        internal="(ipPhone=${extension})",
    ) as directory:
        (contact,) = await directory.lookup(E164("+31301234567"))
        assert (contact.name, contact.company) == ("Inkoper", "Utrecht")
        assert names(await directory.lookup(Extension("*101"))) == ["Inkoper"]


async def test_where_to_search_is_kept_to(server: Slapd) -> None:
    async with opened(server, scope=Scope.ONE) as directory:
        assert await directory.lookup(JAN) == ()
    async with opened(server, scope=Scope.ONE, base=PEOPLE) as directory:
        assert names(await directory.lookup(JAN)) == ["Jan Jansen (Inkoop)"]
    async with opened(server, scope=Scope.BASE, base=f"o=Acme,{PEOPLE}") as directory:
        assert names(await directory.lookup(MAIN)) == ["Acme"]


async def test_what_the_account_may_not_read_is_not_there(server: Slapd) -> None:
    async with opened(server, fields=(("home", "homePhone"),)) as directory:
        assert await directory.lookup(E164("+31307654300")) == ()
        (contact,) = await directory.lookup(JAN)
        assert "home" not in dict(contact.fields)


@pytest.mark.parametrize("number", ["+31301234567", "+31687654321", "+31698765432", "+31307654321"])
async def test_like_active_directory_any_notation_is_found(server: Slapd, number: str) -> None:
    async with opened(server, variant=AD) as directory:
        assert names(await directory.lookup(E164(number))) == ["Jan Jansen (Inkoop)"]
        # Only persons are asked for; everybody else on this server is no `objectCategory=person`.
        assert await directory.lookup(E164("+31600001000")) == ()


async def test_like_active_directory_exact_finds_the_usual_notations_only(server: Slapd) -> None:
    async with opened(server, variant=AD, match=Match.EXACT) as directory:
        assert await directory.lookup(E164("+31687654321")) == ()  # stored as 06 87 65 43 21
        assert names(await directory.lookup(Extension("*101"))) == ["Jan Jansen (Inkoop)"]


async def test_anonymous_questions_are_answered_where_the_server_allows(server: Slapd) -> None:
    anonymous = {"bind_dn": None, "password": None}
    async with opened(server, base=PEOPLE, **anonymous) as directory:
        assert names(await directory.lookup(JAN)) == ["Jan Jansen (Inkoop)"]


async def test_tls_from_the_start_and_tls_that_is_started(server: Slapd) -> None:
    for secret in ({"url": server.tls_url}, {"url": server.url, "start_tls": True}):
        async with opened(server, ca_file=server.ca_file, **secret) as directory:
            assert names(await directory.lookup(JAN)) == ["Jan Jansen (Inkoop)"]


async def test_a_certificate_that_nobody_here_trusts_is_refused(
    server: Slapd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LDAPTLS_REQCERT", "never")
    monkeypatch.setenv("LDAPTLS_CACERT", str(server.ca_file))
    for secret in ({"url": server.tls_url}, {"url": server.url, "start_tls": True}):
        told = await failure(server, **secret)
        assert "a certificate that is not trusted (self-signed certificate in certificate chain)" in str(told)


async def test_a_certificate_for_another_host_is_refused(server: Slapd) -> None:
    for secret in (
        {"url": f"ldaps://localhost:{server.tls_port}"},
        {"url": f"ldap://localhost:{server.port}", "start_tls": True},
    ):
        told = await failure(server, ca_file=server.ca_file, **secret)
        assert "a certificate that is not trusted (Hostname mismatch" in str(told)


async def test_a_file_of_authorities_that_is_none_trusts_nobody(server: Slapd) -> None:
    told = await failure(server, url=server.tls_url, ca_file=server.ca_file.parent / "key.pem")
    assert "holds no certificates that can be read" in str(told)


async def test_a_wrong_password_is_for_the_user_to_mend(server: Slapd) -> None:
    async def wrong() -> str:
        return "not this"

    told = await failure(server, password=wrong)
    assert isinstance(told, CredentialsError)
    assert "not this" not in str(told)


async def test_a_password_that_was_mended_is_used_at_the_next_call(server: Slapd) -> None:
    passwords = iter(["old", PASSWORD])

    async def changed() -> str:
        return next(passwords)

    async with opened(server, password=changed) as directory:
        with pytest.raises(CredentialsError):
            await directory.lookup(JAN)
        assert names(await directory.lookup(JAN)) == ["Jan Jansen (Inkoop)"]


async def test_an_empty_password_is_no_anonymous_question(server: Slapd) -> None:
    async def empty() -> str:
        return ""

    told = await failure(server, base=PEOPLE, password=empty)
    assert isinstance(told, CredentialsError)
    assert "the password is empty" in str(told)


async def test_a_password_that_is_nowhere_is_told(server: Slapd) -> None:
    async def nowhere() -> str:
        raise ConfigError("the keyring has no bubbled")

    told = await failure(server, password=nowhere)
    assert isinstance(told, CredentialsError)
    assert str(told) == "the keyring has no bubbled"


@pytest.mark.parametrize(
    ("settings", "mistake"),
    [
        ({"base": f"ou=nix,{BASE}"}, "has no ou=nix,dc=example,dc=org, or the account may not see it"),
        ({"base": f"ou=closed,{BASE}"}, "has no ou=closed,dc=example,dc=org, or the account may not see it"),
        ({"base": "people"}, "does not understand a name"),
        ({"bind_dn": "bubbled"}, "does not understand a name"),
        ({"filter": "(mobile=${tail}))((cn=*)"}, "does not understand the filter: mend (mobile=${tail}))("),
        ({"url": "ldap://127.0.0.1:9"}, "127.0.0.1:9 refuses connections"),
        ({"url": "ldaps://nobody.invalid"}, "there is no host nobody.invalid"),
    ],
)
async def test_mistakes_in_the_settings_are_told(
    server: Slapd, settings: dict[str, Any], mistake: str
) -> None:
    told = await failure(server, **settings)
    assert not isinstance(told, CredentialsError)
    assert mistake in str(told)


async def test_tls_where_there_is_none_is_told(server: Slapd) -> None:
    assert "does not speak TLS" in str(await failure(server, url=f"ldaps://127.0.0.1:{server.port}"))


async def test_a_filter_that_cannot_be_filled_in_is_told_at_once(server: Slapd) -> None:
    with pytest.raises(ConfigError, match="did you mean"):
        async with opened(server, filter="(mobile=${tial})"):
            pass


async def test_a_start_connects_and_tells_what_is_wrong_before_the_first_call(server: Slapd) -> None:
    async with opened(server, base=f"ou=nix,{BASE}") as directory:
        await directory.start()
        await asyncio.wait([task for task in asyncio.all_tasks() if task.get_name() == "greet Staff"])
        assert "mend base" in str(directory.state)


async def test_a_server_that_was_restarted_answers_the_next_call() -> None:
    with slapd() as server:
        async with opened(server) as directory:
            assert names(await directory.lookup(JAN)) == ["Jan Jansen (Inkoop)"]
            server.server.stop()
            server.server.start()
            assert names(await directory.lookup(JAN)) == ["Jan Jansen (Inkoop)"]
            server.server.kill()
            with pytest.raises(DirectoryError, match="refuses connections"):
                await directory.lookup(JAN)
            server.server.start()
            assert names(await directory.lookup(JAN)) == ["Jan Jansen (Inkoop)"]


async def test_a_referral_takes_nobody_elsewhere() -> None:
    visits: list[object] = []

    async def visit(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.append(writer.get_extra_info("peername"))
        writer.close()

    elsewhere = await asyncio.start_server(visit, "127.0.0.1", 0)
    async with elsewhere:
        port = elsewhere.sockets[0].getsockname()[1]
        with slapd(referral=f"ldap://127.0.0.1:{port}/{PEOPLE}") as server:
            async with opened(server) as directory:
                assert names(await directory.lookup(JAN)) == ["Jan Jansen (Inkoop)"]
            async with opened(server, base=f"ou=elsewhere,{PEOPLE}") as directory:
                assert await directory.lookup(JAN) == ()
    assert visits == []


async def test_questions_that_nobody_waits_for_any_more_disturb_no_other(server: Slapd) -> None:
    chance = random.Random(4)  # noqa: S311 - the same each time
    async with opened(server) as directory:
        for _ in range(100):
            given_up = [
                asyncio.create_task(directory.lookup(E164(f"+316{chance.randrange(50_000):08d}")))
                for _ in range(3)
            ]
            for _ in range(chance.randrange(6)):
                await asyncio.sleep(0)
            for task in given_up:
                task.cancel()
            person = chance.randrange(50_000)
            found = await directory.lookup(E164(f"+316{person:08d}"))
            assert names(found) == [f"Person {person}"]
            await asyncio.gather(*given_up, return_exceptions=True)


async def test_many_questions_at_once_are_all_answered(server: Slapd) -> None:
    async with opened(server) as directory:
        people = range(0, 50_000, 500)
        found = await asyncio.gather(*(directory.lookup(E164(f"+316{person:08d}")) for person in people))
        assert [names(contacts) for contacts in found] == [[f"Person {person}"] for person in people]


async def test_explains_who_is_told_what(server: Slapd) -> None:
    async with opened(server) as directory:
        assert directory.disclosures(JAN) == (Disclosure(f"127.0.0.1:{server.port}", ("*6*98765432",)),)
        assert directory.disclosures(Extension("102")) == (Disclosure(f"127.0.0.1:{server.port}", ("102",)),)


async def test_closing_twice_and_before_the_start_does_no_harm(server: Slapd) -> None:
    async with opened(server) as directory:
        await directory.aclose()
        await directory.start()
        await directory.lookup(JAN)
        await directory.aclose()
        await directory.aclose()


@pytest.mark.parametrize("text", ["a*b", "(c)", "\\", "é ü", "*)(uid=*"])
def test_values_are_escaped_as_bonsai_does(text: str) -> None:
    import bonsai  # noqa: PLC0415 - not where these tests are left out

    assert escaped(text).lower() == bonsai.escape_filter_exp(text).lower()
