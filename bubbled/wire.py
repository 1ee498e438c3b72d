"""Calls and contacts as JSON: what `replay`, `calls`, `status` and the control API speak.

Pure, and light to import: client commands start with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bubbled.model import (
    E164,
    Call,
    CallChange,
    CallId,
    CallState,
    Contact,
    Device,
    Direction,
    Outcome,
    Via,
    ViaKind,
)


def call_json(call: Call) -> dict[str, Any]:
    """Give the `call` object of the replay contract: exactly its keys, in its order.

    Owner and `answered_by` are no part of the contract and stay behind.
    """
    return {
        "id": call.id,
        "device": call.device,
        "direction": call.direction.value,
        "internal": call.internal,
        "number": call.number,
        "e164": call.e164,
        "name": call.name,
        "dialled": call.dialled,
        "state": call.state.value,
        "via": None if call.via is None else {"kind": call.via.kind.value, "name": call.via.name},
        "transferred_from": call.transferred_from,
        "transferred_to": call.transferred_to,
        "outcome": None if call.outcome is None else call.outcome.value,
    }


def change_json(change: CallChange, at: float | None) -> dict[str, Any]:
    """Give one line of `replay --json`; `at` is in seconds since the recording began, None when unknown."""
    return {"at": at, "change": change.kind.value, "call": call_json(change.call)}


def contact_json(contact: Contact) -> dict[str, Any]:
    """Give the `contact` object; `fields` is an object in the order of the directory's columns."""
    return {
        "directory": contact.directory,
        "name": contact.name,
        "company": contact.company,
        "fields": dict(contact.fields),
        "url": contact.url,
        "probable": contact.probable,
        "id": contact.id,
        "transient": contact.transient,
    }


def call_from_json(shape: object) -> Call:
    """Read a `call` object back; keys that are not the contract's are passed over, so that it may grow.

    Raises:
        ValueError: a key is missing, or its value cannot be. The caller knows who wrote it, and says so.
    """
    values = _mapping(shape, "call")
    e164 = _text_or_none(values, "e164")
    outcome = _text_or_none(values, "outcome")
    return Call(
        id=CallId(_text(values, "id")),
        device=Device(_text(values, "device")),
        direction=Direction(_text(values, "direction")),
        state=CallState(_text(values, "state")),
        internal=_truth(values, "internal"),
        number=_text_or_none(values, "number"),
        e164=None if e164 is None else E164(e164),
        name=_text_or_none(values, "name"),
        dialled=_text_or_none(values, "dialled"),
        via=_via_from_json(values.get("via")),
        transferred_from=_text_or_none(values, "transferred_from"),
        transferred_to=_text_or_none(values, "transferred_to"),
        outcome=None if outcome is None else Outcome(outcome),
    )


def contact_from_json(shape: object) -> Contact:
    """Read a `contact` object back; one without `id` and `transient` is of an older bubbled.

    Raises:
        ValueError: as `call_from_json`.
    """
    values = _mapping(shape, "contact")
    fields = _mapping(values.get("fields"), "fields")
    return Contact(
        directory=_text(values, "directory"),
        name=_text_or_none(values, "name"),
        company=_text_or_none(values, "company"),
        fields=tuple((column, _text(fields, column)) for column in fields),
        url=_text_or_none(values, "url"),
        probable=_truth(values, "probable"),
        id=_text_or_none(values, "id"),
        transient="transient" in values and _truth(values, "transient"),
    )


def _via_from_json(shape: object) -> Via | None:
    if shape is None:
        return None
    values = _mapping(shape, "via")
    return Via(ViaKind(_text(values, "kind")), _text_or_none(values, "name"))


def _mapping(shape: object, what: str) -> Mapping[str, object]:
    if not isinstance(shape, Mapping):
        raise ValueError(f"{what} is not an object")  # noqa: TRY004 - a wrong type is a wrong document here
    return shape


def _text(values: Mapping[str, object], key: str) -> str:
    value = values.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key} is not a text")  # noqa: TRY004 - as above
    return value


def _text_or_none(values: Mapping[str, object], key: str) -> str | None:
    return None if values.get(key) is None else _text(values, key)


def _truth(values: Mapping[str, object], key: str) -> bool:
    value = values.get(key)
    if not isinstance(value, bool):
        raise ValueError(f"{key} is not true or false")  # noqa: TRY004 - as above
    return value
