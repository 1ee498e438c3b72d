"""What a PBX tells about an extension's calls (RFC 4235, application/dialog-info+xml). Pure.

The document carries what a stranger chose: his number and his name. Asterisk (res_pjsip, seen up to 22)
writes the number without escaping it. So a document type, and with it every entity, is refused at once, and a
document that is broken by what stands in the caller's part is read without that part: the phone rings all the
same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from bubbled.model import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_BYTES: Final = 65_536
MOST_DIALOGS: Final = 100
_LONGEST = 256  # characters of a name, number or id
_NAMESPACE = "{urn:ietf:params:xml:ns:dialog-info}"
_FORBIDDEN = re.compile(r"<!(?:DOCTYPE|ENTITY)")
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CALLER_BEGINS, _CALLER_ENDS = "<remote>", "</remote>"
# Possessive: a long text without @ would else be tried at every length of its user part.
_URI = re.compile(r"\s*(?:sips?:(?P<user>[^@;:>]*+)[^@>]*+@|tel:(?P<subscriber>[^;>]*))", re.IGNORECASE)
_NOT_PLAIN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DIRECTIONS = {"recipient": Direction.INBOUND, "initiator": Direction.OUTBOUND}


class UnreadableError(ValueError):
    """The document is none that can be read, or none that should be."""


class DialogState(StrEnum):
    """Where a dialog is in its life (RFC 4235, 3.7.1)."""

    TRYING = "trying"
    PROCEEDING = "proceeding"
    EARLY = "early"
    CONFIRMED = "confirmed"
    TERMINATED = "terminated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """One dialog of the extension; on Asterisk the extension itself, which cannot tell its calls apart.

    Attributes:
        id: tells it from others in the same subscription.
        call_id: of the dialog, with its tags; "" where the PBX does not tell.
        direction: None where the PBX does not tell.
        ending: why it terminated, as `cancelled` or `rejected`; "" where the PBX does not tell.
        code: the SIP status that ended it; None where the PBX does not tell.
        number: the user part of the remote party's address; None where it is none or not told.
        name: of the remote party; None where there is none.
        is_held: whether the extension holds the other side.
    """

    id: str
    state: DialogState
    call_id: str = ""
    direction: Direction | None = None
    ending: str = ""
    code: int | None = None
    number: str | None = None
    name: str | None = None
    is_held: bool = False

    @property
    def tells_who(self) -> bool:
        """Whether it says anything of the remote party."""
        return self.number is not None or self.name is not None


@dataclass(frozen=True, slots=True)
class DialogInfo:
    """One document.

    Attributes:
        version: rises with each document of a subscription.
        is_full: whether it names all dialogs; else only those that changed.
        entity: whose dialogs these are, as a URI.
        is_mended: whether the caller's part had to be left out.
    """

    version: int
    is_full: bool
    entity: str
    dialogs: tuple[Dialog, ...]
    is_mended: bool = False


def parse(body: bytes) -> DialogInfo:
    """Read a document.

    Raises:
        UnreadableError: it is too large, brings a document type, or is no dialog-info.
    """
    if len(body) > LARGEST_BYTES:
        raise UnreadableError("it is too large")
    # Such a sign in a name would cost the number too. DEL may stand in XML, and makes no number of it either.
    text = _NOT_XML.sub("\x7f", body.decode("utf-8", "replace"))
    if _FORBIDDEN.search(text):
        raise UnreadableError("it brings a document type")
    try:
        return _info(_tree(text), is_mended=False)
    except ET.ParseError:
        return _mended(text)


def _mended(text: str) -> DialogInfo:
    """Read it without what the caller could write: up to the last end, as he may write an end himself."""
    before, _, rest = text.partition(_CALLER_BEGINS)
    after = rest.rpartition(_CALLER_ENDS)[2]
    try:
        return _info(_tree(before + after), is_mended=True)
    except ET.ParseError as error:
        raise UnreadableError(f"it is no XML ({error})") from error


def _tree(text: str) -> ET.Element:
    # From text, not bytes: so no encoding that the document names can hide a document type from the search.
    return ET.fromstring(text)  # noqa: S314 - without a document type there are no entities


def _info(root: ET.Element, *, is_mended: bool) -> DialogInfo:
    if root.tag != f"{_NAMESPACE}dialog-info":
        raise UnreadableError("it is no dialog-info")
    found = root.findall(f"{_NAMESPACE}dialog")
    if len(found) > MOST_DIALOGS:
        raise UnreadableError("it holds too many dialogs")
    return DialogInfo(
        version=_whole(root.get("version")) or 0,
        is_full=root.get("state") != "partial",
        entity=_short(root.get("entity")),
        dialogs=tuple(_dialogs(found)),
        is_mended=is_mended,
    )


def _dialogs(elements: list[ET.Element]) -> Iterator[Dialog]:
    for element in elements:
        state = element.find(f"{_NAMESPACE}state")
        word = "" if state is None else (state.text or "").strip()
        if state is None or word not in set(DialogState):
            continue
        remote = element.find(f"{_NAMESPACE}remote")
        yield Dialog(
            id=_short(element.get("id")),
            state=DialogState(word),
            call_id=_identity_of_dialog(element),
            direction=_DIRECTIONS.get(element.get("direction", "")),
            ending=_short(state.get("event")),
            code=_whole(state.get("code")),
            number=None if remote is None else _number(remote),
            name=None if remote is None else _name(remote),
            is_held=_is_held(element),
        )


def _identity_of_dialog(element: ET.Element) -> str:
    if not element.get("call-id"):
        return ""
    return " ".join(_short(element.get(part)) for part in ("call-id", "local-tag", "remote-tag"))


def _number(remote: ET.Element) -> str | None:
    identity, target = remote.find(f"{_NAMESPACE}identity"), remote.find(f"{_NAMESPACE}target")
    told = "" if identity is None else identity.text or ""
    if not told.strip() and target is not None:
        told = target.get("uri", "")
    uri = _URI.match(told)
    user = unquote(uri["user"] or uri["subscriber"] or "" if uri else "").strip()
    # What holds a line break or another such sign was never a number.
    return None if not user or len(user) > _LONGEST or _NOT_PLAIN.search(user) else user


def _name(remote: ET.Element) -> str | None:
    identity = remote.find(f"{_NAMESPACE}identity")
    told = "" if identity is None else identity.get("display", "")
    return _NOT_PLAIN.sub(" ", told).strip()[:_LONGEST] or None


def _is_held(element: ET.Element) -> bool:
    """The own phone renders nothing: it holds the other side (RFC 4235, 5.2, after RFC 3840)."""
    return any(
        parameter.get("pname", "").lstrip("+") == "sip.rendering" and parameter.get("pval") == "no"
        for parameter in element.findall(f"{_NAMESPACE}local/{_NAMESPACE}target/{_NAMESPACE}param")
    )


def _short(text: str | None) -> str:
    return _NOT_PLAIN.sub(" ", text or "")[:_LONGEST]


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{1,10}", text) else None
