from collections import defaultdict
from collections.abc import Iterator

import pytest

from bubbled.settings.field import FieldKind
from bubbled.settings.form import forms
from bubbled.settings.privacy import Fate, Fates, after_secret_key, known, passwords
from bubbled.settings.secret_source import PLACES


def names() -> Iterator[tuple[str, FieldKind]]:
    return ((field.key.rpartition(".")[2], field.kind) for section in forms() for field in section.fields)


def test_every_secret_of_the_schema_is_known_as_one() -> None:
    secret = {name for name, kind in names() if kind in {FieldKind.SECRET, FieldKind.SECRETS}}
    assert secret == {name for name, fate in known().items() if not fate.is_shown}
    assert {"secret", "password", "key", "secrets", "client_secret", "refresh_token"} <= secret


def test_no_name_means_a_secret_here_and_something_else_there() -> None:
    kinds = defaultdict(set)
    for name, kind in names():
        kinds[name].add(kind in {FieldKind.SECRET, FieldKind.SECRETS})
    assert {name for name, found in kinds.items() if len(found) > 1} == set()
    assert not PLACES & {name for name, fate in known().items() if not fate.is_shown}


@pytest.mark.parametrize(
    ("keys", "fate"),
    [
        (("pbx", "host"), Fate.OPEN),
        (("pbx", "secret"), Fate.SECRET),
        (("pbx", "secret", "env"), Fate.OPEN),
        (("pbx", "secret", "command"), Fate.UNKNOWN),
        (("directory", "secrets"), Fate.SECRETS),
        (("directory", "secrets", "env"), Fate.SECRET),
        (("directory", "secrets", "env", "env"), Fate.OPEN),
        (("team", "names", "102"), Fate.OPEN),
        (("directory", "variables", "api_key"), Fate.UNKNOWN),
        (("pbx", "secrte"), Fate.UNKNOWN),
        (("pbx", "pasword"), Fate.UNKNOWN),
        (("pbx", "usernme"), Fate.OPEN),
        (("pbx", "zzzzzzzz"), Fate.UNKNOWN),
        (("zzzzzzzz", "host"), Fate.UNKNOWN),
    ],
)
def test_the_fate_of_a_value_follows_from_its_keys(keys: tuple[str, ...], fate: Fate) -> None:
    found = Fates().inside(Fate.OPEN, keys)
    assert found is fate or (fate is Fate.UNKNOWN and not found.is_shown)


def test_many_unknown_keys_are_no_longer_guessed_at() -> None:
    fates = Fates()
    for number in range(300):
        fates.inside(Fate.OPEN, (f"unknown{number}",))
    assert fates.inside(Fate.OPEN, ("usernme",)) is Fate.UNKNOWN


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://a:b@host/", ["b"]),
        ("postgresql://a:b/c@d@host/x", ["b/c@d"]),
        ("https://host:8080/a@b", []),
        ("https://host/?x=1&api_key=abc&y=$number", ["abc"]),
        ("https://host/?token=$number", []),
        ("mailto:a@b", []),
        ("see https://a:b@c and ftp://d:e@f", ["b", "e"]),
        ('"--password=abc", "--to=$number"', ["abc"]),
        ("--api-key=abc --access-token=def -pwd=ghi", ["abc", "def", "ghi"]),
        ("--password=$name", []),
        ("pass the token=on to --tokens=3", []),
        ("Authorization: Bearer abc.def", ["abc.def"]),
    ],
)
def test_passwords_in_addresses_and_arguments_are_found(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in passwords(text)] == found


def test_the_key_of_a_secret_is_found_in_the_middle_of_a_line() -> None:
    assert after_secret_key('x", secret = "abc') == len('x", secret = ')
    assert after_secret_key("host = x") is None
