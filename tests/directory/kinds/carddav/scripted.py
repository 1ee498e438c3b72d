"""A CardDAV server of canned answers, for what real servers do seldom."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bubbled.directory.http.port import Response

if TYPE_CHECKING:
    from bubbled.directory.http.port import Request

URL = "https://dav.example.com"

_WHOLE = """<?xml version="1.0" encoding="utf-8"?>
<d:multistatus xmlns:d="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav"
 xmlns:cs="http://calendarserver.org/ns/">{}</d:multistatus>"""


def multistatus(*responses: str, token: str | None = None) -> Response:
    told = f"<d:sync-token>{token}</d:sync-token>" if token else ""
    return Response(
        207, {"content-type": "application/xml"}, _WHOLE.format("".join(responses) + told).encode()
    )


def resource(href: str, *props: str, status: str = "200 OK") -> str:
    """The response for one resource; without props, the status is its own."""
    line = f"<d:status>HTTP/1.1 {status}</d:status>"
    held = f"<d:propstat><d:prop>{''.join(props)}</d:prop>{line}</d:propstat>" if props else line
    return f"<d:response><d:href>{href}</d:href>{held}</d:response>"


BOOK = "<d:resourcetype><d:collection/><card:addressbook/></d:resourcetype>"
COLLECTION = "<d:resourcetype><d:collection/></d:resourcetype>"


def principal(href: str) -> str:
    return f"<d:current-user-principal><d:href>{href}</d:href></d:current-user-principal>"


def home(href: str) -> str:
    return f"<card:addressbook-home-set><d:href>{href}</d:href></card:addressbook-home-set>"


def token(text: str) -> str:
    return f"<d:sync-token>{text}</d:sync-token>"


def etag(text: str) -> str:
    return f"<d:getetag>{text}</d:getetag>"


def card(name: str, number: str) -> str:
    vcard = f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:{number}\nEND:VCARD\n"
    return f"<card:address-data>{vcard}</card:address-data>"


class ScriptedDav:
    """Answers by method, depth (where the script tells it) and path; all else is not there."""

    def __init__(self, script: dict[str, Response | list[Response]]) -> None:
        self.script = script
        self.requests: list[Request] = []

    async def send(self, request: Request) -> Response:
        self.requests.append(request)
        assert request.url.startswith(f"{URL}/")
        path = urlsplit(request.url).path
        deep = self.script.get(f"{request.method} {request.headers['Depth']} {path}")
        answer = deep or self.script.get(f"{request.method} {path}", Response(404))
        return answer.pop(0) if isinstance(answer, list) else answer

    async def aclose(self) -> None:
        pass

    @property
    def asked(self) -> list[str]:
        return [f"{request.method} {urlsplit(request.url).path}" for request in self.requests]
