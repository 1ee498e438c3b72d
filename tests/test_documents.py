"""The guides call what is on the screen as the screen does, in both languages."""

import re
from pathlib import Path

import pytest

from scripts.catalogues import DOMAINS, catalogue

DOCS = Path(__file__).parents[1] / "docs"

QUOTED = re.compile(r"(?<!\*)\*(?![*\[])([^*\n]+)\*(?!\*)")
PLACE = re.compile(r"%\\\(\w+\\\)s|\\\{\w*\\\}")


def texts(*, is_dutch: bool) -> list[str]:
    """Everything that popups, the icon and the pages may say."""
    messages = [message for domain in DOMAINS for message in catalogue(domain)]
    said = [message.string if is_dutch else message.id for message in messages]
    return [form for text in said for form in ([text] if isinstance(text, str) else text or ()) if form]


def begins(quote: str, text: str) -> bool:
    """Whether a quote is a text, or how it begins, with something in its places."""
    return any(
        re.fullmatch(PLACE.sub(".+", re.escape(beginning)), quote) for beginning in (text, text[: len(quote)])
    )


@pytest.mark.parametrize(("guide", "is_dutch"), [("guide.md", False), ("gids.md", True)])
def test_what_a_guide_quotes_is_on_the_screen(guide: str, is_dutch: bool) -> None:  # noqa: FBT001 - a case
    said = texts(is_dutch=is_dutch)
    quotes = QUOTED.findall((DOCS / guide).read_text(encoding="utf-8"))
    assert len(quotes) > 20
    assert [quote for quote in quotes if not any(begins(quote, text) for text in said)] == []


def pages_shown(guide: str) -> set[str]:
    shown = re.findall(r"images/(page-[\w-]+)\.png", (DOCS / guide).read_text(encoding="utf-8"))
    return {name.removesuffix("-nl") for name in shown}


def test_both_guides_show_the_same_pages() -> None:
    english, dutch = pages_shown("guide.md"), pages_shown("gids.md")
    assert english - dutch == {"page-now-dark", "page-narrow"}
    assert dutch <= english
