"""Builds the layout of the popups from the settings."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled import condition
from bubbled.daemon.button_assembly import buttons
from bubbled.number import to_e164
from bubbled.popup import country
from bubbled.popup.language import catalogue
from bubbled.popup.layout import Layout
from bubbled.popup.wording import Wording
from bubbled.zone import HERE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.settings.schema import Settings


def layout(settings: Settings, program: str, may_dial: Callable[[str], bool]) -> Layout:
    """What popups say; `program` is what the user types to speak to this daemon."""
    wished, texts = settings.popup.layout, catalogue(os.environ)
    language = texts.info().get("language", "en")
    country.name(settings.me.region, language)  # reads the names while no phone rings
    usual = Layout(region=settings.me.region)
    return Layout(
        region=settings.me.region,
        headline=wished.headline or usual.headline,
        lines=usual.lines if wished.lines is None else wished.lines,
        most_lines=usual.most_lines if wished.lines is None else len(wished.lines),
        footnote=wished.footnote or (usual.footnote if wished.lines is None else ""),
        picture=wished.picture or "",
        home=_home(),
        vip=condition.parse(settings.popup.vip) if settings.popup.vip else None,
        numbers=_labels(settings.me.numbers, settings.me.region),
        extension=settings.me.extension,
        country=partial(country.name, language=language),
        wording=Wording(texts, settings.team.names, settings.dial.names, program),
        may_dial=may_dial,
        zone=HERE,
        buttons=buttons(settings),
    )


def _labels(numbers: Mapping[str, str], region: str) -> Mapping[str, str]:
    """The labels also by E.164, since the PBX may write the same number in another notation."""
    known = {to_e164(number, region): label for number, label in numbers.items()}
    return {number: label for number, label in known.items() if number} | dict(numbers)


def _home() -> str:
    try:
        return str(Path.home())
    except RuntimeError:  # no home folder: pictures in it are not shown
        return ""
