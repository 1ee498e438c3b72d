import re
import string
import tomllib
from itertools import takewhile

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bubbled.settings.diagnosis import find_mistakes
from bubbled.settings.schema import keys_at

COMPLETE = """\
[me]
extension = "101"
region = "NL"
devices = ["PJSIP/101"]
name = "Alice"
[me.numbers]
"+31201000101" = "Sales"

[pbx]
kind = "ami"
host = "pbx.example.com"
tls = true
ca_file = "/ca.pem"
port = 5039
username = "bubbled"
secret = { keyring = "bubbled", user = "ami" }
sip.host = "sip.example.com"
sip.transport = "tls"
sip.ca_file = "/ca.pem"
sip.port = 5061
sip.domain = "example.com"
sip.username = "101"
sip.auth_username = "alice"
sip.secret = { env = "SIP" }
sip.follow = "101"
sip.phone = "192.0.2.20"

[team]
devices = "PJSIP/1??"
share_notes = true
[team.names]
102 = "Bob"

[dial]
context = "from-internal"
from = "PJSIP/101"
skip_unregistered = true
ring_s = 20
auto_answer = "Alert-Info: info=alert-autoanswer"
format = "e164"
outside_prefix = "0"
international_prefix = "00"
extensions = ["1??"]
codes = true
ask = ["premium_rate", "+881*"]
trust_links = true
hotkey = "Ctrl+Alt+D"
[dial.names]
"PJSIP/101" = "Desk phone"

[[directory]]
name = "Customers"
kind = "csv"
path = "/customers.csv"
region = "BE"
timeout_s = 2
columns.name = "Naam"
columns.company = "Bedrijf"
columns.url = "Link"
columns.numbers = [
    "Telefoon",
    "Mobiel",
]

[[directory]]
name = "Database"
kind = "sql"
url = "postgresql://bubbled@db.example.com/crm"
password = { env = "DB" }
query = "SELECT name, phone FROM customer WHERE phone = :e164"
columns.name = "name"
tls = true
ca_file = "/ca.pem"
tier = 2

[[directory]]
name = "Company"
kind = "ldap"
url = "ldap://ldap.example.com"
start_tls = true
ca_file = "/ca.pem"
base = "dc=example,dc=com"
bind_dn = "cn=bubbled,dc=example,dc=com"
password = { env = "LDAP" }
variant = "active_directory"
filter = "(telephoneNumber=${e164})"
internal = true
scope = "one"
match = "digits"
internal_filter = "(ipPhone=${extension})"
attributes.name = "cn"
attributes.company = "o"
attributes.url = "labeledURI"
attributes.numbers = ["mobile"]
fields.room = "roomNumber"

[[directory]]
name = "Cloud"
kind = "carddav"
url = "https://cloud.example.com"
username = "alice"
password = { env = "CLOUD" }
refresh_every_s = 600
ca_file = "/ca.pem"

[[directory]]
name = "Contacts"
kind = "carddav"
url = "https://cloud.example.com"
oauth.client_id = "1"
oauth.client_secret = { env = "A" }
oauth.refresh_token = { env = "B" }
oauth.token_url = "https://example.com/token"

[[directory]]
name = "CRM"
kind = "rest"
preset = "hubspot"
variables.portal = "1"
secrets.token = { env = "HUBSPOT" }
refresh_every_s = 600
log_calls = true
log_after_s = 30
ca_file = "/ca.pem"

[[directory]]
name = "Google"
kind = "google_places"
enabled = true
key = { env = "GOOGLE" }
url = "https://places.googleapis.com"
language = "nl"
ask_after_errors = true

[lookup]
budget_s = 3
provisional_after_ms = 300
remember_s = 600
remember_misses_s = 60
[lookup.tier.2]
mode = "staggered"
stagger_ms = 100

[[directory]]
"name" = "Private"
'kind' = "vcard"
path = "/contacts.vcf"

[popup]
inbound = true
outbound = true
internal = true
missed = true
queues = ["support"]
numbers = ["+3120*"]
opens = "ringing"
hours = ["Mon-Fri 08:30-17:30"]
quiet = ["full_screen"]
hide_after_s = 0
keep_after_s = 0
vip = "matched"
mute_key = "Ctrl+F7"
focus_key = "Shift+F7"
screen = "auto"
[popup.layout]
headline = "$name"
lines = ["$company"]
footnote = "Line: $line"
picture = "~/photos/$number_e164.jpg"
[popup.window]
monitor = "primary"
corner = "top-left"
offset = [16, 16]
width = 380
theme = "dark"

[[button]]
label = "CRM"
open = "https://crm.example.com"
when = "matched"

[[button]]
label = "Mail"
mail.recipient = "sales@example.com"
mail.subject = "Call back"
mail.body = "$number"

[[button]]
label = "Copy"
copy = "$number"

[[button]]
label = "Dial"
dial = "$number"

[[button]]
label = "Run"
run = ["xterm"]

[[button]]
label = "Mute"
mute_min = 30

[[button]]
label = "Note"
note = true

[[button]]
label = "Choose"
choose = true

[tray]
show = true

[pages]
enabled = true
port = 4711
[history]
retention_days = 365
last_calls = 10
path = "/calls.db"

[log]
level = "info"
format = "auto"
"""


CHOSEN_BY_THE_USER = {
    ("me", "numbers"),
    ("team", "names"),
    ("dial", "names"),
    ("lookup", "tier"),
    ("directory", "fields"),
    ("directory", "secrets"),
    ("directory", "variables"),
}
"""Tables whose keys are the user's own."""

SMALL = """\
[me]
extension = "101"
region = "NL"
[pbx]
host = "localhost"
username = "bubbled"
secret = { env = "AMI" }
"""


def mistakes_in(text: str) -> list[tuple[str, int | None, str]]:
    return [(m.key, m.line, m.text) for m in find_mistakes(tomllib.loads(text), text)]


def known_keys() -> list[tuple[tuple[str, ...], int]]:
    """Where each key stands in `COMPLETE`: its path without indices, and its line."""
    table: tuple[str, ...] = ()
    found = []
    for number, line in enumerate(COMPLETE.splitlines(), 1):
        if line.startswith("["):
            table = tuple(line.strip("[]").split("."))
            found.append((table, number))
        elif " = " in line:
            path = (*table, *re.sub("[\"']", "", line.partition(" = ")[0]).split("."))
            found.append((path, number))
    secret = next(number for path, number in found if path == ("pbx", "secret"))
    found += [(("pbx", "secret", key), secret) for key in ("keyring", "user")]
    return [(path, number) for path, number in found if path[:-1] not in CHOSEN_BY_THE_USER]


def misspelt(word: str) -> st.SearchStrategy[str]:
    """`word` with one letter left out, put in or changed, or two swapped."""
    letters = st.sampled_from(string.ascii_lowercase + "_")
    places = st.integers(0, len(word) - 1)
    return st.one_of(
        places.map(lambda at: word[:at] + word[at + 1 :]),
        st.builds(lambda at, letter: word[:at] + letter + word[at:], places, letters),
        st.builds(lambda at, letter: word[:at] + letter + word[at + 1 :], places, letters),
        places.map(lambda at: word[:at] + word[at : at + 2][::-1] + word[at + 2 :]),
    )


def is_slip_of(word: str, key: str) -> bool:
    """Whether `misspelt(key)` may be `word`, or it is the key itself."""
    alike = list(takewhile(lambda pair: pair[0] == pair[1], zip(word, key, strict=False)))
    rest, of_key = word[len(alike) :], key[len(alike) :]
    return word == key or any(
        (
            rest[1:] == of_key,
            rest == of_key[1:],
            rest[1:] == of_key[1:],
            rest == of_key[:2][::-1] + of_key[2:],
        )
    )


def test_the_complete_file_has_no_mistakes_and_all_keys() -> None:
    assert mistakes_in(COMPLETE) == []
    written = {path[:depth] for path, _ in known_keys() for depth in range(1, len(path) + 1)}
    tables = {path[:-1] for path in written} - {("pbx", "secret"), ("pbx", "sip", "secret")}
    by_sip_alone = {("pbx", key) for key in ("transport", "domain", "auth_username", "follow", "phone")}
    known = {(*table, key) for table in tables for key in keys_at(table)}
    assert written | CHOSEN_BY_THE_USER | by_sip_alone >= known


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_any_misspelt_key_is_found_with_its_line_and_what_was_meant(data: st.DataObject) -> None:
    path, number = data.draw(st.sampled_from(known_keys()))
    key = path[-1]
    wrong = data.draw(misspelt(key))
    others = keys_at(path[:-1]).keys() - {key}
    assume(wrong != key and not any(is_slip_of(wrong, other) for other in others))
    lines = COMPLETE.splitlines()
    lines[number - 1] = re.sub(rf"\b{key}\b(?=[\"']? =|\])", wrong, lines[number - 1], count=1)

    ((told, line, text),) = mistakes_in("\n".join(lines))
    assert told.endswith(wrong)
    assert line == number
    assert text == f"is not a known key; did you mean '{key}'?"


@given(st.sets(st.sampled_from(known_keys()), min_size=1))
@settings(max_examples=100, deadline=None)
def test_each_of_many_misspelt_keys_is_found(wrong: set[tuple[tuple[str, ...], int]]) -> None:
    lines = COMPLETE.splitlines()
    for path, number in wrong:
        lines[number - 1] = re.sub(
            rf"\b{path[-1]}\b(?=[\"']? =|\])", f"{path[-1]}{number}", lines[number - 1], count=1
        )
    told = {(line, text) for _, line, text in mistakes_in("\n".join(lines))}
    assert told == {(number, f"is not a known key; did you mean '{path[-1]}'?") for path, number in wrong}


def test_mistakes_of_all_kinds_are_told_at_once_by_line() -> None:
    text = """\
[me]
extension = 101
regoin = "UK"
devices = ["pjsip/101", "SIP/1"]
[pbxx]
kind = "spi"
hots = "pbx.example.com:5038"
tls = "yes"
secret = { evn = "AMI", file = "/x" }
[[directory]]
name = "A"
kind = "cvs"
path = "here.csv"
columns = { numbers = [
  "Tel",
  3,
] }
[[directory]]
name = "A"
kind = "vcard"
columns = {}
timeout_s = 0
[[popup]]
[button]
label = "x"
[log]
extension = "101"
colour = true
"""
    told = mistakes_in(text)
    assert [(key, line) for key, line, _ in told] == [
        ("me.extension", 2),
        ("me.regoin", 3),
        ("me.regoin", 3),
        ("me.devices[1]", 4),
        ("pbxx", 5),
        ("pbxx.username", 5),
        ("pbxx.kind", 6),
        ("pbxx.hots", 7),
        ("pbxx.hots", 7),
        ("pbxx.tls", 8),
        ("pbxx.secret.evn", 9),
        ("pbxx.secret.file", 9),
        ("directory[1].kind", 12),
        ("directory[1].path", 13),
        ("directory[1].columns.numbers[2]", 16),
        ("directory[2].path", 18),
        ("directory[2].name", 19),
        ("directory[2].columns", 21),
        ("directory[2].timeout_s", 22),
        ("popup", 23),
        ("button", 24),
        ("log.extension", 27),
        ("log.colour", 28),
    ]
    words = "\n".join(text for _, _, text in told)
    for part in [
        "text in quotes",
        "'GB'",
        "did you mean 'PJSIP/101'?",
        "did you mean 'pbx'?",
        'username = "bubbled"',
        "did you mean 'sip'?",
        "the port has a key of its own",
        "true or false",
        "one key too many",
        "did you mean 'csv'?",
        "must begin with",
        "taken by an earlier directory",
        "no headings",
        "more than 0",
        "one bracket on each side: [popup]",
        "two brackets on each side: [[button]]",
        "did you mean 'me.extension'?",
        "known here are level and format",
    ]:
        assert part in words


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[pbx]", "is missing; this section needs extension and region"),
        ("[me]", "is missing; this section needs host, username and secret"),
        ("popup = 3", "must be a section"),
        ("team.names = 3", "must be a section"),
        ("team.names = { 102 = 3 }", "must be text in quotes"),
        ("team.names = { '1 02' = 'Bob' }", "must be one word"),
        ("pbx.port = '5038'", "must be a whole number"),
        ("pbx.port = 0", "must be 1 or more"),
        ("pbx.port = 70000", "must be 65535 or less"),
        ("popup.hide_after_s = 'x'", "must be a number"),
        ("popup.hide_after_s = inf", "number of ordinary size"),
        ("me.devices = 'PJSIP/101'", "list in square brackets"),
        ("history.path = 3", "must be text in quotes"),
        ("log.level = 3", 'must be "debug", "info", "warning" or "error"'),
        ("button = [{}]", 'for example: label = "Open in CRM"'),
    ],
)
def test_the_words_say_what_would_be_right(text: str, mistake: str) -> None:
    assert any(mistake in words for _, _, words in mistakes_in(text))


@pytest.mark.parametrize(
    ("secret", "key", "words"),
    [
        ("17", "pbx.secret", "must be text in quotes, or tell where"),
        ("{}", "pbx.secret", "must be text in quotes, or tell where"),
        ("{ hunter2 = 1 }", "pbx.secret", "must be text in quotes, or tell where"),
        ("{ env = 'A', hunter2 = 1 }", "pbx.secret", "holds an unknown key"),
        ("{ env = 'A', user = 'b' }", "pbx.secret.user", "is one key too many"),
        ("{ keyring = 'A' }", "pbx.secret.user", 'is missing; for example: user = "bubbled"'),
    ],
)
def test_what_is_wrong_with_a_secret_is_told_without_it(secret: str, key: str, words: str) -> None:
    ((told, line, text),) = mistakes_in(SMALL.replace('{ env = "AMI" }', secret))
    assert (told, line) == (key, 7)
    assert text.startswith(words)
    assert "hunter2" not in text


def test_repeated_names_are_found_beside_other_oddities() -> None:
    text = SMALL + "directory = 3"
    assert [key for key, *_ in mistakes_in(text)] == ["pbx.directory"]
    odd = SMALL.replace("[me]", "directory = [3, { name = 3 }, { name = 'A' }, { name = 'A' }]\n[me]")
    assert ("directory[4].name", 1, "is taken by an earlier directory; each needs its own") in mistakes_in(
        odd
    )


def test_a_file_of_nothing_but_mistakes_is_read_in_bounded_time() -> None:
    text = "".join(f"a{number} = 1\n" for number in range(20_000))
    assert 400 < len(mistakes_in(text)) < 600


def test_a_key_of_another_kind_is_told_so() -> None:
    text = SMALL + "[[directory]]\nname = 'A'\nkind = 'csv'\npath = '/a.csv'\nquery = 'SELECT 1'\n"
    ((key, line, told),) = mistakes_in(text)
    assert (key, line) == ("directory[1].query", 12)
    assert told.startswith("is of no use with this kind; known here are name, kind, region,")


def test_a_wrong_kind_hides_no_other_mistake() -> None:
    text = SMALL + "[[directory]]\nname = 'A'\nkind = 'sqll'\nurl = 'x'\nquery = 'SELECT 1'\n"
    told = [(key, said) for key, _, said in mistakes_in(text)]
    assert [key for key, _ in told] == ["directory[1].kind", "directory[1].url"]
    assert told[0][1].endswith("or \"google_places\"; did you mean 'sql'?")


@pytest.mark.parametrize("place", ["password", "secrets.token"])
def test_a_secret_of_a_directory_that_lost_its_way_is_not_repeated(place: str) -> None:
    kind = "kind = 'sql'\nurl = 'sqlite:///a'\nquery = 'SELECT 1'" if place == "password" else "kind = 'rest'"
    text = (
        SMALL + f"[[directory]]\nname = 'A'\npreset = 'b'\n{kind}\n{place} = {{ env = 'A', hunter2 = 1 }}\n"
    )
    told = {key: said for key, _, said in mistakes_in(text)}
    assert told[f"directory[1].{place}"].startswith("holds an unknown key; a secret has exactly one place")
    assert "hunter2" not in str(told)


@pytest.mark.parametrize(
    "popup", ['mute_key = "f7"', 'mute_key = "F9"\nfocus_key = "F9"'], ids=["as for dialling", "twice"]
)
def test_a_key_can_do_one_thing(popup: str) -> None:
    ((key, line, words),) = mistakes_in(f"{SMALL}[popup]\n{popup}\n")
    assert (key, line) == ("popup", SMALL.count("\n") + 1)
    assert "each needs a key of its own" in words
