from typing import Any

import pytest
from pydantic import ValidationError

from bubbled.settings.directory import DirectoryKind, FileSettings
from bubbled.settings.popup import ScreenChoice
from bubbled.settings.schema import LogFormat, LogLevel, Mode, PbxKind, Settings

SECRET = "hunter2-hunter2"

ME = {"extension": "101", "region": "NL"}
PBX = {"host": "pbx.example.com", "username": "bubbled", "secret": {"credential": "ami"}}
CUSTOMERS = {"name": "Customers", "kind": "csv", "path": "/customers.csv"}


def settings(**sections: Any) -> Settings:
    return Settings.model_validate({"me": ME, "pbx": PBX, **sections})


def complaint(**sections: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        settings(**sections)
    (error,) = (e for e in refused.value.errors() if e["type"] != "default_factory_not_called")
    return error["msg"]


def test_little_is_needed() -> None:
    given = settings()
    assert given.me.devices == ("PJSIP/101", "SIP/101", "IAX2/101")
    assert given.me.name is None
    assert given.pbx.kind is PbxKind.AMI
    assert given.team.devices == ()
    assert given.team.names == {}
    assert (given.dial.context, given.dial.from_device) == ("from-internal", None)
    assert given.directories == ()
    assert (given.popup.inbound, given.popup.outbound, given.popup.hide_after_s) == (True, True, 0)
    assert given.popup.screen is ScreenChoice.AUTO
    assert (given.popup.layout.headline, given.popup.layout.lines) == (None, None)
    assert given.buttons is None
    assert (given.history.retention_days, given.history.path) == (365, None)
    assert (given.log.level, given.log.format) == (LogLevel.INFO, LogFormat.AUTO)


@pytest.mark.parametrize(
    ("host", "more", "tls", "port"),
    [
        ("pbx.example.com", {}, True, 5039),
        ("192.0.2.1", {}, True, 5039),
        ("192.0.2.1", {"tls": False}, False, 5038),
        ("192.0.2.1", {"port": 7777}, True, 7777),
        ("localhost", {}, False, 5038),
        ("pbx.localhost", {}, False, 5038),
        ("127.0.0.1", {}, False, 5038),
        ("::1", {}, False, 5038),
        ("::1", {"tls": True}, True, 5039),
        ("localhost.example.com", {}, True, 5039),
    ],
)
def test_tls_is_on_unless_nothing_leaves_the_computer(
    host: str, more: dict[str, Any], *, tls: bool, port: int
) -> None:
    pbx = settings(pbx={**PBX, "host": host, **more}).pbx
    assert (pbx.tls, pbx.port) == (tls, port)


def test_a_ca_file_without_tls_is_a_misunderstanding() -> None:
    pbx = {**PBX, "ca_file": "/ca.pem"}
    assert settings(pbx=pbx).pbx.ca_file is not None
    assert "only with tls" in complaint(pbx={**pbx, "tls": False})


SIP = {"kind": "sip", "host": "pbx.example.com", "username": "101", "secret": {"env": "S"}}


def test_sip_goes_over_tls_unless_it_is_this_computer() -> None:
    far, near = settings(pbx=SIP).pbx, settings(pbx={**SIP, "host": "127.0.0.1"}).pbx
    assert (far.transport, far.port, far.tls) == ("tls", 5061, True)
    assert (near.transport, near.port, near.tls) == ("udp", 5060, False)
    assert settings(pbx={**SIP, "transport": "tcp"}).pbx.port == 5060


@pytest.mark.parametrize(
    ("keys", "complaint_holds"),
    [
        ({**SIP, "tls": True}, 'is of no use with kind = "sip"; say transport = "tls"'),
        ({**SIP, "sip": {"username": "1", "secret": {"env": "S"}}}, "is of no use"),
        ({**SIP, "transport": "udp", "ca_file": "/ca.pem"}, 'is of use only with transport = "tls"'),
        ({**PBX, "transport": "tcp"}, 'is of use only with kind = "sip"'),
        ({**PBX, "auth_username": "x"}, 'is of use only with kind = "sip"'),
        ({**SIP, "transport": "tsl"}, "should be 'udp', 'tcp' or 'tls'"),
    ],
)
def test_keys_of_the_other_kind_are_mistakes(keys: dict[str, object], complaint_holds: str) -> None:
    assert complaint_holds in complaint(pbx=keys)


def test_a_sip_account_besides_ami_is_on_the_same_host_unless_it_has_its_own() -> None:
    account = {"username": "101", "secret": {"env": "S"}}
    beside = settings(pbx={**PBX, "sip": account}).pbx.sip_account
    assert beside is not None
    assert (beside.host, beside.transport, beside.port) == (PBX["host"], "tls", 5061)
    elsewhere = settings(pbx={**PBX, "sip": {**account, "host": "sip.example.net"}}).pbx.sip_account
    assert elsewhere is not None
    assert elsewhere.host == "sip.example.net"
    assert settings(pbx=PBX).pbx.sip_account is None


def test_an_account_by_sip_alone_is_that_of_the_pbx() -> None:
    account = settings(pbx={**SIP, "auth_username": "u101", "follow": "7"}).pbx.sip_account
    assert account is not None
    assert (account.host, account.username, account.auth_username, account.follow) == (
        "pbx.example.com",
        "101",
        "u101",
        "7",
    )


@pytest.mark.parametrize(
    "host", ["", "pbx:5038", "[::1]:5038", "tcp://pbx", "a b", "pbx\r\nAction: Originate", "-x"]
)
def test_a_host_is_a_bare_name_or_address(host: str) -> None:
    assert "must" in complaint(pbx={**PBX, "host": host})


@pytest.mark.parametrize(
    ("device", "hint"),
    [
        ("101", "PJSIP/101"),
        ("PJSIP/", "PJSIP/101"),
        ("PJSIP/1 01", "PJSIP/101"),
        ("pjsip/101", "did you mean 'PJSIP/101'"),
        ("Dahdi/1", "did you mean 'DAHDI/1'"),
        ("PJSIP/101\r\nAction: Logoff", "control characters"),
    ],
)
def test_devices_are_channel_names(device: str, hint: str) -> None:
    assert hint in complaint(me={**ME, "devices": [device]})
    assert hint in complaint(dial={"from": device})


def test_somebody_without_a_phone_gets_no_calls() -> None:
    assert "empty" in complaint(me={**ME, "devices": []})


@pytest.mark.parametrize("region", ["nl", "NL"])
def test_a_region_is_kept_in_capitals(region: str) -> None:
    assert settings(me={**ME, "region": region}).me.region == "NL"


@pytest.mark.parametrize(
    ("region", "hint"), [("UK", "'GB'"), ("XX", '"NL"'), ("31", '"NL"'), ("NLD", '"NL"')]
)
def test_a_region_is_a_country_with_telephones(region: str, hint: str) -> None:
    assert hint in complaint(me={**ME, "region": region})


def test_a_pattern_may_stand_alone() -> None:
    assert settings(team={"devices": "PJSIP/1??"}).team.devices == ("PJSIP/1??",)
    assert settings(team={"devices": ["PJSIP/1??", "SIP/*"]}).team.devices == ("PJSIP/1??", "SIP/*")


def test_paths_begin_somewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    given = settings(directory=[{**CUSTOMERS, "path": "~/a.csv"}]).directories[0]
    assert isinstance(given, FileSettings)
    assert str(given.path) == "/home/alice/a.csv"
    assert "must begin with" in complaint(directory=[{**CUSTOMERS, "path": "a.csv"}])
    assert "does not exist" in complaint(directory=[{**CUSTOMERS, "path": "~no-such-user-here/a.csv"}])
    assert "control characters" in complaint(directory=[{**CUSTOMERS, "path": "/a\0b"}])


def test_directories_keep_their_order_and_their_names_differ() -> None:
    other = {**CUSTOMERS, "name": "Others", "kind": "excel"}
    given = settings(directory=[other, CUSTOMERS]).directories
    assert [(d.name, d.kind) for d in given] == [
        ("Others", DirectoryKind.EXCEL),
        ("Customers", DirectoryKind.CSV),
    ]
    assert "same name" in complaint(directory=[CUSTOMERS, CUSTOMERS])


def test_columns_belong_to_tables() -> None:
    columns = {"name": "Naam", "numbers": ["Tel", "Mobiel"]}
    (given,) = settings(directory=[{**CUSTOMERS, "columns": columns}]).directories
    assert isinstance(given, FileSettings)
    assert given.columns is not None
    assert given.columns.numbers == ("Tel", "Mobiel")
    assert "no headings" in complaint(directory=[{**CUSTOMERS, "kind": "vcard", "columns": columns}])


@pytest.mark.parametrize("timeout_s", [0, -1, 61, float("inf"), float("nan"), "2"])
def test_a_directory_is_not_awaited_for_ever(timeout_s: object) -> None:
    assert complaint(directory=[{**CUSTOMERS, "timeout_s": timeout_s}])


@pytest.mark.parametrize("page", ["crm.example.com", "javascript:alert(1)", "file:///etc/passwd"])
def test_a_button_opens_a_page_of_the_web(page: str) -> None:
    assert settings(button=[{"label": "CRM", "open": "https://crm.example.com/$number"}]).buttons
    assert "https://" in complaint(button=[{"label": "CRM", "open": page}])


@pytest.mark.parametrize(
    "sections",
    [
        {"popup": {"inbound": 1}},
        {"popup": {"inbound": "yes"}},
        {"popup": {"hide_after_s": -1}},
        {"popup": {"screen": "nativ"}},
        {"popup": {"layout": {"lines": "$company"}}},
        {"history": {"retention_days": 1.5}},
        {"history": {"retention_days": -1}},
        {"history": {"retention_days": 10**9}},
        {"log": {"level": "INFO"}},
        {"dial": {"context": "from internal"}},
        {"dial": {"context": "x\r\nApplication: System"}},
        {"me": {**ME, "extension": 101}},
        {"me": {**ME, "extension": "101/x"}},
        {"pbx": {**PBX, "port": "5038"}},
        {"pbx": {**PBX, "port": 0}},
        {"pbx": {**PBX, "port": 65536}},
        {"pbx": {**PBX, "username": "x\nAction: Command"}},
        {"team": {"names": {"102": "Bo\x1bb"}}},
        {"team": {"names": {"1 02": "Bob"}}},
        {"surprise": {}},
        {"directory": [{**CUSTOMERS, "pth": "/x"}]},
        {"directory": CUSTOMERS},
    ],
)
def test_types_are_not_guessed_and_bounds_are_kept(sections: dict[str, Any]) -> None:
    assert complaint(**sections)


@pytest.mark.parametrize(
    "secret",
    [
        {"credential": "../../etc/shadow"},
        {"credential": ""},
        {"env": ""},
        {"file": "relative"},
        {"keyring": "bubbled"},
        {"command": "pass show ami"},
        {"command": []},
        {"command": [""]},
        {"env": "A", "file": "/b"},
        {"env": "A", "user": "b"},
        {},
        {"user": "x"},
        {"hiding place": "x"},
        "",
        "two\nlines",
        17,
        [SECRET],
    ],
)
def test_a_secret_has_exactly_one_place(secret: object) -> None:
    assert complaint(pbx={**PBX, "secret": secret})


def test_a_plain_secret_is_never_printed() -> None:
    given = settings(pbx={**PBX, "secret": SECRET})
    printed = f"{given!r} {given} {given.model_dump()} {given.model_dump_json()} {given.pbx.secret!r}"
    assert SECRET not in printed


def test_a_refusal_does_not_print_the_secret() -> None:
    with pytest.raises(ValidationError) as refused:
        settings(pbx={**PBX, "secret": SECRET + "\n"})
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "secret",
    [
        SECRET,
        {"credential": "ami"},
        {"env": "AMI"},
        {"file": "/ami"},
        {"keyring": "bubbled", "user": "ami"},
        {"command": ["pass", "show", "ami"]},
    ],
)
def test_settings_are_equal_when_nothing_changed(secret: object) -> None:
    def given(**more: Any) -> Settings:
        return settings(
            pbx={**PBX, "secret": secret}, directory=[CUSTOMERS], team={"names": {"102": "Bob"}}, **more
        )

    assert given() == given()
    assert given() == given(popup={"inbound": True})
    assert given() != given(popup={"inbound": False})
    assert given().pbx != settings(pbx={**PBX, "secret": "another"}).pbx


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        settings().me.extension = "102"


def test_dialling_asks_before_expensive_numbers_and_trusts_no_link() -> None:
    dial = settings().dial
    assert dial.ask == ("premium_rate",)
    assert (dial.trust_links, dial.codes, dial.skip_unregistered) == (False, False, False)
    assert (dial.hotkey, dial.ring_s, dial.extensions) == ("F7", 30, None)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("hotkey", "d", "needed to write"),
        ("hotkey", "F99", "must be a key"),
        ("outside_prefix", "0 ", "digits"),
        ("extensions", ["1xx"], "digits"),
        ("ask", ["expensive"], "premium_rate"),
        ("auto_answer", "Alert-Info", "SIP header"),
        ("auto_answer", "A: b,CHANNEL(x)=y", "without commas"),
        ("ring_s", 1, "greater than or equal to 5"),
        ("from", "pjsip/101", "did you mean"),
    ],
)
def test_what_cannot_be_dialled_with_is_refused(key: str, value: object, expected: str) -> None:
    assert expected in complaint(dial={key: value})


def test_a_mobile_and_the_names_of_phones() -> None:
    mobile = "Local/0612345678@from-internal"
    given = settings(dial={"from": mobile, "names": {mobile: "Mobile"}, "hotkey": "NONE"})
    assert given.dial.from_device == mobile
    assert given.dial.names == {mobile: "Mobile"}
    assert given.dial.hotkey == "none"


SQL = {"name": "DB", "kind": "sql", "url": "postgresql://bubbled@db.example.com/crm", "query": "SELECT 1"}
CLOUD = {"name": "Cloud", "kind": "carddav", "url": "https://cloud.example.com"}
LDAP = {"name": "LDAP", "kind": "ldap", "url": "ldaps://ldap.example.com", "base": "dc=example"}
GOOGLE = {"name": "Google", "kind": "google_places", "key": {"env": "GOOGLE"}}


def test_each_kind_has_keys_of_its_own() -> None:
    given = settings(directory=[CUSTOMERS, SQL, LDAP, CLOUD, GOOGLE]).directories
    assert [type(each).__name__ for each in given] == [
        "FileSettings",
        "SqlSettings",
        "LdapSettings",
        "CardDavSettings",
        "PlacesSettings",
    ]
    assert [each.enabled for each in given] == [True, True, True, True, False]


@pytest.mark.parametrize(
    ("directory", "told"),
    [
        ({**SQL, "url": "postgresql://bubbled:hunter2-hunter2@db/crm"}, "password = { file = "),
        ({**SQL, "url": "oracle://db"}, "must begin with"),
        ({**SQL, "query": " \n "}, "must not be empty"),
        ({**CLOUD, "url": "http://cloud.example.com"}, "everybody on the way could read"),
        ({**CLOUD, "url": "cloud.example.com"}, "https://"),
        ({**LDAP, "url": "https://ldap"}, "ldaps://"),
        ({**LDAP, "password": {"env": "X"}}, "bind_dn"),
        ({**GOOGLE, "language": "Dutch"}, 'such as "nl"'),
        ({**GOOGLE, "internal": True}, "told no numbers of colleagues"),
    ],
)
def test_what_a_source_cannot_be_is_told(directory: dict[str, Any], told: str) -> None:
    text = complaint(directory=[directory])
    assert told in text
    assert SECRET not in text


def test_this_computer_needs_no_encryption() -> None:
    assert settings(directory=[{**CLOUD, "url": "http://127.0.0.1:8080/dav"}]).directories


def test_tiers_rise_from_top_to_bottom() -> None:
    first, second = {**CUSTOMERS, "tier": 2}, {**SQL, "tier": 1}
    assert "DB is of tier 1, but stands below Customers of tier 2" in complaint(directory=[first, second])
    assert settings(directory=[second, CLOUD, first]).directories


def test_tiers_have_their_own_rules() -> None:
    given = settings(lookup={"tier": {"2": {"mode": "staggered", "stagger_ms": 50}}}).lookup
    assert given.tiers["2"].mode is Mode.STAGGERED
    assert "from 1 to 9" in complaint(lookup={"tier": {"first": {}}})
