from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.directory.http.port import Request, Response
from bubbled.directory.kinds.rest.directory import RestDirectory
from bubbled.directory.port import BusyError, CredentialsError, Disclosure, Rate
from bubbled.error import ConfigError, DirectoryError
from bubbled.model import E164, Extension
from tests.directory.kinds.rest.carrier import Carrier, preset

if TYPE_CHECKING:
    from collections.abc import Callable

    from bubbled.directory.kinds.rest.preset import Preset

NUMBER = E164("+31612345678")
MAPPING = '{ records = "@", id = "id", name = "name", numbers = "phone" }'
TWO = f"""
[[search]]
path = "/people"
query = {{ q = "${{e164}}" }}
mapping = {MAPPING}
[[search]]
path = "/leads"
query = {{ q = "${{tail}}", r = "${{e164}}" }}
mapping = {MAPPING}
"""
EACH = f"""
[[search]]
path = "/people"
each = ["e164", "national", "significant", "tail"]
query = {{ q = "${{number}}" }}
mapping = {MAPPING}
"""
DETAIL = """
[[search]]
path = "/people"
detail = "/people/${id}"
query = { q = "${tail}" }
mapping = { records = "@", id = "id", name = "name", numbers = "phones" }
"""


def directory(
    answer: Callable[[Request], object], chosen: Preset | str = TWO
) -> tuple[RestDirectory, Carrier]:
    carrier = Carrier(answer)
    made = chosen if not isinstance(chosen, str) else preset(chosen)
    return RestDirectory("CRM", made, {}, carrier, region="NL", timeout_s=2.0), carrier


def person(name: str, id_: int = 1) -> dict[str, object]:
    return {"id": id_, "name": name, "phone": "06-12345678"}


async def test_the_answers_of_all_requests_are_put_together() -> None:
    crm, _ = directory(lambda request: [person("Jan" if "/people" in request.url else "Piet")])
    assert [contact.name for contact in await crm.lookup(NUMBER)] == ["Jan", "Piet"]


async def test_all_requests_are_made_at_once() -> None:
    everybody = asyncio.Barrier(2)

    class Waiting(Carrier):
        async def send(self, request: Request) -> Response:
            await everybody.wait()
            return await super().send(request)

    crm = RestDirectory("CRM", preset(TWO), {}, Waiting(lambda _: []), region="NL", timeout_s=2.0)
    async with asyncio.timeout(20):
        assert await crm.lookup(NUMBER) == ()


async def test_one_that_fails_is_no_error_when_another_finds_somebody() -> None:
    broken = DirectoryError("down")
    crm, _ = directory(lambda request: broken if "/leads" in request.url else [person("Jan")])
    assert [contact.name for contact in await crm.lookup(NUMBER)] == ["Jan"]


async def test_one_that_fails_is_an_error_when_the_others_find_nobody() -> None:
    crm, _ = directory(lambda request: DirectoryError("down") if "/leads" in request.url else [])
    with pytest.raises(DirectoryError, match="down"):
        await crm.lookup(NUMBER)


@pytest.mark.parametrize("first", [DirectoryError("down"), BusyError("busy", 5), CredentialsError("refused")])
async def test_of_several_failures_the_one_that_the_user_must_mend_is_told(first: DirectoryError) -> None:
    crm, _ = directory(lambda request: first if "/people" in request.url else CredentialsError("refused"))
    with pytest.raises(CredentialsError, match="refused"):
        await crm.lookup(NUMBER)


async def test_a_defect_of_ours_is_not_hidden() -> None:
    def answer(request: Request) -> object:
        if "/people" in request.url:
            raise ZeroDivisionError
        return []

    crm, _ = directory(answer)
    with pytest.raises(ZeroDivisionError):
        await crm.lookup(NUMBER)


async def test_a_number_is_asked_for_in_each_notation_once() -> None:
    crm, carrier = directory(lambda _: [person("Jan")], EACH)
    assert [contact.name for contact in await crm.lookup(NUMBER)] == ["Jan"]
    assert [request.url.partition("=")[2] for request in carrier.sent] == [
        "%2B31612345678",
        "0612345678",
        "612345678",
    ]


async def test_who_is_found_is_looked_up_once_more_where_lists_do_not_show_all_numbers() -> None:
    def answer(request: Request) -> object:
        if "?" in request.url:
            return [{"id": n, "name": "?", "phones": []} for n in range(1, 10)]
        return {"id": 2, "name": request.url.rpartition("/")[2], "phones": ["020-1234567", "0612345678"]}

    crm, carrier = directory(answer, DETAIL)
    assert [contact.name for contact in await crm.lookup(NUMBER)] == ["5"]
    assert len(carrier.sent) == 1 + 5


async def test_one_that_cannot_be_looked_up_once_more_is_an_error() -> None:
    crm, _ = directory(
        lambda request: [person("Jan")] if "?" in request.url else DirectoryError("down"), DETAIL
    )
    with pytest.raises(DirectoryError, match="down"):
        await crm.lookup(NUMBER)


async def test_an_empty_answer_is_nobody() -> None:
    crm, _ = directory(lambda _: Response(204))
    assert await crm.lookup(NUMBER) == ()


async def test_a_mapping_that_does_not_fit_is_told_with_its_place() -> None:
    crm, _ = directory(lambda request: {} if "/leads" in request.url else [])
    with pytest.raises(DirectoryError, match=r'search\[2\]\.mapping\.records "@" gives an object, a list'):
        await crm.lookup(NUMBER)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"error": "x"}, DirectoryError),
        ({"error": "x", "code": "denied"}, CredentialsError),
        ({"error": "x", "code": "busy"}, BusyError),
    ],
)
async def test_an_error_may_come_with_a_status_of_success(answer: object, kind: type[Exception]) -> None:
    errors = {"failed": "error", "denied": "code == 'denied'", "busy": "code == 'busy'"}
    crm, _ = directory(lambda _: answer, preset(TWO, errors=errors))
    with pytest.raises(kind) as error:
        await crm.lookup(NUMBER)
    assert type(error.value) is kind
    assert str(error.value).startswith("crm.example ")


def test_what_is_told_to_whom_is_known_beforehand() -> None:
    crm, _ = directory(lambda _: [])
    assert crm.disclosures(NUMBER) == (Disclosure("crm.example", ("+31612345678", "612345678")),)
    crm, _ = directory(lambda _: [], EACH)
    assert crm.disclosures(NUMBER) == (
        Disclosure("crm.example", ("+31612345678", "0612345678", "612345678")),
    )


async def test_an_extension_is_asked_for_as_it_stands() -> None:
    crm, carrier = directory(lambda _: [person("Jan") | {"phone": "101"}])
    assert [contact.name for contact in await crm.lookup(Extension("101"))] == ["Jan", "Jan"]
    assert carrier.sent[0].url.endswith("q=101")


def test_each_question_takes_all_its_requests_from_the_allowance() -> None:
    limited = preset(TWO, rate={"count": 5, "per_s": 1.0})
    assert directory(lambda _: [], limited)[0].rate == Rate(2, 1.0)
    assert directory(lambda _: [], preset(EACH, rate={"count": 3, "per_s": 2.0}))[0].rate == Rate(1, 2.0)
    assert directory(lambda _: [])[0].rate is None


async def test_it_is_always_ready_and_closes_its_connections() -> None:
    crm, carrier = directory(lambda _: [], preset(TWO, may_be_kept=False))
    await crm.start()
    assert (str(crm.state), crm.count, crm.is_local, crm.may_be_kept) == ("ready", None, False, False)
    await crm.aclose()
    assert carrier.is_closed


def test_variables_that_are_missing_are_told_before_anything_is_asked() -> None:
    asks = preset(TWO, variables={"base_url": {"about": "where it is"}})
    with pytest.raises(ConfigError, match=r"base_url \(where it is\)"):
        RestDirectory("CRM", asks, {}, Carrier(lambda _: []), region="NL", timeout_s=2.0)


@pytest.mark.parametrize(
    "address", ["crm.example", "http://crm.example", "https://jan:s3cret@crm.example", ""]
)
def test_an_address_that_may_not_be_asked_is_told_before_anything_is(address: str) -> None:
    with pytest.raises(DirectoryError) as error:
        RestDirectory(
            "CRM", preset(TWO), {"base_url": address}, Carrier(lambda _: []), region="NL", timeout_s=2.0
        )
    assert "s3cret" not in str(error.value)
