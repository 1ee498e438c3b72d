"""The `bubbled` command: its subcommands, each loaded when it is used, and how failures look."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from bubbled import __version__
from bubbled.cli.lazy import LazyCommand, OrderedGroup
from bubbled.cli.output import harmless
from bubbled.control.client import Client
from bubbled.error import BubbledError

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

COMMANDS = (
    LazyCommand("run", "bubbled.cli.run", "Follow my calls and show popups, until stopped."),
    LazyCommand("status", "bubbled.cli.status", "Tell how the daemon is."),
    LazyCommand("open", "bubbled.cli.open", "Open bubbled's pages in the browser.", attribute="open_page"),
    LazyCommand("dial", "bubbled.cli.dial", "Call a number: my own phone rings first."),
    LazyCommand("device", "bubbled.cli.device", "List my phones, or choose the one that rings."),
    LazyCommand("hotkey", "bubbled.cli.hotkey", "Have a key dial what is selected."),
    LazyCommand("links", "bubbled.cli.links", "Let bubbled open telephone links."),
    LazyCommand("mute", "bubbled.cli.mute", "Show no popups for a while."),
    LazyCommand("unmute", "bubbled.cli.mute", "Show popups again."),
    LazyCommand("calls", "bubbled.cli.calls", "List my latest calls, newest last."),
    LazyCommand("show", "bubbled.cli.calls", "Show the popup of a call again."),
    LazyCommand("choose", "bubbled.cli.choose", "Say who it is, where several have the number."),
    LazyCommand("press", "bubbled.cli.press", "Press a button of a popup."),
    LazyCommand("focus", "bubbled.cli.focus", "Use the newest popup with the keyboard."),
    LazyCommand("note", "bubbled.cli.note", "Add a note to my call."),
    LazyCommand("lookup", "bubbled.cli.lookup", "Ask every directory about a number."),
    LazyCommand("why", "bubbled.cli.why", "Tell why a call had a popup, or why none came."),
    LazyCommand("directory", "bubbled.cli.directory", "Try one directory, or list the CRM packages."),
    LazyCommand("layout", "bubbled.cli.layout", "See what popups can show, try it, and share it."),
    LazyCommand(
        "import", "bubbled.cli.address_book", "Read an address book, showing how far it is.", attribute="read"
    ),
    LazyCommand("forget", "bubbled.cli.forget", "Erase a number from the history."),
    LazyCommand("reload", "bubbled.cli.reload", "Apply the changed settings file."),
    LazyCommand("example", "bubbled.cli.example", "Print commented settings to start from."),
    LazyCommand("doctor", "bubbled.cli.doctor", "Check all that popups need."),
    LazyCommand("replay", "bubbled.cli.replay", "Tell the calls in a recording."),
    LazyCommand("record", "bubbled.cli.record", "Record what the PBX says."),
    LazyCommand("setup", "bubbled.cli.setup.command", "Set bubbled up, in a few questions."),
    LazyCommand("demo", "bubbled.cli.demo", "Try bubbled without a PBX."),
    LazyCommand("completion", "bubbled.cli.completion", "Print the completion script of a shell."),
)


@click.group(
    cls=OrderedGroup,
    commands=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Each command has its own --help, with examples. "
    "Exit status: 0 done, 1 refused or failed, 2 wrong usage.",
)
@click.option(
    "--socket",
    type=click.Path(path_type=Path),
    envvar="BUBBLED_SOCKET",
    show_envvar=True,
    help="The control socket of the daemon, if not the usual one.",
)
@click.version_option(__version__, message="bubbled %(version)s")
@click.pass_context
def bubbled(context: click.Context, socket: Path | None) -> None:
    """Know who is calling before you pick up: popups for the calls of an Asterisk PBX."""
    context.obj = Client(socket)
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> None:
    """Run the command line and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command line and give its exit status. Every failure is one line on stderr."""
    if sys.stdout is not None:
        # A name must not fail a command only because the terminal lacks its letters.
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a stream of the interpreter's own
    try:
        status = bubbled.main(arguments, prog_name="bubbled", standalone_mode=False)
        _flush()
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read has seen enough, as `head` does.
        _let_go_of_output()
        return FAILED
    except Exception as error:  # noqa: BLE001  # the last line of defence: users get one line, never a traceback
        _let_go_of_output()
        return _told(error)
    return status if isinstance(status, int) else OK


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _let_go_of_output() -> None:
    """Keep the interpreter from trying once more, and complaining, to write what cannot be written."""
    try:
        _flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _told(error: Exception) -> int:
    """Tell the user about a failure and give the exit status it means."""
    if os.environ.get("BUBBLED_DEBUG"):
        import traceback  # noqa: PLC0415  # only those who look for a defect need it

        traceback.print_exception(error)
    match error:
        case click.UsageError():
            command = error.ctx.command_path if error.ctx else "bubbled"
            _complain(f"{error.format_message()} See `{command} --help`.")
            return USAGE
        case click.ClickException():
            _complain(error.format_message())
            return FAILED
        case BubbledError():
            _complain(str(error))
            return FAILED
        case OSError():
            _complain(f"The system refused: {error}.")
            return FAILED
        case _:
            _complain(f"A defect in bubbled ({type(error).__name__}: {error}); BUBBLED_DEBUG=1 shows where.")
            return FAILED


def _complain(text: str) -> None:
    click.echo(f"bubbled: {harmless(' '.join(text.split()))}", err=True)
