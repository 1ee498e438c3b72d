from gettext import GNUTranslations

import pytest

from bubbled.popup.language import catalogue, preferred


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
