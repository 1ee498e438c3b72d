import pytest

from bubbled.settings.directory import DirectoryKind
from bubbled.settings.suggestion import nearest

KEYS = ["host", "port", "tls", "username", "secret", "ca_file", "kind"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("hots", "host"),
        ("hostname", "host"),
        ("PORT", "port"),
        ("prot", "port"),
        ("tsl", "tls"),
        ("user", "username"),
        ("password", "secret"),
        ("server", "host"),
        ("colour", None),
        ("", None),
        ("host" * 1000, None),
    ],
)
def test_what_is_near_is_suggested(word: str, meant: str | None) -> None:
    assert nearest(word, KEYS) == meant


@pytest.mark.parametrize(
    ("word", "meant"), [("postgres", "sql"), ("AD", "ldap"), ("hubspot", "rest"), ("xlsx", "excel")]
)
def test_a_product_suggests_its_kind(word: str, meant: str) -> None:
    assert nearest(word, list(DirectoryKind)) == meant


def test_of_two_that_are_as_near_the_one_with_the_same_letters_is_meant() -> None:
    assert nearest("dail", ["mail", "dial"]) == "dial"
    assert nearest("dial", ["mail", "dill"]) == "dill"


def test_the_word_keeps_its_own_capitals() -> None:
    assert nearest("pjsip", ["PJSIP", "SIP"]) == "PJSIP"


def test_a_synonym_counts_only_where_its_meaning_is_known() -> None:
    assert nearest("password", ["host", "port"]) is None
