from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from bubbled.settings.button import ButtonSettings
from bubbled.settings.loading import load
from bubbled.settings.mistake import InvalidSettings

BUTTON = TypeAdapter(ButtonSettings)


def refusal(**keys: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        BUTTON.validate_python({"label": "Do", **keys})
    (error,) = refused.value.errors()
    return str(error["msg"])


def accepted(**keys: Any) -> ButtonSettings:
    return BUTTON.validate_python({"label": "Do", **keys})


@pytest.mark.parametrize(
    "address",
    [
        "https://crm.example.com",
        "HTTPS://crm.example.com/",
        "http://crm:8080/$name",
        "https://crm.example.com?phone=$number_e164",
        "https://[::1]/$name",
        "tel:$number_e164",
        "crm://contact/$contact_id",
        "obsidian://search?query=$name",
        "$url",
        "${website|lower}",
    ],
)
def test_a_button_opens_what_begins_as_the_user_wrote_it_or_a_page_of_the_address_book(address: str) -> None:
    assert accepted(open=address).open == address


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("crm.example.com/$name", "must begin with its scheme"),
        ("$scheme://crm.example.com", "must begin with its scheme"),
        ("$url/edit", "must begin with its scheme"),
        ("javascript:alert('$name')", "may not open files, nor run"),
        ("JavaScript:alert(1)", "may not open files, nor run"),
        ("file:///home/$name", "may not open files, nor run"),
        ("data:text/html,$name", "may not open files, nor run"),
        ("vbscript:$name", "may not open files, nor run"),
        ("https://$name.example.com/", "must name the server before any variable"),
        ("https://crm.example.com$path", "must name the server before any variable"),
        ("https://crm.example.com:$port/", "must name the server before any variable"),
        ("https:$rest", "must name the server before any variable"),
        ("https://", "must name the server before any variable"),
        ("", "must not be empty"),
        ("https://crm.example.com/${name", '"\\$\\{" without a name'),
    ],
)
def test_an_address_that_others_could_turn_elsewhere_is_refused(address: str, complaint: str) -> None:
    assert complaint.replace("\\", "") in refusal(open=address)


@pytest.mark.parametrize(
    "arguments",
    [
        ["shop"],
        ["/usr/bin/shop", "--customer", "$number_e164"],
        ["shop", "-c", "$name"],
        ["sh", "-c", 'echo "$1"', "sh", "$name"],
        ["python3", "/home/alice/lookup.py", "$name", "--number=$number"],
        ["sh", "/home/alice/lookup", "$name"],
        ["sh", "/home/alice/lookup", "-c", "$name"],
        ["bash", "-o", "pipefail", "-c", 'echo "$$1"', "bash", "$name"],
        ["python3", "-u", "/home/alice/lookup.py", "$name"],
        ["ssh", "desk", "notify"],
        ["python3", "/home/alice/watch", "$name"],
    ],
)
def test_a_button_runs_a_program_with_what_is_known_as_arguments(arguments: list[str]) -> None:
    assert accepted(run=arguments).run == tuple(arguments)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "must not be empty"),
        (["$program"], "must begin with the name of a program"),
        (["/usr/bin/$name", "x"], "must begin with the name of a program"),
        (["sh", "-c", "notify '$name'"], "may not put variables into a script"),
        (["/bin/bash", "-lc", "echo $name"], "may not put variables into a script"),
        (["bash", "-c", "echo $HOME"], "may not put variables into a script"),
        (["env", "LANG=C", "sh", "-c", "echo $name"], "may not put variables into a script"),
        (["python3", "-c", "print('$name')"], "may not put variables into a script"),
        (["python3.11", "-cprint('$name')"], "may not put variables into a script"),
        (["perl", "-e", "print '$name'"], "may not put variables into a script"),
        (["node", "--eval", "log('$name')"], "may not put variables into a script"),
        (["sh", "$script"], "may not put variables into a script"),
        (["bash", "-o", "pipefail", "-c", "echo $name"], "may not put variables into a script"),
        (["python3", "-W", "ignore", "-c", "print('$name')"], "may not put variables into a script"),
        (["perl", "-e$name"], "may not put variables into a script"),
        (["gawk", "BEGIN { print $name }"], "may not put variables into a script"),
        (["ssh", "desk", "notify", "$name"], "has a shell read them"),
        (["/usr/bin/watch", "look $name"], "has a shell read them"),
        (["nice", "su", "alice", "-c", "look $name"], "has a shell read them"),
    ],
)
def test_what_others_could_turn_into_a_command_is_refused(arguments: list[str], complaint: str) -> None:
    assert complaint in refusal(run=arguments)


def test_recipients_of_a_mail_stand_on_one_line() -> None:
    assert accepted(mail={"recipient": "a@example.com,$email", "subject": "Call", "body": "a\nb"})
    assert "line breaks" in refusal(mail={"recipient": "a@example.com\nBcc: b", "subject": "Call"})


def test_a_condition_is_checked_with_the_button() -> None:
    assert accepted(note=True, when="inbound and not internal").when == "inbound and not internal"
    assert "did you mean 'inbound'?" in refusal(note=True, when="inbuond")


def test_mistakes_in_buttons_are_told_with_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[me]\nextension = "101"\nregion = "NL"\n'
        '[pbx]\nhost = "127.0.0.1"\nusername = "bubbled"\nsecret = { env = "X" }\n'
        "[popup]\nvip = \"category = 'gold'\"\n"
        '[[button]]\nlabel = "CRM"\nwhen = "inbuond"\nopen = "file:///$name"\n'
        '[[button]]\nlabel = "Shop"\nrun = ["sh", "-c", "echo $name"]\n'
    )
    with pytest.raises(InvalidSettings) as refused:
        load(file)
    told = [(each.line, each.key, each.text) for each in refused.value.mistakes]
    assert [each[:2] for each in told] == [
        (9, "popup.vip"),
        (12, "button[1].when"),
        (13, "button[1].open"),
        (16, "button[2].run"),
    ]
    assert "column 10: two texts are compared with ==" in told[0][2]
    assert "did you mean 'inbound'?" in told[1][2]


def test_a_button_does_one_thing() -> None:
    assert "must do one thing" in refusal()
    assert "must do one thing" in refusal(note=True, dial="$number")
