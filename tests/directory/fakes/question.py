"""Asks a fake server as any HTTP client would, for the fakes' own tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.text)


async def ask(url: str, **how: Any) -> Answer:
    """GET, or POST where `json` or `data` is given; other keywords are those of aiohttp."""
    method = how.pop("method", "POST" if {"json", "data"} & how.keys() else "GET")
    async with aiohttp.ClientSession() as session, session.request(method, url, **how) as response:
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, headers, await response.text())


async def access_token(url: str, credentials: Mapping[str, str], **more: str) -> str:
    """Have a token given out for a refresh token, or for the client's secret where there is none."""
    grant = "refresh_token" if "refresh_token" in credentials else "client_credentials"
    answer = await ask(url, data={"grant_type": grant, **credentials, **more})
    return str(answer.json["access_token"])
