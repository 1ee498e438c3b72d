"""What may stand in the settings about the buttons of popups."""

import re
from collections.abc import Iterator
from itertools import dropwhile
from pathlib import PurePath
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from bubbled.settings.template import TemplateLines, TemplateText
from bubbled.settings.value import Condition, Few, Section, has_control_characters, not_empty
from bubbled.template import parse

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WITH_HOST = re.compile(r"https?://[^/?#\s]+[/?#]", re.IGNORECASE)
_WHOLE_PAGE = re.compile(r"https?://[^/?#\s]+", re.IGNORECASE)

# They open what is on this computer, or run what stands in the address itself.
_DANGEROUS = frozenset(
    {"about", "blob", "data", "file", "filesystem", "javascript", "vbscript", "view-source"}
)

_INTERPRETERS = re.compile(
    r"(?:ba|da|z|k|c|tc|fi)?sh|busybox|eval|perl|php|python[\d.]*|ruby|node|osascript|pwsh|lua[\d.]*"
    r"|[gmn]?awk|tclsh[\d.]*|expect"
)
_ANNOUNCES = re.compile(r"-\w*[cerEp]|--(?:eval|print|command|execute|run)")
"""An option behind which a script stands."""

_SHELL_USERS = re.compile(r"ssh|rsh|su|runuser|watch|script|parallel|tmux|screen")
"""They put their arguments together for a shell to read, here or on another computer."""

_SHELL = (
    "may not give variables to a program that has a shell read them: a caller could write commands there; "
    "run a program of your own that takes them as its arguments"
)
_SCRIPT = (
    "may not put variables into a script: a caller could write commands there; give them to the script as "
    'arguments, such as ["sh", "-c", "echo \\"$1\\"", "sh", "$name"]'
)


def _address(text: str) -> str:
    template = parse(text)
    if template.alone is not None:
        return text
    begin = template.parts[0]
    scheme = _SCHEME.match(begin) if isinstance(begin, str) else None
    if scheme is None:
        raise ValueError('must begin with its scheme, such as "https://", or be one variable alone')
    if scheme[1].lower() in _DANGEROUS:
        raise ValueError(
            "may not open files, nor run what stands in an address; begin with https://, or with the scheme "
            "of an application"
        )
    is_page = scheme[1].lower() in {"http", "https"}
    if is_page and not (_WITH_HOST.match(str(begin)) if template.placeholders else _WHOLE_PAGE.match(text)):
        raise ValueError(
            'must name the server before any variable, such as "https://crm.example.com/$number_e164"'
        )
    return text


def _command_line(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Nobody from outside may choose the program, nor write any of what an interpreter runs."""
    if parse(not_empty(arguments)[0]).placeholders:
        raise ValueError("must begin with the name of a program, without variables")
    if any(parse(argument).placeholders for argument in _script(arguments)):
        raise ValueError(_SCRIPT)
    has_values = any(parse(argument).placeholders for argument in arguments)
    if has_values and any(map(_SHELL_USERS.fullmatch, (_program(arguments[0]), *arguments[1:]))):
        raise ValueError(_SHELL)
    return arguments


def _script(arguments: tuple[str, ...]) -> Iterator[str]:
    """What the first interpreter reads as its options and its script; all behind that is for the script.

    Options may have values, such as that of `bash -o pipefail -c ...`: where they come first, all counts up
    to the script that one of them announces.
    """
    rest = list(dropwhile(lambda each: not _INTERPRETERS.fullmatch(_program(each)), arguments))[1:]
    has_options = bool(rest) and rest[0].startswith("-")
    announced = [at for at, each in enumerate(rest) if has_options and _ANNOUNCES.fullmatch(each)]
    file = next((at for at, each in enumerate(rest) if not each.startswith("-")), len(rest))
    yield from rest[: (announced[0] + 1 if announced else file) + 1]


def _program(argument: str) -> str:
    return PurePath(argument).name.lower()


def _one_line(text: str) -> str:
    if has_control_characters(text):
        raise ValueError("must not hold line breaks, tabs or other control characters")
    return text


Address = Annotated[TemplateText, AfterValidator(_address)]
"""The template of an address that the desktop opens; its beginning is the user's own."""

CommandLine = Annotated[Few[TemplateText], AfterValidator(_command_line)]
"""A program and its arguments, which may be templates."""

Recipient = Annotated[TemplateLines, AfterValidator(_one_line)]
"""Mail addresses with commas between them; may be empty."""


class MailSettings(Section):
    """A mail that a button begins, as templates; the user sends it."""

    recipient: Recipient = ""
    subject: TemplateText
    body: TemplateLines = ""


def _switched_on(value: bool) -> bool:  # noqa: FBT001 - pydantic gives it so
    if not value:
        raise ValueError("can only be true; leave the button out otherwise")
    return value


Chosen = Annotated[bool, AfterValidator(_switched_on)]
"""`true`: this is what the button does."""


class ButtonSettings(Section):
    """A button of the popup: its label, when it is shown, and the one thing that it does.

    Attributes:
        when: a condition on the call and the caller; None: always.
        open: the template of a web address, or of another that the desktop knows how to open.
        copy_text: the template of a text for the clipboard (key `copy`).
        dial: the template of a number.
        run: a program and its arguments, each a template; never through a shell.
        mute_min: minutes for which popups are muted; 0: until unmuted.
    """

    label: TemplateText = Field(examples=['label = "Open in CRM"'])
    when: Condition | None = None
    open: Address | None = None
    mail: MailSettings | None = None
    copy_text: TemplateText | None = Field(default=None, alias="copy")
    dial: TemplateText | None = None
    run: CommandLine | None = None
    mute_min: int | None = Field(default=None, ge=0, le=10_080)
    note: Chosen | None = None
    choose: Chosen | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        does = (
            self.open,
            self.mail,
            self.copy_text,
            self.dial,
            self.run,
            self.mute_min,
            self.note,
            self.choose,
        )
        if sum(each is not None for each in does) != 1:
            raise ValueError(
                "must do one thing, by one of the keys open, mail, copy, dial, run, mute_min, note and choose"
            )
        return self
