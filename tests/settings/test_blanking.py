import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubbled.settings.blanking import MisplacedError, blanked, restored

SECRET = "hunter2-Zk9"


@pytest.mark.parametrize(
    "line",
    [
        'secret = "{}"',
        "secret='{}'  # the AMI password",
        "secret = {}",
        "secret: {}",
        'secret "{}"',
        'secret = "{}',
        "secret = {}'",
        'secret = ""{}""',
        'secret =\n"{}"',
        'secret\n= "{}"',
        'secret = """\n{}\n"""',
        'secret = """\nfirst\n{}\nlast',
        "secret = '''{}",
        'secret = ["{}"]',
        'secret = [\n  "{}",\n]',
        'secret = {{ plain = "{}" }}',
        'secret = {{ command = ["echo", "{}"] }}',
        'secret = {{ command = ["echo",\n "{}"] }}',
        'secret = {{\n  env = [ "x" ],\n name = "{}"\n}}',
        '"secret" = "{}"',
        '"\\u0073ecret" = "{}"',
        "'secret' = \"{}\"",
        'pbx.secret = "{}"',
        'pbx = {{ host = "x", secret = "{}" }}',
        'pbx = {{ host = "x", secret = "{}"',
        'sip = {{ secret = "{}" }}',
        'password = "{}"',
        'secrte = "{}"',
        'passwd = "{}"',
        'pw = "{}"',
        'api-key = "{}"',
        'quite_unknown = "{}"',
        'quite_unknown = {{ name = "{}" }}',
        'secrets = {{ key = "{}" }}',
        'secrets = {{ env = "{}", file = {{ env = "X" }} }}',
        'secrets = {{\n name = "{}",\n}}',
        'secrets.name = "{}"',
        '[directory.secrets]\nname = "{}"',
        '[directory.secrets]\nx = {{ env = "A" }}\nenv = "{}"',
        '[directory.secrets]\n#name = "{}"',
        '["directory"."secrets"]\nname = "{}"',
        '[directory.secrets\nname = "{}"',
        '[directory.secrets.key]\nx = "{}"',
        'oauth = {{ client_id = "x", client_secret = "{}", refresh_token = "a" }}',
        'variables = {{ portal = "1", api_token = "{}" }}',
        'url = "postgresql://me:{}@host/db"',
        'url = "postgresql://me:a/{}@host/db"',
        'url = "https://me:{}@host/db',
        "# url = https://me:{}@host/",
        'open = "https://crm.example.com/?number=$number&api_key={}"',
        'lines = ["see https://a:{}@b/"]',
        '#secret = "{}"',
        "# secret = {}",
        '##  secret = {{ command = ["echo", "{}"] }}',
        'secret = {{ env = "X" }}\nsecret = "x"  # before: {}',
        "{}",
        '"{}"',
        '= "{}"',
        'host = "x"\n{}\n',
        'host = ""{}',
    ],
)
@pytest.mark.parametrize(
    "around", ["{}", '[me]\nextension = "101"\n\n{}\n[popup]\ninbound = true\n', "[pbx\n{}"]
)
def test_a_secret_is_nowhere_in_the_blank_text_and_comes_back(line: str, around: str) -> None:
    text = around.format(line.format(SECRET))
    blank, secrets = blanked(text)
    assert SECRET not in blank
    assert SECRET not in repr(secrets)
    assert restored(blank, secrets) == text
    assert blank.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        '[pbx]\nhost = "pbx.example.com"  # the host\nport = 5038\ntls = false\n',
        'secret = { env = "BUBBLED" }  # set by systemd',
        'secret = { keyring = "bubbled", user = "ami" }',
        'secret = { file = "~/.config/bubbled/secret" }\n#secret = { credential = "ami" }',
        '[me.numbers]\n"+31201000101" = "Sales"',
        '[team]\nnames = { 102 = "Bob", 103 = "Carol" }',
        'query = """\nSELECT name, phone\n  FROM x WHERE phone = :e164\n"""',
        'hours = [\n  "Mon-Fri 08:30-17:30",  # at work\n]',
        'url = "https://crm.example.com:8443/x?number=$number"',
        'usrname = "bubbled"\nextnsion = "101',
        "# Above all: this = that\n#[history]\n#last_calls = 5",
        '[[button]]\nlabel = "Open"\nrun = ["sh", "-c", "echo"]\nmail = { subject = "a = b" }',
        '[lookup.tier.1]\nmode = "staggered"',
    ],
)
def test_what_is_no_secret_is_left_to_be_read(text: str) -> None:
    assert blanked(text) == (text, {})


def test_a_broken_line_can_be_repaired_around_the_secret() -> None:
    text = f'[pbx]\nhost = "x"\nsecret = "{SECRET}\nport = 5038\n'
    blank, secrets = blanked(text)
    assert blank == '[pbx]\nhost = "x"\nsecret = "«secret-1»\nport = 5038\n'
    mended = restored(blank.replace("1»", '1»"'), secrets)
    assert tomllib.loads(mended)["pbx"] == {"host": "x", "secret": SECRET, "port": 5038}


def test_lines_with_secrets_may_be_moved_removed_and_copied() -> None:
    blank, secrets = blanked('secret = "one"\npassword = "two"\n')
    assert restored(blank, secrets) == 'secret = "one"\npassword = "two"\n'
    assert restored('secret = "«secret-2»"\n', secrets) == 'secret = "two"\n'
    twice = 'secret = "«secret-1»"\npassword = "«secret-1»"'
    assert restored(twice, secrets) == 'secret = "one"\npassword = "one"'


def test_the_name_of_a_misspelt_key_may_be_mended() -> None:
    blank, secrets = blanked('secrte = "one"\nquite_unknown = "two"\n')
    assert restored(blank.replace("secrte", "secret"), secrets) == 'secret = "one"\nquite_unknown = "two"\n'
    # What is only perhaps a secret may go anywhere.
    assert restored(blank.replace("quite_unknown", "name"), secrets) == 'secrte = "one"\nname = "two"\n'


@pytest.mark.parametrize(
    "text",
    [
        'name = "«secret-1»"',
        "# «secret-1»",
        '"«secret-1»" = 1',
        "[«secret-1»]",
        '[me.numbers]\nx = "«secret-1»"',
        'secret = { env = "«secret-1»" }',
        'url = "https://host/«secret-1»"',
    ],
)
def test_a_secret_is_not_put_where_it_could_be_read(text: str) -> None:
    _, secrets = blanked('secret = "hunter2"')
    with pytest.raises(MisplacedError, match="there for all to read") as refused:
        restored(f"\n{text}\n", secrets)
    assert "hunter2" not in str(refused.value)
    assert refused.value.mistake.line == 2 + text.count("\n")


def test_a_placeholder_of_nothing_is_a_mistake_with_its_line() -> None:
    with pytest.raises(MisplacedError, match="line 2: «secret-7» stands for nothing"):
        restored('\nsecret = "«secret-7»"', {})


def test_a_text_that_holds_placeholders_already_gets_others() -> None:
    text = 'name = "«secret-4»"\nsecret = "x"\n'
    blank, secrets = blanked(text)
    assert blank == 'name = "«secret-4»"\nsecret = "«secret-5»"\n'
    assert list(secrets) == [5]


@given(text=st.text(alphabet="ab=\"'[]{}#,.\n\r\\ :«»/@\t1secret", max_size=80))
def test_whatever_is_written_comes_back(text: str) -> None:
    blank, secrets = blanked(text)
    if not any(each.is_sure for each in secrets.values()):
        assert restored(blank, secrets) == text
    assert "".join(line.rstrip() for line in blank.splitlines()).count("«") >= len(secrets)


@pytest.mark.parametrize(
    "piece", ["#host=", "{", "a={b=", '"', "'''", "a.", "a=", "# a-", '"\n', "?a-", "x://a:", "=", "a\n"]
)
def test_no_text_is_too_odd_to_be_read(piece: str) -> None:
    text = piece * 20_000
    blank, secrets = blanked(text)
    if not any(each.is_sure for each in secrets.values()):
        assert restored(blank, secrets) == text


broken = st.sampled_from(['"', "'", "[", "]", "{", "}", "=", ",", "\n", "#", '"""', "x", "\\", " "])


@given(data=st.data(), mark=broken)
def test_no_wrong_sign_in_a_file_brings_its_secrets_out(data: st.DataObject, mark: str) -> None:
    ends = [found.end() for found in re.finditer(SECRET, WHOLE)]
    outside = [at for at in range(len(WHOLE)) if not any(end - len(SECRET) < at < end for end in ends)]
    at = data.draw(st.sampled_from(outside))
    has_room = at + len(SECRET) not in ends
    rest = WHOLE[at + (data.draw(st.integers(0, 1)) if has_room else 0) :]
    blank, secrets = blanked(WHOLE[:at] + mark + rest)
    assert SECRET not in blank
    assert restored(blank, secrets) == WHOLE[:at] + mark + rest


WHOLE = f"""\
[me]
extension = "101"
region = "NL"

[pbx]
host = "pbx.example.com"
username = "bubbled"
secret = "{SECRET}"  # ours
sip = {{ username = "101", secret = "{SECRET}", transport = "tls" }}

[[directory]]
name = "CRM"
kind = "rest"
preset = "hubspot"
variables = {{ portal = "1" }}
secrets = {{ key = "{SECRET}", other = {{ env = "X" }} }}

[[directory]]
name = "Cloud"
kind = "carddav"
url = "https://cloud.example.com/"
password = '{SECRET}'

[directory.oauth]
client_id = "x"
client_secret = "{SECRET}"
refresh_token = "{SECRET}"

[popup]
inbound = true
hours = [
  "Mon-Fri 08:30-17:30",
]
"""
