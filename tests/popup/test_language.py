from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from bubbled.popup.language import CATALOGUES, catalogue, preferred

DUTCH = CATALOGUES / "nl" / "LC_MESSAGES"


@pytest.mark.parametrize(
    ("environ", "languages"),
    [
        ({}, []),
        ({"LANG": "nl_NL.UTF-8"}, ["nl_NL.UTF-8"]),
        ({"LANG": "nl_NL.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, []),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "nl_BE.UTF-8"}, ["nl_BE.UTF-8"]),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "nl:de"}, ["nl", "de"]),
        ({"LANG": "nl_NL.UTF-8", "LANGUAGE": "en:nl"}, []),
        ({"LANG": "C", "LANGUAGE": "nl"}, []),
        ({"LANG": "C.UTF-8"}, []),
        ({"LANG": "POSIX"}, []),
    ],
)
def test_the_language_follows_the_environment(environ: dict[str, str], languages: list[str]) -> None:
    assert preferred(environ) == languages


def test_dutch_is_spoken_to_who_wants_it() -> None:
    assert catalogue({"LANG": "nl_NL.UTF-8"}).gettext("Talking") == "In gesprek"


@pytest.mark.parametrize("language", ["tlh", "../../../etc", "\0"])
def test_a_language_that_there_is_not_is_english(language: str) -> None:
    words = catalogue({"LANG": language})
    assert not isinstance(words, GNUTranslations)
    assert words.gettext("Talking") == "Talking"


def test_every_text_of_the_sources_is_translated_and_none_is_left_over() -> None:
    package = Path(__file__).parents[2] / "bubbled"
    found = (
        extract_from_dir(package / room, [("**.py", "python")])
        for room in ("action", "dialing", "popup", "speech", "tray")
    )
    sources = {message for messages in found for _, _, message, _, _ in messages}
    with (DUTCH / "bubbled.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    assert {message.id for message in messages} == sources
    assert [m.id for m in messages if not (m.string and all(m.string)) or m.fuzzy] == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    recompiled = BytesIO()
    with (DUTCH / "bubbled.po").open("rb") as written:
        write_mo(recompiled, read_po(written))
    recompiled.seek(0)
    with (DUTCH / "bubbled.mo").open("rb") as compiled:
        assert texts(read_mo(compiled)) == texts(read_mo(recompiled))


def texts(catalog: Catalog) -> list[tuple[object, object]]:
    return [(message.id, message.string) for message in catalog if message.id]
