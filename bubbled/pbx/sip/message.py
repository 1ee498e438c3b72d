"""SIP messages: read what comes, write what goes (RFC 3261, 7). Pure.

sipmessage reads the start line and the headers, compact forms included. It does neither unfold lines, nor
allow a space behind the name of a header, nor cut a body to its length, nor insist on the headers that every
message has, and its time grows with the square of their number: that is done here, before and after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import sipmessage

if TYPE_CHECKING:
    from collections.abc import Iterable

LARGEST_HEAD: Final = 16_384
LARGEST_BODY: Final = 131_072
MOST_HEADERS: Final = 100
_PLAIN_IN_USER: Final = "-_.!~*'()&=+$,;?/"
COOKIE: Final = "z9hG4bK"
"""How the branch of a Via begins that tells transactions apart (RFC 3261, 8.1.1.7)."""

_FOLD = re.compile(rb"\r\n[ \t]+")
_UNSENDABLE = re.compile(rb"\r(?!\n)|(?<!\r)\n|\0")
_SPACED_NAME = re.compile(rb"(?<=\r\n)([!-9;-~]+)[ \t]+:")
# Up to the end where nothing closes it: else each quote inside would be tried as a beginning, in square time.
_QUOTED = re.compile(r'"(?:[^"\\]|\\.?)*+"?', re.DOTALL)
_ANGLED = re.compile(r"<([^>]*)>")
_CSEQ = re.compile(r"([0-9]{1,10})\s+([!-~]+)")
_VIA = re.compile(r"SIP\s*/\s*2\.0\s*/\s*\S+\s+(?P<sender>[^\s;,]+)\s*(?P<parameters>;[^,]*)?", re.IGNORECASE)

Headers = tuple[tuple[str, str], ...]
"""Headers with their values, in order."""


class MalformedError(ValueError):
    """The bytes are no SIP message that could be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A request or a response.

    Attributes:
        method: of the request, or of the request that is answered.
        status: of a response; 0 for a request.
        phrase: of a response; for a request, its target.
        sequence: the number in CSeq.
        branch: of the topmost Via.
        sender: host and port in the topmost Via.
        headers: all of them.
    """

    method: str
    status: int
    phrase: str
    call_id: str
    sequence: int
    from_tag: str
    to_tag: str
    branch: str
    sender: str
    headers: sipmessage.Headers
    body: bytes

    def get(self, name: str) -> str:
        """Give the first value of a header; "" where it is missing."""
        return self.headers.get(name) or ""

    def number(self, name: str) -> int | None:
        """Give a header that counts seconds or the like; None where it is missing or no number."""
        found = re.match(r"\s*([0-9]{1,9})\b", self.get(name))
        return int(found[1]) if found else None


def parse(data: bytes) -> Message:
    """Read one whole message.

    Raises:
        MalformedError: it is none, or lacks what every message has.
    """
    head, separator, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not separator or len(head) > LARGEST_HEAD or len(body) > LARGEST_BODY:
        raise MalformedError("it has no end, or is too large")
    head = _SPACED_NAME.sub(rb"\1:", _FOLD.sub(b" ", head))
    if head.count(b"\r\n") > MOST_HEADERS:
        raise MalformedError("it has too many headers")
    if _UNSENDABLE.search(
        head
    ):  # an address or nonce with such a sign would be kept, and stop the next request
        raise MalformedError("a header holds half a line break")
    try:
        read = sipmessage.Message.parse(_utf8(head) + b"\r\n\r\n")
        return _message(read, body)
    except (ValueError, KeyError, TypeError) as error:  # TypeError: a parameter that is named self
        raise MalformedError(str(error) or "a header is missing") from error


def _utf8(head: bytes) -> bytes:
    """Take a name in another encoding for Latin-1, which has a character for every byte."""
    try:
        head.decode()
    except UnicodeDecodeError:
        return head.decode("latin-1").encode()
    return head


def _message(read: sipmessage.Request | sipmessage.Response, body: bytes) -> Message:
    headers = read.headers
    cseq = _CSEQ.fullmatch(headers["CSeq"])
    via = _VIA.match(headers["Via"])
    if cseq is None or via is None or (isinstance(read, sipmessage.Request) and cseq[2] != read.method):
        raise MalformedError("CSeq or Via makes no sense")
    is_request = isinstance(read, sipmessage.Request)
    return Message(
        method=cseq[2],
        status=0 if isinstance(read, sipmessage.Request) else _status(read),
        phrase=str(read.uri) if isinstance(read, sipmessage.Request) else read.phrase,
        call_id=headers["Call-ID"],
        sequence=int(cseq[1]),
        from_tag=tag_of(headers["From"]),
        to_tag=tag_of(headers["To"]),
        branch=parameter(via["parameters"] or "", "branch"),
        sender=via["sender"],
        headers=headers,
        body=_cut(body, headers.get("Content-Length"), is_request=is_request),
    )


def _status(response: sipmessage.Response) -> int:
    if not 100 <= response.code <= 699:  # noqa: PLR2004 - RFC 3261, 7.2
        raise MalformedError("it has no status")
    return response.code


def _cut(body: bytes, length: str | None, *, is_request: bool) -> bytes:
    """Cut a body to the length that the message says; a datagram may bring more (RFC 3261, 18.3)."""
    if length is None:
        return body
    wanted = int(length) if re.fullmatch(r"[0-9]{1,7}", length) else -1
    if not 0 <= wanted <= len(body):
        raise MalformedError(f"the body of a {'request' if is_request else 'response'} is cut short")
    return body[:wanted]


def uri(user: str, host: str) -> str:
    """Write a SIP URI; `user` may be anything, as in `#31` or a name with a space (RFC 3261, 25.1)."""
    return f"sip:{quote(user, safe=_PLAIN_IN_USER)}@{bracketed(host)}"


def bracketed(host: str) -> str:
    """Write a host as URIs and Via do: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def tag_of(address: str) -> str:
    """Give the tag of a From or To value; "" where it has none."""
    return parameter(_behind_uri(address), "tag")


def uri_of(address: str) -> str:
    """Give the URI in a From, To, Contact or Record-Route value: `sip:101@192.0.2.1`."""
    bare = _QUOTED.sub("", address)
    found = _ANGLED.search(bare)
    return (found[1] if found else bare.partition(";")[0]).strip()


def parameter(parameters: str, name: str) -> str:
    """Give one of the parameters in `;name=value;other`; "" where it is missing."""
    for part in parameters.split(";"):
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip()
    return ""


def _behind_uri(address: str) -> str:
    bare = _QUOTED.sub("", address)
    return bare.rpartition(">")[2] if ">" in bare else bare.partition(";")[2]


def routes_of(values: Iterable[str]) -> tuple[str, ...]:
    """Take the values of Record-Route apart, each of which may hold several."""
    return tuple(f"<{uri}>" for value in values for uri in _ANGLED.findall(_QUOTED.sub("", value)))


def write(start: str, headers: Headers, body: bytes = b"") -> bytes:
    """Write a message; `start` is its first line.

    Raises:
        MalformedError: a value holds a line break, so that it could be read as another header.
    """
    lines = [start, *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body)}"]
    if any("\r" in line or "\n" in line or "\0" in line for line in lines):
        raise MalformedError("a header holds a line break: nothing was sent")
    return "\r\n".join((*lines, "", "")).encode() + body


def response(request: Message, status: int, phrase: str, *, tag: str, headers: Headers = ()) -> bytes:
    """Answer a request; `tag` is ours, for a To that has none yet."""
    to = request.get("To")
    vias = tuple(("Via", value) for value in request.headers.getlist("Via"))
    copied = (
        ("From", request.get("From")),
        ("To", to if request.to_tag else f"{to};tag={tag}"),
        ("Call-ID", request.call_id),
        ("CSeq", f"{request.sequence} {request.method}"),
    )
    return write(f"SIP/2.0 {status} {phrase}", (*vias, *copied, *headers))
