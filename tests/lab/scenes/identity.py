"""Names and numbers as strangers choose them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.lab.scenario import scenario
from tests.lab.stage import CALLER, Stage

if TYPE_CHECKING:
    from tests.lab.truth import Popup, Truth

_LONG = "Bundesministerium für Ernährung und Landwirtschaft, Referat 123, Außenstelle Köln-Süd, Frau Müller"


async def _named(stage: Stage, truth: Truth, name: str | None, sent: str) -> Popup:
    outer, inner = await stage.conversation(caller=f'"{sent}" <sip:{CALLER}@{stage.outside.ip}>')
    await outer.hang_up()
    await inner.is_over()
    return truth.popup(inner, CALLER, "answered", name)


@scenario
async def name_utf8(stage: Stage, truth: Truth) -> None:
    """Caller name "Café Müller 東京" in UTF-8."""
    await _named(stage, truth, "Café Müller 東京", "Café Müller 東京")


@scenario
async def name_hostile(stage: Stage, truth: Truth) -> None:
    """Caller name "<b>x</b>;rm -rf $(id)"."""
    await _named(stage, truth, "<b>x</b>;rm -rf $(id)", "<b>x</b>;rm -rf $(id)")


@scenario
async def name_quotes(stage: Stage, truth: Truth) -> None:
    """Caller name with quotes and a backslash: O"Neil \\ 'x' `y` %s ${EXTEN}."""
    await _named(stage, truth, "O\"Neil \\ 'x' `y` %s ${EXTEN}", "O\\\"Neil \\\\ 'x' `y` %s ${EXTEN}")


@scenario
async def name_79_bytes(stage: Stage, truth: Truth) -> None:
    """A name of more than 79 bytes; the PBX keeps 79."""
    await _named(stage, truth, _LONG, _LONG)


@scenario
async def name_latin1(stage: Stage, truth: Truth) -> None:
    """A name in ISO-8859-1: José Müller as bytes E9 and FC."""
    await _named(stage, truth, "Jos\ufffd M\ufffdller", "Jos\udce9 M\udcfcller")


@scenario
async def name_fake_unknown(stage: Stage, truth: Truth) -> None:
    """The caller calls himself <unknown>."""
    popup = await _named(stage, truth, "<unknown>", "<unknown>")
    popup.not_in_ami, popup.note = "remote_name", "AMI cannot tell it from a missing name; null is right too"


@scenario
async def name_empty(stage: Stage, truth: Truth) -> None:
    """An empty name in quotes."""
    await _named(stage, truth, None, "")


@scenario
async def name_is_number(stage: Stage, truth: Truth) -> None:
    """The name repeats the number, as many carriers send it."""
    await _named(stage, truth, CALLER, CALLER)


@scenario
async def number_fake_unknown(stage: Stage, truth: Truth) -> None:
    """The user part of From is <unknown>."""
    outer, inner = await stage.conversation(caller=f"<sip:%3Cunknown%3E@{stage.outside.ip}>")
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, None, "answered")


@scenario
async def number_long(stage: Stage, truth: Truth) -> None:
    """The user part of From has 120 digits; the PBX keeps 79."""
    outer, inner = await stage.conversation(number="1234567890" * 12)
    await outer.hang_up()
    await inner.is_over()
    truth.popup(inner, "1234567890" * 12, "answered").not_in_ami = "remote_number"
