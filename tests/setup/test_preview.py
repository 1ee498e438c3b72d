from __future__ import annotations

from bubbled.setup.preview import preview

NOW = """\
# my own words
[me]
extension = "101"
[pbx]
host = "pbx.example.com"
secret = "old one"
"""


def test_new_settings_are_shown_as_they_will_be() -> None:
    assert preview(None, '[me]\nextension = "101"\n') == '[me]\nextension = "101"\n'


def test_of_settings_that_there_are_only_what_changes_is_shown() -> None:
    assert preview(NOW, NOW.replace("101", "102")) == '-extension = "101"\n+extension = "102"'


def test_no_secret_is_shown_neither_one_that_comes_nor_one_that_goes() -> None:
    shown = preview(NOW, NOW.replace('"old one"', '{ file = "~/.config/bubbled/ami-secret" }'))
    assert "old one" not in shown
    assert '+secret = { file = "~/.config/bubbled/ami-secret" }' in shown
    assert "new one" not in preview(None, NOW.replace("old one", "new one"))


def test_where_nothing_changes_that_is_said() -> None:
    assert preview(NOW, NOW) == "Nothing changes."
