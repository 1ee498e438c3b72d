from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from babel.messages.mofile import read_mo, write_mo

from scripts.catalogues import DOMAINS, DUTCH, catalogue, texts, untranslated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from babel.messages.catalog import Catalog

pytestmark = pytest.mark.parametrize("domain", DOMAINS)


def test_every_text_of_the_sources_is_translated_and_none_is_left_over(domain: str) -> None:
    found = catalogue(domain)
    assert {message.id for message in found if message.id} == {text for text, _ in texts(domain)}
    assert [message.id for message in untranslated(found)] == []


def test_the_compiled_catalogue_is_the_written_one(domain: str) -> None:
    recompiled = BytesIO()
    write_mo(recompiled, catalogue(domain))
    recompiled.seek(0)
    with (DUTCH / f"{domain}.mo").open("rb") as compiled:
        assert _said(read_mo(compiled)) == _said(read_mo(recompiled))


def test_a_translation_has_the_places_of_its_text(domain: str) -> None:
    """A place that is missing in Dutch, or one too many, would fail only where somebody reads Dutch."""
    wrong = []
    for message in catalogue(domain):
        meant, said = _forms(message.id)[-1], [each for each in _forms(message.string) if each]
        if message.id and any(_places(each) != _places(meant) for each in said[-1:]):
            wrong.append(message.id)
        if any(not _places(each) <= _places(meant) for each in said):
            wrong.append(message.id)
    assert wrong == []


def _forms(text: str | Sequence[str] | None) -> Sequence[str]:
    return [text] if isinstance(text, str) else list(text or ())


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{\w*\}", text))


def _said(found: Catalog) -> list[tuple[object, object]]:
    return [(message.id, message.string) for message in found if message.id]
