"""From answers to what the settings file is to say."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from bubbled.settings.schema import AMI_PORT, AMI_TLS_PORT, SIP_PORT, SIP_TLS_PORT, PbxKind, SipTransport
from bubbled.settings.value import is_loopback
from bubbled.setup.answer import DEVICES, HOST, PORT, TLS, WAY, YES, Answers
from bubbled.setup.contacts import kind_of

if TYPE_CHECKING:
    from bubbled.setup.known import Known

Values = Mapping[tuple[str | int, ...], Any]
"""What each key is to be, by its path in the file; `GONE`: it is to have its default again."""

Places = Mapping[str, Mapping[str, Any]]
"""Where secrets are kept, by their keys in the answers, as the settings write it: `{"file": "~/secret"}`."""


class _Gone:
    """Stands for a key that is to be taken out."""


GONE: Final = _Gone()

_OF_SIP_ALONE: Final = ("transport", "domain", "auth_username", "follow", "phone")
_OF_AMI_ALONE: Final = ("tls", "sip")


def values(answers: Answers, known: Known, places: Places) -> dict[tuple[str | int, ...], Any]:
    """All that the file is to say that it does not say yet.

    A secret without a place stands as it is: for trying it, never for a file.
    """
    wanted: dict[tuple[str | int, ...], Any] = {}
    directory: dict[str, Any] = dict(known.more.get(("directory", ""), {}))
    wanted |= {path: value for path, value in known.more.items() if path != ("directory", "")}
    kept = {**known.places, **places}
    for key in dict.fromkeys((*answers, *kept)):
        section, _, name = key.partition(".")
        text = answers.get(key, "")
        if section == "try" or not (text or key in kept):
            continue
        value = dict(kept[key]) if key in kept else _typed(key, text)
        if section == "directory":
            _put(directory, name.split("."), value)
        else:
            wanted[section, name] = value
    wanted |= {("pbx", name): GONE for name in _foreign(answers)}
    _leave_usual(wanted, answers)
    if directory.get("kind", "none") != "none":
        wanted["directory", len(known.directories)] = {
            "name": directory.pop("name", "Contacts"),
            "kind": kind_of(answers),
            **{name: value for name, value in directory.items() if name != "kind"},
        }
    return {path: value for path, value in wanted.items() if _differs(path, value, known)}


def applied(document: Mapping[str, Any], changed: Values) -> dict[str, Any]:
    """Give the document with those values; neither is changed."""
    result: dict[str, Any] = deepcopy(dict(document))
    for (section, name), value in changed.items():
        table = result.setdefault(str(section), [] if isinstance(name, int) else {})
        if isinstance(table, list):
            table[int(name) :] = [value]
        elif value is GONE:
            table.pop(name, None)
        else:
            table[name] = value
    return result


def _typed(key: str, text: str) -> Any:
    match key:
        case _ if key == PORT:
            return int(text) if text.isascii() and text.isdecimal() else text
        case _ if key == DEVICES:
            return [word.strip() for word in text.split(",")]
        case _ if key == TLS:
            return text == YES
        case _:
            return text


def _put(table: dict[str, Any], steps: list[str], value: Any) -> None:
    *above, last = steps
    for step in above:
        table = table.setdefault(step, {})
    table[last] = value


def _foreign(answers: Answers) -> tuple[str, ...]:
    """The keys of [pbx] that mean nothing with this way."""
    return _OF_AMI_ALONE if answers.get(WAY) == PbxKind.SIP else _OF_SIP_ALONE


def _leave_usual(wanted: dict[tuple[str | int, ...], Any], answers: Answers) -> None:
    """Leave out what is so without being said, or take it out where the file says otherwise."""
    host, is_sip = answers.get(HOST, ""), answers.get(WAY) == PbxKind.SIP
    usual: dict[str, str | int | bool] = {"kind": PbxKind.AMI.value}
    if is_sip:
        transport = (SipTransport.UDP if is_loopback(host) else SipTransport.TLS).value
        is_private = wanted.get(("pbx", "transport"), SipTransport.TLS) == SipTransport.TLS
        usual |= {"transport": transport, "port": SIP_TLS_PORT if is_private else SIP_PORT}
    else:
        is_private = wanted.get(("pbx", "tls"), True)
        usual |= {"tls": not is_loopback(host), "port": AMI_TLS_PORT if is_private else AMI_PORT}
    if not is_private:
        wanted["pbx", "ca_file"] = GONE
    # What was not found out, because the PBX is down just now, stays as the file says.
    for name, value in usual.items():
        if wanted.get(("pbx", name)) == value:
            wanted["pbx", name] = GONE


def _differs(path: tuple[str | int, ...], value: Any, known: Known) -> bool:
    section, name = path
    table = known.present.get(str(section))
    if isinstance(name, int) or not isinstance(table, Mapping):
        return value is not GONE
    return name in table if value is GONE else table.get(name) != value
