"""The kinds of value that settings are made of, each with its own check.

A check raises ValueError with what is expected, and never repeats the value: it may be a secret gone astray.
"""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict

from bubbled import condition, keystroke
from bubbled.hours import parse as parse_hours
from bubbled.model import Device

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?:\.(?!-)[A-Za-z0-9_-]{1,63})*\.?")
_NUMBER_PATTERN = re.compile(r"[0-9+*?\[\]-]{1,32}")
_KINDS_OF_NUMBER = ("premium_rate", "shared_cost", "abroad")
_TECHNOLOGIES = ("PJSIP", "SIP", "IAX2", "DAHDI", "SCCP", "Skinny", "MGCP", "UniStim", "Motif")


class Section(BaseModel):
    """A table of the settings file: unchangeable, without unknown keys, and without guesses at types."""

    model_config = ConfigDict(
        defer_build=True,  # only the whole is built, and only once; its parts alone would cost as much again
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        strict=True,
    )


# TOML knows no tuples, enums or paths: these alone are made from what it does know.
Many = Annotated[tuple[T, ...], Strict(strict=False)]
Few = Annotated[tuple[T, ...], Strict(strict=False), Field(max_length=50)]
Lax = Annotated[T, Strict(strict=False)]


def _plain(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    if has_control_characters(text):
        raise ValueError("must not hold line breaks, tabs or other control characters")
    return text


def _dialplan_word(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.+*#-]+", text):
        raise ValueError("must be one word of letters, digits and _ . + * # -")
    return text


def _channel_name(text: str) -> str:
    technology, slash, name = text.partition("/")
    if not (slash and name and technology) or " " in text:
        raise ValueError('must be a technology and a name, such as "PJSIP/101"')
    for known in _TECHNOLOGIES:
        if technology != known and technology.upper() == known.upper():
            raise ValueError(f"must be spelt as Asterisk does; did you mean '{known}/{name}'?")
    return text


def _digits(text: str) -> str:
    if not re.fullmatch(r"[0-9*#]{0,10}", text):
        raise ValueError("must be at most ten digits, * and #, as one dials them")
    return text


def _number_pattern(text: str) -> str:
    if not _NUMBER_PATTERN.fullmatch(text):
        raise ValueError('must be digits, with * for any and ? for one of them, such as "1??"')
    return text


def _ask_first(word: str) -> str:
    if word not in _KINDS_OF_NUMBER and not _NUMBER_PATTERN.fullmatch(word):
        kinds = ", ".join(f'"{kind}"' for kind in _KINDS_OF_NUMBER)
        raise ValueError(f'must be {kinds}, or a pattern of numbers such as "+44*"')
    return word


def _tier_number(text: str) -> str:
    if not re.fullmatch(r"[1-9]", text):
        raise ValueError("must be the number of a tier, from 1 to 9")
    return text


def _variable_name(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", text):
        raise ValueError("must be a word of small letters, digits and _")
    return text


def _key(text: str) -> str:
    return "none" if text.lower() == "none" else str(keystroke.parse(text))


def _hours(text: str) -> str:
    parse_hours(text)
    return text


def _condition(text: str) -> str:
    condition.parse(text)
    return text


def _sip_header(text: str) -> str:
    # Asterisk takes commas, quotes and backslashes apart before it sets a variable.
    if not re.fullmatch(r"[A-Za-z][A-Za-z-]*: [^,\"'\\(){}$]+", text):
        raise ValueError(
            "must be a SIP header without commas, quotes and brackets, "
            'such as "Alert-Info: info=alert-autoanswer"'
        )
    return text


def _country(text: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS  # noqa: PLC0415 - its tables take longer to load than all our models

    region = text.upper()
    if region == "UK":
        raise ValueError("is not a country in ISO 3166; did you mean 'GB'?")
    if region not in SUPPORTED_REGIONS:
        raise ValueError('must be a country in two letters as ISO 3166 has them, such as "NL"')
    return region


def _address(text: str) -> str:
    if is_ip_address(text) or _HOST_NAME.fullmatch(text):
        return text
    if "://" in text or re.fullmatch(r"\[?[^\s\[\]]+\]?:\d+", text):
        raise ValueError("must be the bare name or address; the port has a key of its own")
    raise ValueError('must be a host name or an IP address, such as "pbx.example.com"')


def _absolute(path: Path) -> Path:
    _plain(str(path))
    try:
        expanded = path.expanduser()
    except RuntimeError:
        raise ValueError("begins with the home folder of a user that does not exist") from None
    if not expanded.is_absolute():
        raise ValueError('must begin with "/" or "~/": the daemon has no folder of its own to start from')
    return expanded


def _in_a_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def not_empty(values: tuple[T, ...]) -> tuple[T, ...]:
    """The values themselves. Pydantic's own check counts only valid ones, and so tells a mistake twice."""
    if not values:
        raise ValueError("must not be empty")
    return values


def has_control_characters(text: str) -> bool:
    """Whether `text` could end a line of AMI, or make a terminal do something."""
    return _CONTROL.search(text) is not None


def is_ip_address(host: str) -> bool:
    """Whether `host` is an IPv4 or IPv6 address rather than a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether `host` is this computer itself, so that nothing sent there leaves it (RFC 6761, 6.3)."""
    if is_ip_address(host):
        return ipaddress.ip_address(host).is_loopback
    name = host.lower().rstrip(".")
    return name == "localhost" or name.endswith(".localhost")


Text = Annotated[str, AfterValidator(_plain)]
"""One line that says something."""

DialplanWord = Annotated[Text, AfterValidator(_dialplan_word)]
"""An extension or a context of the dialplan."""

DeviceName = Annotated[Device, AfterValidator(_plain), AfterValidator(_channel_name)]
"""A channel name without its serial: `PJSIP/101`."""

DialDigits = Annotated[str, AfterValidator(_digits)]
"""What is dialled before a number; may be empty."""

NumberPattern = Annotated[Text, AfterValidator(_number_pattern)]
"""Numbers with `*`, `?` and `[...]` as in file names."""

AskFirst = Annotated[Text, AfterValidator(_ask_first)]
"""A kind of number that costs more, or a pattern of numbers in international notation."""

Key = Annotated[Text, AfterValidator(_key)]
"""A key with its modifiers as `bubbled.keystroke` writes it, or `none`."""

Hours = Annotated[Text, AfterValidator(_hours)]
"""Days of the week and a span of time, as `bubbled.hours` reads them: `Mon-Fri 08:30-17:30`."""

Condition = Annotated[Text, AfterValidator(_condition)]
"""Something that holds for a call or not, as `bubbled.condition` reads it: `inbound and matched`."""

SipHeader = Annotated[Text, AfterValidator(_sip_header)]
"""A header that a phone gets with a call: `Name: value`."""

DevicePatterns = Annotated[Many[Annotated[Text, AfterValidator(_channel_name)]], BeforeValidator(_in_a_list)]
"""Device names with `*`, `?` and `[...]` as in file names; one may stand without brackets."""

TierNumber = Annotated[Text, AfterValidator(_tier_number)]
"""The number of a tier of directories, as the key of a table."""

VariableName = Annotated[Text, AfterValidator(_variable_name)]
"""What stands for a value in a template: `portal_id`."""

Region = Annotated[Text, AfterValidator(_country)]
"""A country by ISO 3166-1 alpha-2, in capitals, whose numbering plan is known."""

Host = Annotated[Text, AfterValidator(_address)]
"""A host name or an IP address, without port."""

Port = Annotated[int, Field(ge=1, le=65535)]
"""A TCP port."""

AnyPath = Annotated[Lax[Path], AfterValidator(_absolute)]
"""An absolute path; `~` has been expanded."""
