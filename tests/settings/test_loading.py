import os
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubbled.error import ConfigError
from bubbled.settings.loading import Loaded, default_path, load
from bubbled.settings.mistake import InvalidSettings, Mistake

SECRET = "hunter2hunter2"

GOOD = f"""\
[me]
extension = "101"
region = "NL"

[pbx]
host = "localhost"
username = "bubbled"
secret = "{SECRET}"

[[directory]]
name = "Customers"
kind = "csv"
path = "/customers.csv"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def ordinary_user() -> Iterator[None]:
    """Root may read everything; for such a test it becomes somebody else for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield
    os.seteuid(user)


def loaded(file: Path, content: str | bytes) -> Loaded:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return load(file)


def mistakes(file: Path) -> tuple[Mistake, ...]:
    with pytest.raises(InvalidSettings) as refused:
        load(file)
    assert str(refused.value).startswith(f"{file}: ")
    assert "\n" not in str(refused.value)
    return refused.value.mistakes


def only_mistake(file: Path, content: str | bytes | None = None) -> Mistake:
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    (mistake,) = mistakes(file)
    return mistake


def test_settings_are_read_and_cautions_are_told(file: Path) -> None:
    given = loaded(file, GOOD)
    assert given.settings.me.extension == "101"
    assert [directory.name for directory in given.settings.directories] == ["Customers"]
    (warning,) = given.warnings
    assert warning.startswith("pbx.secret stands in the settings as plain text")


def test_the_same_file_gives_equal_settings(file: Path) -> None:
    assert loaded(file, GOOD) == loaded(file, "# a remark\n" + GOOD)
    assert loaded(file, GOOD).settings != loaded(file, GOOD.replace("NL", "BE")).settings


def test_mistakes_have_keys_and_lines(file: Path) -> None:
    file.write_text(GOOD.replace('"NL"', '"UK"').replace("kind", "knid"))
    first, second = mistakes(file)
    assert (first.key, first.line) == ("me.region", 3)
    assert second == Mistake("directory[1].knid", 12, "is not a known key; did you mean 'kind'?")


def test_text_that_is_not_toml_is_told_with_line_and_column(file: Path) -> None:
    mistake = only_mistake(file, GOOD.replace('"localhost"', "localhost"))
    assert mistake == Mistake("", 6, "column 8: this is not a value; text needs quotes")


def test_a_missing_file_is_told_with_what_to_do(file: Path) -> None:
    mistake = only_mistake(file)
    assert "does not exist" in mistake.text
    assert f"bubbled example {file}" in mistake.text
    assert "bubbled setup" in mistake.text


def test_a_folder_is_no_settings_file(file: Path) -> None:
    file.mkdir()
    assert "it is a folder" in only_mistake(file).text


def test_nobody_waits_for_a_pipe(file: Path) -> None:
    os.mkfifo(file)
    assert "not an ordinary file" in only_mistake(file).text


def test_links_in_a_circle_lead_nowhere(file: Path) -> None:
    file.symlink_to(file)
    assert "cannot be read" in only_mistake(file).text


@pytest.mark.usefixtures("ordinary_user")
def test_a_file_that_may_not_be_read_is_told() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.toml"
        file.write_text(GOOD)
        file.chmod(0)
        assert "Permission denied" in only_mistake(file).text


@pytest.mark.parametrize("content", ["", "\n\n", "# only a remark\n", "\ufeff"])
def test_a_file_without_settings_is_told(file: Path, content: str) -> None:
    assert "holds no settings" in only_mistake(file, content).text


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (GOOD.replace("Customers", "Käufer").encode("latin-1"), 11),
        (GOOD.encode("utf-16"), 1),
        (b"\x00\xff" * 100, 1),
    ],
)
def test_other_encodings_are_told_with_the_line(file: Path, content: bytes, line: int) -> None:
    mistake = only_mistake(file, content)
    assert "UTF-8" in mistake.text
    assert mistake.line == line


def test_a_byte_order_mark_is_ignored_and_told(file: Path) -> None:
    given = loaded(file, "\ufeff" + GOOD)
    assert given.settings.me.extension == "101"
    assert "byte order mark" in given.warnings[0]


def test_lines_may_end_as_on_windows(file: Path) -> None:
    assert loaded(file, GOOD.replace("\n", "\r\n")) == loaded(file, GOOD)
    mistake = only_mistake(file, GOOD.replace("kind", "knid").replace("\n", "\r\n"))
    assert mistake.line == 12


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("#" * 300_000, "larger than 256 KiB"),
        ("a = " + "[" * 100_000, "nested too deeply"),
        ("a." * 100_000 + "a = 1", "so many parts"),
        ("[" + "'a' . " * 40_000 + "a]", "so many parts"),
        ("a = " + "1" * 5000, "too long"),
    ],
)
def test_hostile_files_are_refused_at_once(file: Path, content: str, words: str) -> None:
    assert words in only_mistake(file, content).text


@pytest.mark.parametrize("depth", range(150, 500, 10))
def test_depth_is_refused_in_words_wherever_it_is_noticed(file: Path, depth: int) -> None:
    file.write_text("a = " + "[" * depth + "]" * depth)
    assert mistakes(file)


@given(
    edits=st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.sampled_from(["", *"=[]{}\"'.,#\n\\x1 "])),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=300, deadline=None)
def test_no_half_written_file_gives_the_secret_away(edits: list[tuple[int, str]]) -> None:
    text = GOOD
    for at, letter in edits:
        text = text[:at] + letter + text[at + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.toml"
        file.write_text(text)
        try:
            given = load(file)
        except InvalidSettings as error:
            told = "".join(traceback.format_exception(error)) + repr(error.mistakes)
        else:
            told = f"{given!r} {given.settings.model_dump()} {given.settings.model_dump_json()}"
    assert SECRET not in told
    assert SECRET[1:-1] not in told


def test_settings_are_where_the_desktop_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    assert default_path({"XDG_CONFIG_HOME": "/etc/alice"}) == Path("/etc/alice/bubbled/config.toml")
    ours = Path("/home/alice/.config/bubbled/config.toml")
    assert default_path({}) == ours
    assert default_path({"XDG_CONFIG_HOME": ""}) == ours
    assert default_path({"XDG_CONFIG_HOME": "relative"}) == ours


def test_refusals_are_mistakes_of_the_user(file: Path) -> None:
    with pytest.raises(ConfigError):
        load(file)
