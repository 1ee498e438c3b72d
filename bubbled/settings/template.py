"""What may be wrong with the templates in the settings: filters and variables that do not exist."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from bubbled.condition import parse as parse_condition
from bubbled.settings.suggestion import nearest
from bubbled.settings.value import Text
from bubbled.template import parse
from bubbled.vocabulary import FILTERS, VARIABLES, complaint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bubbled.settings.button import ButtonSettings
    from bubbled.settings.schema import Settings
    from bubbled.template import Filter

_UNCLOSED = re.compile(r"\$\$|\$\{[^{}]+\}|(?P<unclosed>\$\{)")

LONGEST = 4000
"""Characters of a template: all of them are filled in for every card."""

# Columns of address books are variables too: only what differs in a letter or two is taken for a slip.
_SLIP = 0.8


def checked(text: str) -> str:
    """A template whose filters can be applied; what its variables are, only the address books know.

    Raises:
        ValueError: with what is wrong, and what would be right.
    """
    if len(text) > LONGEST:
        raise ValueError(f"must have at most {LONGEST} characters")
    if any(found["unclosed"] for found in _UNCLOSED.finditer(text)):
        raise ValueError('holds "${" without a name and "}" behind it; a dollar sign itself is $$')
    for placeholder in parse(text).placeholders:
        for each in placeholder.filters:
            if wrong := _wrong(each):
                raise ValueError(wrong)
    return text


TemplateText = Annotated[Text, AfterValidator(checked)]
"""One line with `$variables`."""

TemplateLines = Annotated[str, AfterValidator(checked)]
"""The same, in any number of lines, also none."""


def _wrong(each: Filter) -> str | None:
    if each.name in FILTERS:
        amiss = complaint(each.name, each.argument)
        return f"holds the filter {each.name}, which {amiss}" if amiss else None
    meant = nearest(each.name, FILTERS)
    hint = f"did you mean '{meant}'?" if meant else f"known are {', '.join(FILTERS)}"
    return f"holds a filter '{each.name[:40]}' that does not exist; {hint}"


def templates(settings: Settings) -> Iterator[tuple[str, str]]:
    """Every template in the settings, with its key."""
    layout = settings.popup.layout
    yield from _given("popup.layout", (("headline", layout.headline),))
    yield from _listed("popup.layout.lines", layout.lines)
    yield from _given("popup.layout", (("footnote", layout.footnote), ("picture", layout.picture)))
    for number, button in enumerate(settings.buttons or (), 1):
        yield from _of_button(f"button[{number}]", button)


def _of_button(key: str, button: ButtonSettings) -> Iterator[tuple[str, str]]:
    yield from _given(key, (("label", button.label), ("open", button.open), ("copy", button.copy_text)))
    yield from _given(key, (("dial", button.dial),))
    if (mail := button.mail) is not None:
        wished = (("recipient", mail.recipient), ("subject", mail.subject), ("body", mail.body))
        yield from _given(f"{key}.mail", wished)
    yield from _listed(f"{key}.run", button.run)


def _given(above: str, wished: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str]]:
    return ((f"{above}.{key}", text) for key, text in wished if text)


def _listed(key: str, texts: tuple[str, ...] | None) -> Iterator[tuple[str, str]]:
    return ((f"{key}[{number}]", text) for number, text in enumerate(texts or (), 1))


def _conditions(settings: Settings) -> Iterator[tuple[str, str]]:
    yield from _given("popup", (("vip", settings.popup.vip),))
    for number, button in enumerate(settings.buttons or (), 1):
        yield from _given(f"button[{number}]", (("when", button.when),))


def strange(settings: Settings) -> Iterator[tuple[str, str]]:
    """The variables in templates and conditions that are not ours, each with the key of where it stands."""
    for key, text in templates(settings):
        yield from ((key, name) for name in sorted(parse(text).names - VARIABLES.keys()))
    for key, text in _conditions(settings):
        yield from ((key, name) for name in sorted(parse_condition(text).variables - VARIABLES.keys()))


def doubts(settings: Settings) -> Iterator[str]:
    """One line for each variable that is likely a misspelt one of ours."""
    for key, name in strange(settings):
        if meant := _slip(name):
            yield (
                f"{key}: ${name} is no variable of bubbled; did you mean ${meant}? "
                "If your address book has such a column, all is well"
            )


def _slip(name: str) -> str | None:
    meant = nearest(name, VARIABLES)
    if meant is None or name == f"{meant}s":
        return None
    return meant if SequenceMatcher(None, name, meant).ratio() >= _SLIP else None
