"""A network of one server that is written down: what it answers to which request."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bubbled.directory.http.port import Request, Response
from bubbled.directory.kinds.rest.preset import Preset
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Callable

ADDRESS = "https://crm.example"


@dataclass
class Carrier:
    """Carries requests to `answer`, which gives JSON, a whole response, or an error."""

    answer: Callable[[Request], object]
    sent: list[Request] = field(default_factory=list)
    is_closed: bool = False

    async def send(self, request: Request) -> Response:
        self.sent.append(request)
        answer = self.answer(request)
        if isinstance(answer, DirectoryError):
            raise answer
        if isinstance(answer, Response):
            return answer
        return Response(200, {"content-type": "application/json"}, json.dumps(answer).encode())

    async def aclose(self) -> None:
        self.is_closed = True


def preset(requests: str, **changes: Any) -> Preset:
    """A preset with these requests, written in TOML."""
    document: dict[str, Any] = {
        "about": {
            "title": "A CRM",
            "description": "made up",
            "documentation": "https://crm.example/docs",
            "rights": "none",
            "verified": "here",
        },
        "variables": {"base_url": {"about": "where it is", "default": ADDRESS}},
        "auth": {"kind": "none"},
        **tomllib.loads(requests),
        **changes,
    }
    return Preset.model_validate(document, context={"variables": document["variables"]})
