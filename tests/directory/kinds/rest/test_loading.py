from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.directory.kinds.rest import loading
from bubbled.error import ConfigError
from bubbled.settings.mistake import InvalidSettings

if TYPE_CHECKING:
    from pathlib import Path

NAMES = 'name = "name" # or several, put together: ["first_name", "last_name"]\ncompany = "company"\n'
GENERIC = (loading.FOLDER / "generic.toml").read_text()


def mistakes(path: Path, text: str) -> list[str]:
    path.write_text(text)
    with pytest.raises(InvalidSettings) as error:
        loading.load(str(path))
    return [str(mistake) for mistake in error.value.mistakes]


@pytest.mark.parametrize("name", loading.names())
def test_each_preset_of_bubbled_says_what_a_user_must_know(name: str) -> None:
    preset = loading.load(name)
    assert preset.about.title
    assert preset.about.documentation.startswith("https://")
    assert preset.about.rights
    assert all(variable.example or variable.default for variable in preset.variables.values())
    comment = loading.find(name).read_text().splitlines()[0]
    assert comment.startswith("# ")


def test_no_preset_claims_what_nobody_has_tried() -> None:
    for name in set(loading.names()) - {"generic"}:
        assert "never against a live account" in loading.load(name).about.verified


def test_a_copy_works_by_its_path(tmp_path: Path) -> None:
    copy = tmp_path / "our-crm.toml"
    copy.write_text(GENERIC.replace("Any JSON API", "Our CRM"))
    assert loading.load(str(copy)).about.title == "Our CRM"
    copy.write_text(GENERIC.replace("Any JSON API", "Our other CRM"))
    assert loading.load(str(copy)).about.title == "Our other CRM"


def test_a_path_may_begin_with_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "crm.toml").write_text(GENERIC)
    assert loading.load("~/crm.toml") == loading.load(str(tmp_path / "crm.toml"))


@pytest.mark.parametrize(
    ("preset", "words"),
    [
        ("hubspott", 'did you mean "hubspot"'),
        ("xyzzy", "there are afas, dynamics365"),
        ("crm.toml", "whole path"),
        ("/nowhere/crm.toml", r"\(No such file.*: check preset"),
        ("/", "it is a folder"),
    ],
)
def test_a_preset_that_is_not_there_is_told_in_one_line(preset: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as error:
        loading.load(preset)
    assert "\n" not in str(error.value)


def test_all_mistakes_are_told_at_once_with_their_keys_and_lines(tmp_path: Path) -> None:
    text = (
        GENERIC.replace('path = "/contacts"', 'path = "contacts?x"')
        .replace('phone = "${national}"', 'phone = "${nationl}"')
        .replace('records = "contacts"', 'records = "contacts["')
        .replace("per_s = 1", 'per_s = "1"')
        .replace('kind = "api_key"', 'kind = "apikey"')
        .replace('rights = "an account', 'right = "an account')
    )
    told = mistakes(tmp_path / "crm.toml", text)
    lines = dict(line.split(" ", 3)[2:] for line in told)
    assert lines == {
        "about.rights": "is missing",
        "about.right": "is not a known key; did you mean 'rights'?",
        "auth.kind": "must be 'none', 'api_key', 'key_in_body', 'basic', 'oauth2_client_credentials' or "
        "'oauth2_refresh_token'",
        "rate.per_s": "must be a number, without quotes",
        "search[1].path": 'must begin with "/"; what follows a "?" belongs into query',
        "search[1].query.phone": "uses ${nationl}, which stands for nothing; did you mean ${national}?",
        "search[1].mapping.records": 'is no JMESPath expression: "contacts[" goes wrong at its end',
    }
    place = next(line for line in told if "mapping.records" in line)
    number = text.splitlines().index('records = "contacts["') + 1
    assert place.startswith(f"line {number}: ")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("${national}", "0612345678", "asks without the number"),
        ("${national}", "${national} ${since}", "are not known there"),
        ("${national}", "${number}", "asks without the number"),
        (NAMES, "", "needs in its mapping a name or a company"),
        ('numbers = "phones"', "", "needs in its mapping"),
        ("\n[[search]]", "\n[[search]]\neach = ['e164']", "needs ${number} exactly when it has each"),
        ("\n[[search]]", "\n[[search]]\ndetail = '/x/${id}'", None),
        ('id = "id"', "", None),
        ("[variables]", "[variables]\nother = { about = 'x' }", None),
        ('key = "a key', 'token = "a key', "must describe key in [secrets]"),
        ("base_url = {", "other_url = {", "uses ${base_url}, which stands for nothing"),
        ('kind = "api_key"', 'kind = "basic"', "needs [variables.username]"),
        ('kind = "api_key"', 'kind = "oauth2_client_credentials"', "needs token_url exactly"),
        ('kind = "api_key"', 'kind = "key_in_body"', "needs place exactly"),
        ('template = "Bearer ${key}"', 'template = "Bearer ${token}"', "must have ${key} in its template"),
        ('method = "GET"', 'method = "DELETE"', "must be 'GET' or 'POST'"),
        ("phone =", "at = 2026-01-01\nphone =", "can hold text, numbers"),
        ("city =", "City =", "must be a word of small letters"),
        ("[search", "[sync", "writes a number"),
    ],
)
def test_what_cannot_work_is_refused(tmp_path: Path, before: str, after: str, words: str | None) -> None:
    assert before in GENERIC
    text = GENERIC.replace(before, after)
    if words is None:
        (tmp_path / "crm.toml").write_text(text)
        assert loading.load(str(tmp_path / "crm.toml")).searches
    else:
        assert any(words in line for line in mistakes(tmp_path / "crm.toml", text))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"about = [", "line 1"),
        (b"\xff\xfe", "this is not UTF-8"),
        (b"a = " + b"[" * 20_000, "nested too deeply"),
        (b"a." * 30_000 + b"a = 1", "a key of so many parts"),
        (b"#" * 100_000, "larger than 64 KiB"),
        (b"", "about is missing"),
    ],
)
def test_what_is_no_preset_is_told_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "crm.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=words) as error:
        loading.load(str(path))
    assert "\n" not in str(error.value)


def test_a_mistake_never_repeats_a_value_that_may_be_a_secret(tmp_path: Path) -> None:
    text = GENERIC.replace('key = "a key that', 'key = 5 # "a key that').replace('"api_key"', '"s3cret-key"')
    assert not any("s3cret" in line for line in mistakes(tmp_path / "crm.toml", text))
