"""What `bubbled dial` and `bubbled device` ask for and are told, and its JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.control.status import JsonObject
    from bubbled.model import CallId

LONGEST_TEXT = 2100
"""Characters; a longer text is no number, and may be cut there on its way to the daemon."""


class From(StrEnum):
    """Where the number comes from."""

    TYPED = "typed"
    LINK = "link"
    SELECTION = "selection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A call that the user wishes.

    Attributes:
        text: in which the number is; "" where the daemon is to read the selection.
        display: where the selection is, as environment variables; empty: on the daemon's own display.
        device: the phone that rings first, by device or name; None: the usual one.
        is_confirmed: whether the user was asked already.
        chosen: which of the choices of a `QUESTION` about the same text; None before there was one.
        asks_here: whether whoever wishes can ask the user himself; else a popup does.
    """

    source: From
    text: str = ""
    display: Mapping[str, str] = field(default_factory=dict)
    device: str | None = None
    is_confirmed: bool = False
    chosen: str | None = None
    asks_here: bool = False


class Answer(StrEnum):
    """What became of a wish at once; a refusal is an error instead."""

    DIALLED = "dialled"
    """The own phone rings."""
    ASKED = "asked"
    """A popup asks the user."""
    QUESTION = "question"
    """The user is to be asked, then to wish the same once more with his choice, confirmed."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A number that may be wished: as it can be typed, and as one reads it."""

    number: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialling:
    """What became of a wish.

    Attributes:
        call: the id of the call, once it is dialled.
        device: the phone that rings.
        phone: what the user calls it.
        question: what the user is asked.
        choices: the numbers it is about; the first is the one that is dialled.
    """

    answer: Answer
    choices: tuple[Choice, ...]
    call: CallId | None = None
    device: str | None = None
    phone: str | None = None
    question: str | None = None


def dialling_json(dialling: Dialling) -> JsonObject:
    """Give the answer of `POST /v1/dial`."""
    return {
        "answer": dialling.answer.value,
        "number": dialling.choices[0].number,
        "call": dialling.call,
        "device": dialling.device,
        "phone": dialling.phone,
        "question": dialling.question,
        "choices": [{"number": each.number, "shown": each.shown} for each in dialling.choices],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """One phone of the user.

    Attributes:
        name: what the user calls it; "" without one.
        state: in a word or three, as far as the PBX tells: `ready`, `not registered`.
        is_default: whether it rings when nothing else is said.
    """

    device: str
    name: str
    state: str
    is_default: bool


def device_json(device: DeviceState) -> JsonObject:
    """Give one element of the answers of `/v1/devices`."""
    return {
        "device": device.device,
        "name": device.name,
        "state": device.state,
        "default": device.is_default,
    }
