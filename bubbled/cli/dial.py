"""`bubbled dial`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import Colour, coloured, for_a_person, harmless, json_line
from bubbled.control.client import PATIENT_S, Client, NotRunningError, understood
from bubbled.error import ControlError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.control.status import JsonObject

_LONGEST_TEXT: Final = 2100
"""Characters, as the daemon takes; of a longer text this much shows that it is no number."""

_DISPLAY: Final = {
    "x11": "DISPLAY",
    "xauthority": "XAUTHORITY",
    "wayland": "WAYLAND_DISPLAY",
    "runtime_dir": "XDG_RUNTIME_DIR",
}
"""Where this program's desktop is, by the environment; the daemon may have been started without one."""

_DONE: Final = frozenset({"answered", "transferred", "parked"})
_OUTCOMES: Final = {
    "answered": "The call has ended",
    "transferred": "The call was transferred",
    "parked": "The call was parked",
    "busy": "It is busy",
    "no_answer": "Nobody answered",
    "rejected": "The call was declined",
    "failed": "The call could not be made",
    "own_phone_no_answer": "Your phone was not picked up",
    "own_phone_rejected": "Your phone declined",
}


@click.command(
    epilog="""\b
Examples:
  bubbled dial 020-1234567
  bubbled dial +31 20 123 45 67 --wait
  bubbled dial --selection           (what is selected on the desktop)
  bubbled dial --url tel:+31201234567
  bubbled dial 0612345678 --device "Desk phone" """
)
@click.argument("number", nargs=-1)
@click.option("--selection", is_flag=True, help="Call the number that is selected on the desktop.")
@click.option(
    "--url", metavar="URL", help="Call the number of a tel:, callto: or sip: link; a popup asks first."
)
@click.option("--device", metavar="NAME", help="The phone that rings first, by device or name.")
@click.option("--yes", is_flag=True, help="Ask nothing: also not for costly and emergency numbers.")
@click.option("--wait", is_flag=True, help="Follow the call to its end; the exit status tells how it went.")
@as_json
@click.pass_obj
def dial(  # noqa: PLR0913 - as many as the command has
    client: Client,
    *,
    number: tuple[str, ...],
    selection: bool,
    url: str | None,
    device: str | None,
    yes: bool,
    wait: bool,
    as_json: bool,
) -> int:
    """Call NUMBER: your own phone rings, and when you lift it, the number is called.

    Numbers may be written as people write them. Internal numbers and codes with * and # are called where the
    settings allow them.

    With --wait, the exit status is 0 when somebody was talked to, else 1.
    """
    if bool(number) + selection + (url is not None) != 1:
        raise click.UsageError("Name one of NUMBER, --selection and --url.")
    wish: JsonObject = {"device": device, "confirmed": yes}
    if selection:
        has_desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        display = {key: os.environ[name] for key, name in _DISPLAY.items() if os.environ.get(name)}
        if "xauthority" in display:
            display["xauthority"] = os.path.abspath(display["xauthority"])  # noqa: PTH100 - links stay as they are
        wish |= {"source": "selection", "display": display if has_desktop else None}
    elif url is not None:
        wish |= {"source": "link", "text": url[:_LONGEST_TEXT]}
    else:
        wish |= {"source": "typed", "text": " ".join(number)[:_LONGEST_TEXT]}
        wish["asks_here"] = not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    try:
        return _followed(client, wish, as_json=as_json) if wait else _told(client, wish, as_json=as_json)
    except NotRunningError as error:
        if not number and not sys.stderr.isatty():
            from bubbled.cli.notice import tell_desktop  # noqa: PLC0415 - 60 ms, and seldom needed

            tell_desktop("bubbled", str(error))  # whoever clicked on a link sees no standard error
        raise


def _told(client: Client, wish: JsonObject, *, as_json: bool) -> int:
    _tell(_dialled(client, wish), as_json=as_json)
    return 0


def _followed(client: Client, wish: JsonObject, *, as_json: bool) -> int:
    with client.following() as changes:  # before the call begins
        answer = _dialled(client, wish)
        _tell(answer, as_json=as_json)
        if answer.get("answer") != "dialled":
            raise ControlError(
                "There is no call to wait for until the popup is answered; --yes asks nothing."
            )
        return _see_through(changes, answer, as_json=as_json)


def _dialled(client: Client, wish: JsonObject) -> JsonObject:
    """Have it called; where the user is to be asked first, and can be here, ask him."""
    answer: JsonObject = client.post("/v1/dial", wish, timeout_s=PATIENT_S)
    if answer.get("answer") != "question":
        return answer
    chosen = understood(_ask, answer)
    # To have chosen one of several is no consent to what it costs.
    consents = len(answer["choices"]) == 1
    return _dialled(client, {**wish, "chosen": chosen, "confirmed": consents})


def _ask(answer: JsonObject) -> str:
    """Ask the user; gives the number as it can be typed, or leaves."""
    choices = answer["choices"]
    click.echo(coloured(harmless(answer["question"]), Colour.DOUBTFUL))
    if len(choices) == 1:
        click.confirm(harmless(choices[0]["shown"]), abort=True)
        return str(choices[0]["number"])
    for at, choice in enumerate(choices, 1):
        click.echo(f"  {at}  {harmless(choice['shown'])}")
    at = click.prompt("Number", type=click.IntRange(1, len(choices)))
    return str(choices[at - 1]["number"])


def _tell(answer: JsonObject, *, as_json: bool) -> None:
    click.echo(json_line(answer) if as_json else harmless(understood(_sentence, answer)))


def _sentence(answer: JsonObject) -> str:
    if answer["answer"] == "asked":
        return f"A popup asks: {answer['question']}"
    if not for_a_person():  # a desktop may keep what a shortcut of its own prints
        return f"{answer['phone']} is about to ring."
    return f"{answer['phone']} is about to ring; pick it up to call {answer['choices'][0]['shown']}."


def _see_through(changes: Iterator[JsonObject], answer: JsonObject, *, as_json: bool) -> int:
    """Tell each change of the call until its end; give the exit status."""
    told = ""
    for change in changes:
        if change["call"]["id"] != answer["call"]:
            continue
        if as_json:
            click.echo(json_line(change))
        elif (line := _progress(change, answer)) != told and not _is_announced(change):
            click.echo(line)
            told = line
        if change["change"] == "ended":
            return 0 if change["call"]["outcome"] in _DONE else 1
    raise ControlError("bubbled stopped; the call may go on. `bubbled calls` tells, once it runs again.")


def _is_announced(change: JsonObject) -> bool:
    """Whether it is only that the call begins; whether the phone really rings is not known then."""
    return bool(change["change"] == "started")


def _progress(change: JsonObject, answer: JsonObject) -> str:
    call = change["call"]
    who = harmless(call.get("name") or answer["choices"][0]["shown"])
    match call["state"]:
        case "ringing":
            return f"{harmless(answer['phone'])} rings."
        case "dialling":
            return f"Calling {who}."
        case "talking":
            return coloured(f"Talking with {who}.", Colour.GOOD)
        case "held":
            return coloured("On hold.", Colour.DOUBTFUL)
        case _:
            return _ending(change, answer)


def _ending(change: JsonObject, answer: JsonObject) -> str:
    outcome = change["call"]["outcome"]
    if failure := change.get("failure"):
        return coloured(harmless(_failed(failure, answer)), Colour.BAD)
    text = f"{_OUTCOMES.get(outcome, outcome)}."
    return coloured(text, Colour.QUIET if outcome in _DONE else Colour.BAD)


def _failed(failure: str, answer: JsonObject) -> str:
    from bubbled.dialing.wording import failed  # noqa: PLC0415 - seldom needed
    from bubbled.model import Failure  # noqa: PLC0415 - the same

    known = Failure(failure) if failure in list(Failure) else None
    return failed(known, number=answer["choices"][0]["shown"], phone=answer["phone"])
