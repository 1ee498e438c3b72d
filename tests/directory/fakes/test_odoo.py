from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.directory.fakes.base import Person
from tests.directory.fakes.odoo import OdooJson2, OdooJsonRpc
from tests.directory.fakes.question import ask

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.directory.fakes.question import Answer

PEOPLE = [
    Person("3", "Jan Jansen", "Bedrijf BV", phone="+31 6 12345678"),
    Person("4", "Piet Prins", phone="020-1234567", mobile="0031 (0)6.87654321"),
    Person("5", "Lia Lokaal", phone="06-12345678"),
    Person("7", "Bedrijf BV", phone="0031201234567", is_company=True),
]
FIELDS = ["name", "phone", "parent_id", "is_company"]


@pytest.fixture
async def json2() -> AsyncIterator[OdooJson2]:
    fake = OdooJson2(people=list(PEOPLE))
    async with fake.serve():
        yield fake


@pytest.fixture
async def rpc() -> AsyncIterator[OdooJsonRpc]:
    fake = OdooJsonRpc(people=list(PEOPLE))
    async with fake.serve():
        yield fake


async def call2(fake: OdooJson2, path: str, body: dict[str, Any], token: str | None = None) -> Answer:
    headers = {"Authorization": f"bearer {token or fake.token}", "X-Odoo-Database": fake.database}
    return await ask(f"{fake.url}/json/2/{path}", json=body, headers=headers)


async def names2(fake: OdooJson2, domain: list[Any]) -> list[str]:
    answer = await call2(fake, "res.partner/search_read", {"domain": domain, "fields": ["name"]})
    assert answer.status == 200, answer.text
    return [record["name"] for record in answer.json]


async def call(fake: OdooJsonRpc, *arguments: Any, key: str | None = None) -> Any:
    args = [fake.database, fake.user_id, key or fake.token, *arguments]
    params = {"service": "object", "method": "execute_kw", "args": args}
    body = {"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}
    answer = await ask(f"{fake.url}/jsonrpc", json=body)
    assert answer.status == 200
    return answer.json


async def test_json2_answers_with_bare_records(json2: OdooJson2) -> None:
    domain = [
        "|",
        "|",
        ["phone_sanitized", "=", "+31612345678"],
        ["phone_mobile_search", "=", "+31612345678"],
        ["phone_mobile_search", "=", "0612345678"],
    ]
    answer = await call2(json2, "res.partner/search_read", {"domain": domain, "fields": FIELDS, "limit": 1})
    assert answer.json == [
        {
            "id": 3,
            "name": "Jan Jansen",
            "phone": "+31 6 12345678",
            "parent_id": [7, "Bedrijf BV"],
            "is_company": False,
        }
    ]


@pytest.mark.parametrize(
    ("domain", "names"),
    [
        ([["phone_mobile_search", "=", "+31612345678"]], ["Jan Jansen"]),
        ([["phone_mobile_search", "=", "0031612345678"]], ["Jan Jansen"]),
        ([["phone_mobile_search", "=", "0612345678"]], ["Lia Lokaal"]),
        ([["phone_mobile_search", "=", "+31201234567"]], ["Bedrijf BV"]),
        ([["phone_mobile_search", "ilike", "612345678"]], ["Jan Jansen", "Lia Lokaal"]),
        ([["phone_sanitized", "=", "+31612345678"]], ["Jan Jansen", "Lia Lokaal"]),
        (
            [["phone_sanitized", "in", ["+31612345678", "+31201234567"]], ["is_company", "=", True]],
            ["Bedrijf BV"],
        ),
        (["!", ["name", "ilike", "a"]], ["Piet Prins", "Bedrijf BV"]),
        (["&", "|", ["id", "=", 3], ["id", "=", 5], ["name", "=like", "Lia%"]], ["Lia Lokaal"]),
        ([["parent_id", "=", 7]], ["Jan Jansen"]),
        ([], [person.name for person in PEOPLE]),
    ],
)
async def test_conditions_are_evaluated(json2: OdooJson2, domain: list[Any], names: list[str]) -> None:
    assert await names2(json2, domain) == names


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"domain": [["mobile", "=", "0612345678"]]}, 500, "builtins.ValueError"),
        ({"domain": [], "fields": ["name", "mobile"]}, 500, "builtins.ValueError"),
        ({"domain": ["|", ["id", "=", 1]]}, 500, "builtins.ValueError"),
        ({"domain": [["id", "near", 1]]}, 500, "builtins.ValueError"),
        ({"domain": [["phone_mobile_search", "=", "06"]]}, 422, "odoo.exceptions.UserError"),
        ({"domain": [], "colour": "red"}, 422, "werkzeug.exceptions.UnprocessableEntity"),
        ({"domain": [], "ids": [3]}, 422, "werkzeug.exceptions.UnprocessableEntity"),
    ],
)
async def test_what_odoo_19_does_not_take_is_refused(
    json2: OdooJson2, body: dict[str, Any], status: int, name: str
) -> None:
    answer = await call2(json2, "res.partner/search_read", body)
    assert (answer.status, answer.json["name"]) == (status, name)
    assert set(answer.json) == {"name", "message", "arguments", "context", "debug"}


async def test_fields_get_tells_whether_there_is_a_mobile_number(json2: OdooJson2, rpc: OdooJsonRpc) -> None:
    assert "mobile" not in (await call2(json2, "res.partner/fields_get", {})).json
    assert "mobile" in (await call(rpc, "res.partner", "fields_get", []))["result"]


@pytest.mark.parametrize("path", ["res.nobody/search_read", "res.partner/explode"])
async def test_what_does_not_exist_is_a_404(json2: OdooJson2, path: str) -> None:
    assert (await call2(json2, path, {})).status == 404


async def test_a_wrong_key_is_refused(json2: OdooJson2, rpc: OdooJsonRpc) -> None:
    assert (await call2(json2, "res.partner/search_read", {}, token="wrong")).status == 401
    answer = await call(rpc, "res.partner", "search_read", [[]], key="wrong")
    assert answer["error"]["data"]["name"] == "odoo.exceptions.AccessDenied"


async def test_json_rpc_wraps_records_and_knows_mobile_numbers(rpc: OdooJsonRpc) -> None:
    domain = [["phone_mobile_search", "=", "+310687654321"]]
    answer = await call(
        rpc, "res.partner", "search_read", [domain], {"fields": ["name", "mobile"], "limit": 5}
    )
    record = {"id": 4, "name": "Piet Prins", "mobile": "0031 (0)6.87654321"}
    assert answer == {"jsonrpc": "2.0", "id": 1, "result": [record]}


async def test_json_rpc_tells_errors_with_status_200(rpc: OdooJsonRpc) -> None:
    answer = await call(rpc, "res.partner", "search_read", [[["nope", "=", 1]]])
    assert answer["error"]["code"] == 200
    assert answer["error"]["data"]["name"] == "builtins.ValueError"


async def test_a_call_is_logged_as_a_message_and_found_again(json2: OdooJson2, rpc: OdooJsonRpc) -> None:
    post = {"body": "Call 1730453400.17", "message_type": "comment"}
    made = await call2(json2, "res.partner/message_post", {"ids": [3], **post})
    assert made.json == [json2.logged[0]["id"]]
    domain = [["model", "=", "res.partner"], ["res_id", "=", 3], ["body", "ilike", "1730453400.17"]]
    again = await call2(json2, "mail.message/search_read", {"domain": domain, "fields": ["id"]})
    assert [message["id"] for message in again.json] == made.json

    made_by_rpc = await call(rpc, "res.partner", "message_post", [[3]], post)
    assert made_by_rpc["result"] == rpc.logged[0]["id"]
    found = await call(rpc, "mail.message", "search_read", [domain], {"fields": ["body"]})
    assert [message["body"] for message in found["result"]] == ["Call 1730453400.17"]


async def test_messages_can_be_created_too(json2: OdooJson2, rpc: OdooJsonRpc) -> None:
    message = {"model": "res.partner", "res_id": 3, "body": "Call"}
    made = await call2(json2, "mail.message/create", {"vals_list": [message]})
    assert made.json == [json2.logged[0]["id"]]
    assert (await call(rpc, "mail.message", "create", [message]))["result"] == rpc.logged[0]["id"]
    refused = await call(rpc, "mail.message", "create", [message | {"colour": "red"}])
    assert refused["error"]["data"]["name"] == "builtins.ValueError"
    assert len(rpc.logged) == 1


async def test_nothing_is_logged_with_somebody_who_is_gone(json2: OdooJson2) -> None:
    answer = await call2(json2, "res.partner/message_post", {"ids": [404], "body": "Call"})
    assert (answer.status, answer.json["name"]) == (404, "odoo.exceptions.MissingError")
    assert json2.logged == []
