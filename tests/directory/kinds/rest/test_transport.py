from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from bubbled.directory.http.port import Request, Response
from bubbled.directory.kinds.rest import loading
from bubbled.directory.kinds.rest.transport import KeyInBody, transport_for
from bubbled.directory.port import CredentialsError
from bubbled.error import ConfigError, DirectoryError
from tests.directory.kinds.rest.account import kept
from tests.directory.kinds.rest.carrier import ADDRESS, Carrier, preset

if TYPE_CHECKING:
    from pathlib import Path

    from bubbled.directory.kinds.rest.preset import Preset

SEARCH = """
[[search]]
path = "/people"
query = { q = "${e164}" }
mapping = { records = "@", name = "name", numbers = "phone" }
"""
ASKED = Request(
    "POST", f"{ADDRESS}/people", {"Accept": "application/json"}, b'{"params": {"args": ["db", ""]}}'
)


def with_auth(auth: dict[str, Any], secrets: dict[str, str], variables: tuple[str, ...] = ()) -> Preset:
    described = {name: {"about": name, "default": "x"} for name in ("base_url", *variables)}
    described["base_url"]["default"] = ADDRESS
    return preset(SEARCH, auth=auth, secrets=secrets, variables=described)


async def shown(chosen: Preset, folder: Path, variables: dict[str, str], **secrets: str) -> Request:
    """What a request looks like on the network."""
    token = {"access_token": "t0ken", "token_type": "Bearer", "expires_in": 3600}
    carrier = Carrier(lambda request: token if request.url.endswith("/token") else [])
    given = {name: kept(secret) for name, secret in secrets.items()}
    transport = transport_for(chosen, variables, given, token_file=folder / "token.json", over=carrier)
    await transport.send(ASKED)
    await transport.aclose()
    assert carrier.is_closed
    return carrier.sent[-1]


async def test_a_key_stands_in_the_header_that_the_preset_names(tmp_path: Path) -> None:
    auth = {"kind": "api_key", "header": "X-Key", "template": "Token ${key|base64}"}
    request = await shown(with_auth(auth, {"key": "a key"}), tmp_path, {}, key="s3cret")
    assert request.headers["X-Key"] == "Token " + base64.b64encode(b"s3cret").decode()


async def test_a_key_is_a_bearer_where_the_preset_says_nothing_else(tmp_path: Path) -> None:
    request = await shown(with_auth({"kind": "api_key"}, {"key": "a key"}), tmp_path, {}, key="s3cret")
    assert request.headers["Authorization"] == "Bearer s3cret"


async def test_name_and_password_are_shown_as_http_has_it(tmp_path: Path) -> None:
    chosen = with_auth({"kind": "basic"}, {"password": "of the account"}, ("username",))
    request = await shown(chosen, tmp_path, {"username": "jan"}, password="s3cret")
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"jan:s3cret").decode()


async def test_without_auth_nothing_is_shown(tmp_path: Path) -> None:
    assert (await shown(with_auth({"kind": "none"}, {}), tmp_path, {})) == ASKED


@pytest.mark.parametrize(
    ("kind", "secrets"),
    [
        ("oauth2_client_credentials", {"client_secret": "s3cret"}),
        ("oauth2_refresh_token", {"client_secret": "s3cret", "refresh_token": "r3fresh"}),
    ],
)
async def test_a_token_is_fetched_and_shown(kind: str, secrets: dict[str, str], tmp_path: Path) -> None:
    auth = {"kind": kind, "token_url": "${base_url}/token", "template": "Zoho-oauthtoken ${token}"}
    chosen = with_auth(auth, dict.fromkeys(secrets, "x"), ("client_id",))
    request = await shown(chosen, tmp_path, {"client_id": "me"}, **secrets)
    assert request.headers["Authorization"] == "Zoho-oauthtoken t0ken"


async def test_a_key_may_stand_within_the_body(tmp_path: Path) -> None:
    auth = {"kind": "key_in_body", "place": ["params", "args", 1]}
    hostile = 's3cret"}}\\'
    request = await shown(with_auth(auth, {"key": "a key"}), tmp_path, {}, key=hostile)
    assert json.loads(request.body or b"") == {"params": {"args": ["db", hostile]}}
    assert request.headers == ASKED.headers


@pytest.mark.parametrize("place", [["params", "args", 7], ["x", "y"], ["params", "args", "a"], [0]])
async def test_a_body_without_room_for_the_key_is_told(place: list[str | int]) -> None:
    carrier = Carrier(lambda _: [])
    transport = KeyInBody(carrier, kept("s3cret"), place)
    with pytest.raises(DirectoryError, match=r"no room for the key; check auth\.place") as error:
        await transport.send(ASKED)
    assert "s3cret" not in str(error.value)
    assert carrier.sent == []
    await transport.aclose()


async def test_a_secret_that_is_not_there_is_told_with_where_it_should_be(tmp_path: Path) -> None:
    async def lost() -> str:
        raise ConfigError("The environment has no CRM_KEY; set it")

    for auth in ({"kind": "api_key"}, {"kind": "key_in_body", "place": ["params", "args", 1]}):
        carrier = Carrier(lambda _: [])
        chosen = with_auth(auth, {"key": "a key"})
        transport = transport_for(chosen, {}, {"key": lost}, token_file=tmp_path / "token.json", over=carrier)
        with pytest.raises(CredentialsError, match="no CRM_KEY"):
            await transport.send(ASKED)
        assert carrier.sent == []
        await transport.aclose()


async def test_a_refused_key_is_told(tmp_path: Path) -> None:
    carrier = Carrier(lambda _: Response(401))
    chosen = with_auth({"kind": "api_key"}, {"key": "a key"})
    transport = transport_for(chosen, {}, {"key": kept("old")}, token_file=tmp_path / "t", over=carrier)
    with pytest.raises(CredentialsError):
        await transport.send(ASKED)
    await transport.aclose()


def test_what_is_missing_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="needs in variables: portal"):
        transport_for(loading.load("hubspot"), {}, {"key": kept("x")}, token_file=tmp_path / "t")
    with pytest.raises(ConfigError, match="needs in secrets: key"):
        transport_for(loading.load("hubspot"), {"portal": "1"}, {}, token_file=tmp_path / "t")
