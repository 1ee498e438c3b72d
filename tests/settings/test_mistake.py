from pathlib import Path

from bubbled.error import ConfigError
from bubbled.settings.mistake import InvalidSettings, Mistake, dotted


def test_a_key_is_written_as_the_user_would() -> None:
    assert dotted(("directory", 1, "path")) == "directory[2].path"
    assert dotted(("team", "names", "Bob's \x1b")) == 'team.names."Bob\'s \\u001b"'
    assert dotted(()) == ""


def test_all_mistakes_are_one_line() -> None:
    error = InvalidSettings(
        Path("/c.toml"), (Mistake("", None, "it is empty"), Mistake("me.region", 3, "is missing"))
    )
    assert isinstance(error, ConfigError)
    assert str(error) == "/c.toml: it is empty; line 3: me.region is missing"


def test_very_many_mistakes_are_counted() -> None:
    error = InvalidSettings(Path("/c.toml"), tuple(Mistake("a", line, "is odd") for line in range(1, 101)))
    assert str(error).endswith("line 20: a is odd; and 80 mistakes more")
    assert len(error.mistakes) == 100
