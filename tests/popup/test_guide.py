"""The guide stays in step with what templates may hold."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bubbled.model import Device
from bubbled.popup import country
from bubbled.popup.example import everything
from bubbled.popup.layout import Layout
from bubbled.popup.legend import legend
from bubbled.popup.variable import Values
from bubbled.popup.wording import Wording
from tests.popup.test_layout import NOW

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bubbled.popup.legend import Entry

DOCS = Path(__file__).parents[2] / "docs"
POPUP = (DOCS / "popup.md").read_text(encoding="utf-8")
LAYOUT = (DOCS / "layout.md").read_text(encoding="utf-8")
DESK = Layout(
    region="NL",
    wording=Wording(colleagues={"102": "Bob"}, phones={Device("PJSIP/101"): "Desk phone"}),
    country=partial(country.name, language="en"),
)


def rows(entries: Iterable[Entry]) -> list[str]:
    cells = (tuple(cell.replace("|", r"\|") for cell in (e.word, e.meaning, e.example)) for e in entries)
    return [f"| `{word}` | {meaning} | {example} |" for word, meaning, example in cells]


def test_the_guide_lists_every_variable_and_filter_with_meaning_and_example() -> None:
    subject, layout = everything(DESK, NOW)
    found = legend(Values(subject, layout, NOW))
    told = [line for line in LAYOUT.splitlines() if line.startswith("| `$")]
    assert told == rows([*found.variables, *found.filters])


def test_the_guide_tells_the_usual_layout() -> None:
    usual = Layout(region="NL")
    lines = "\n".join(f'    "{line}",' for line in usual.lines)
    assert f'headline = "{usual.headline}"\nlines = [\n{lines}\n]' in LAYOUT


def test_the_pictures_of_the_guide_are_there() -> None:
    pictures = [part.partition(")")[0] for part in (POPUP + LAYOUT).split("](images/")[1:]]
    assert pictures
    assert all((DOCS / "images" / picture).is_file() for picture in pictures)
