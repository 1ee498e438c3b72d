"""`bubbled links`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bubbled.cli.option import as_json
from bubbled.cli.output import for_a_person, harmless, json_line, write_table
from bubbled.dialing.link import registration
from bubbled.dialing.link.folder import Folders
from bubbled.dialing.link.scheme import Scheme
from bubbled.dialing.program import own_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bubbled.dialing.link.registration import LinkState

_HEADINGS = ("Links", "Opened by", "Program", "Because of")


@click.command()
@click.argument("action", type=click.Choice(["status", "install", "remove"]), default="status")
@click.option(
    "--scheme",
    "schemes",
    type=click.Choice([scheme.value for scheme in Scheme]),
    multiple=True,
    help="Install for these links only; may be given several times.",
)
@as_json
def links(action: str, schemes: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001  # click passes flags so
    """Let bubbled open the telephone links of web pages and other programs.

    Without an action, tell who opens them now. `install` lets bubbled open tel:, callto: and sip: links on
    your account; `remove` gives them back to who opened them before.

    Without a terminal, each line holds, tab-separated: scheme, name of the program, its desktop file, the
    file that decides it.

    \b
    Examples:
      bubbled links
      bubbled links install
      bubbled links install --scheme tel --scheme callto
      bubbled links --json | jq '.links[] | select(.bubbled)'
    """  # noqa: D301  # \b keeps click from filling the examples
    if schemes and action != "install":
        raise click.UsageError(f"--scheme says what to install, and means nothing to {action}.")
    folders = Folders.of(os.environ, Path.home())
    done = ""
    if action == "install":
        done = _install(folders, [Scheme(each) for each in schemes or Scheme])
    elif action == "remove":
        done = _remove(folders)
    now, lost = registration.states(folders), registration.lost_program(folders)
    if as_json:
        click.echo(json_line({"links": [_as_json(state) for state in now], "lost_program": lost}))
    elif done:
        click.echo(harmless(done))
    else:
        _tell(now, lost)


def _install(folders: Folders, schemes: Sequence[Scheme]) -> str:
    before = _others(registration.states(folders), schemes)
    registration.install(folders, own_command(), schemes)
    done = f"bubbled opens {_listed(schemes)} links from now on."
    if before:
        done += f" Before, {_told(before, 'opened')}; `bubbled links remove` brings that back."
    return done


def _remove(folders: Folders) -> str:
    if not registration.remove(folders):
        return "There is nothing to remove: bubbled opens no links."
    others = _others(registration.states(folders), list(Scheme))
    after = _told(others, "opens") if others else "nobody does now"
    return f"bubbled opens no links any more; {after}."


def _others(states: Iterable[LinkState], schemes: Sequence[Scheme]) -> dict[str, list[Scheme]]:
    """Tell which programs besides bubbled open which of these links."""
    found: dict[str, list[Scheme]] = {}
    for state in states:
        if state.scheme in schemes and state.opener and not state.by_bubbled:
            found.setdefault(state.opener.name, []).append(state.scheme)
    return found


def _told(openers: Mapping[str, Sequence[Scheme]], does: str) -> str:
    return ", and ".join(f"{name} {does} {_listed(schemes)} links" for name, schemes in openers.items())


def _listed(schemes: Sequence[Scheme]) -> str:
    """Enumerate: `tel:, callto: and sip:`."""
    *first, last = (f"{scheme}:" for scheme in schemes)
    return f"{', '.join(first)} and {last}" if first else last


def _as_json(state: LinkState) -> dict[str, Any]:
    opener = state.opener
    return {
        "scheme": state.scheme.value,
        "bubbled": state.by_bubbled,
        "name": opener.name if opener else None,
        "program": opener.program if opener else None,
        "decided_by": str(opener.decided_by) if opener else None,
    }


def _tell(states: Sequence[LinkState], lost: str | None) -> None:
    write_table(_HEADINGS, [_row(state) for state in states])
    if lost is not None:
        click.echo(
            harmless(
                f"Warning: links should start {lost}, which is gone, so they do not open with bubbled; "
                "`bubbled links install` mends it."
            ),
            err=True,
        )
    elif for_a_person() and not any(state.by_bubbled for state in states):
        click.echo("`bubbled links install` lets bubbled open them.")


def _row(state: LinkState) -> tuple[str, ...]:
    if state.opener is None:
        return f"{state.scheme}:", "nobody", "", ""
    return f"{state.scheme}:", state.opener.name, state.opener.program, str(state.opener.decided_by)
