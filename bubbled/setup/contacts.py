"""The questions about the first address book."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bubbled.settings.directory import DirectoryKind
from bubbled.setup.answer import KIND, NAME, NONE, NUMBER, PATH, PRESET, Answers
from bubbled.setup.question import Choice, Group, Kind, Question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bubbled.setup.known import Known

FILE: Final = "file"
URL: Final = "directory.url"
BASE: Final = "directory.base"
BIND_DN: Final = "directory.bind_dn"
USERNAME: Final = "directory.username"
PASSWORD: Final = "directory.password"  # noqa: S105 - the name of a key

_KINDS_BY_SUFFIX: Final = {
    ".vcf": DirectoryKind.VCARD,
    ".vcard": DirectoryKind.VCARD,
    ".xlsx": DirectoryKind.EXCEL,
    ".xlsm": DirectoryKind.EXCEL,
    ".xlsb": DirectoryKind.EXCEL,
    ".xls": DirectoryKind.EXCEL,
    ".ods": DirectoryKind.EXCEL,
}


def kind_of(answers: Answers) -> str:
    """The kind as the settings write it; that of a file follows from its name, and is CSV without a hint."""
    kind = answers.get(KIND, NONE)
    if kind != FILE:
        return kind
    return _KINDS_BY_SUFFIX.get(PurePath(answers.get(PATH, "")).suffix.lower(), DirectoryKind.CSV).value


def contacts(answers: Answers, known: Known) -> Iterator[Question]:
    """Ask for one address book, and for a number to look up in it."""
    yield _kind(known)
    match kind_of(answers):
        case "none":
            return
        case DirectoryKind.CSV | DirectoryKind.EXCEL | DirectoryKind.VCARD:
            yield _asked(
                PATH, "Path of the file", kind=Kind.PATH, hint="Tab completes it. The file stays yours."
            )
        case DirectoryKind.CARDDAV:
            yield from _carddav(known)
        case DirectoryKind.LDAP:
            yield from _ldap(answers, known)
        case DirectoryKind.REST:
            yield from _rest(answers, known)
        case _:  # a kind that is too much for questions: whoever gives its keys gives them all
            pass
    yield _asked(NAME, "What shall it be called?", default=_name(answers, known))
    yield _asked(
        NUMBER,
        "A phone number that is in it, to try it",
        hint="Enter goes on without trying.",
        default="",
    )


def _kind(known: Known) -> Question:
    names = known.directories
    has = f"There {'is' if len(names) == 1 else 'are'} already: {', '.join(names)}. " if names else ""
    return Question(
        key=KIND,
        group=Group.CONTACTS,
        text="Add another address book?" if names else "Where are your contacts?",
        kind=Kind.CHOICE,
        hint=f"{has}More kinds, and more than one: docs/directories.md.",
        default=NONE if names else FILE,
        choices=(
            Choice(FILE, "in a file: CSV, Excel or vCard"),
            Choice(
                DirectoryKind.CARDDAV.value, "on a server of address books: Nextcloud, iCloud, ... (CardDAV)"
            ),
            Choice(DirectoryKind.REST.value, "in a CRM package or online service"),
            Choice(DirectoryKind.LDAP.value, "in the directory of the company (LDAP, Active Directory)"),
            Choice(NONE, "none for now" if not names else "no"),
        ),
    )


def _carddav(known: Known) -> Iterator[Question]:
    yield _asked(URL, "Address of the server", hint="Such as https://cloud.example.com/remote.php/dav")
    yield _asked(USERNAME, "User name")
    yield _secret(PASSWORD, "Password", known, "Mostly one made for this use (app password).")


def _ldap(answers: Answers, known: Known) -> Iterator[Question]:
    yield _asked(URL, "Address of the server", hint="Such as ldaps://ldap.example.com")
    yield _asked(BASE, "Where in it the people are", hint="Such as ou=people,dc=example,dc=com")
    yield _asked(BIND_DN, "Account to log in with", hint="Enter: the server asks for none.", default="")
    if answers.get(BIND_DN):
        yield _secret(PASSWORD, "Its password", known)


def _rest(answers: Answers, known: Known) -> Iterator[Question]:
    yield _asked(PRESET, "Which package?", kind=Kind.CHOICE, choices=known.presets)
    for need in known.needs.get(answers.get(PRESET, ""), ()):
        text = f"{need.about[:1].upper()}{need.about[1:]}"
        if need.is_secret:
            yield _secret(need.key, text, known)
        else:
            yield _asked(need.key, text, hint=f"Such as {need.example}" if need.example else "")


def _name(answers: Answers, known: Known) -> str:
    """A name for the directory that none has yet."""
    titles = {choice.word: choice.text.partition(":")[0] for choice in known.presets}
    wished = (
        PurePath(answers.get(PATH, "")).stem.replace("_", " ").strip().capitalize()
        or titles.get(answers.get(PRESET, ""))
        or _host(answers.get(URL, ""))
        or "Contacts"
    )
    taken = known.directories
    numbered = (wished if number == 1 else f"{wished} {number}" for number in range(1, len(taken) + 2))
    return next(name for name in numbered if name not in taken)


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _secret(key: str, text: str, known: Known, hint: str = "") -> Question:
    """Ask for a secret, unless it is said where it is kept."""
    return _asked(key, text, kind=Kind.SECRET, hint=hint, default="" if known.has(key) else None)


def _asked(  # noqa: PLR0913 - what a question has
    key: str,
    text: str,
    *,
    kind: Kind = Kind.TEXT,
    hint: str = "",
    default: str | None = None,
    choices: tuple[Choice, ...] = (),
) -> Question:
    return Question(
        key=key, group=Group.CONTACTS, text=text, kind=kind, hint=hint, default=default, choices=choices
    )
