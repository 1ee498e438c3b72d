from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.daemon import assembly
from bubbled.error import ConfigError, PbxError
from bubbled.model import ME, Device, Owner
from bubbled.popup.layout import Layout
from bubbled.popup.rule import Rule
from bubbled.settings.schema import Settings

if TYPE_CHECKING:
    from pathlib import Path

PBX: dict[str, object] = {"host": "127.0.0.1", "username": "bubbled", "secret": "s3cret"}
BASE: dict[str, object] = {
    "me": {"extension": "101", "region": "NL", "devices": ["PJSIP/101", "PJSIP/151"]},
    "pbx": PBX,
    "team": {"devices": ["PJSIP/1??"], "names": {"102": "Bob"}},
}


def settings(**sections: object) -> Settings:
    return Settings.model_validate(BASE | sections)


@pytest.mark.parametrize(
    ("device", "owner"),
    [
        ("PJSIP/101", ME),
        ("PJSIP/151", ME),
        ("PJSIP/102", Owner("102")),
        ("PJSIP/trunk", None),
        ("SIP/101", None),
    ],
)
def test_each_phone_has_its_owner(device: str, owner: Owner | None) -> None:
    of = assembly.owner_of(settings())
    assert of(Device(device)) == owner


async def test_the_pbx_is_reached_as_the_settings_say() -> None:
    access = await assembly.ami_access(settings().pbx)
    assert (str(access.address), access.tls) == ("127.0.0.1:5038", None)
    assert (access.credentials.username, "s3cret" in repr(access)) == ("bubbled", False)


async def test_another_computer_is_reached_by_tls() -> None:
    access = await assembly.ami_access(settings(pbx=PBX | {"host": "pbx.example.com"}).pbx)
    assert access.address.port == 5039
    assert access.tls is not None


SIP = {"kind": "sip", "host": "pbx.example.com", "username": "101", "secret": "s3cret"}


async def test_a_sip_account_is_reached_as_the_settings_say() -> None:
    access = await assembly.access(settings(pbx=SIP))
    assert access.ami is None
    assert access.sip is not None
    assert access.sip.place == "pbx.example.com:5061 (TLS)"
    assert (access.sip.extension, access.sip.domain) == ("101", "pbx.example.com")
    assert (access.sip.account.auth_user, "s3cret" in repr(access)) == ("101", False)
    assert access.sip.tls is not None


async def test_a_sip_account_may_be_besides_ami() -> None:
    account = {
        "username": "7",
        "auth_username": "u7",
        "secret": "x",
        "follow": "107",
        "domain": "example.org",
        "phone": "192.0.2.20",
    }
    access = await assembly.access(settings(pbx=PBX | {"sip": account}))
    assert access.ami is not None
    assert access.sip is not None
    assert access.sip.place == "127.0.0.1:5061 (TLS)"
    assert (access.sip.extension, access.sip.domain, access.sip.account.user) == ("107", "example.org", "7")
    assert access.sip.phone == ("192.0.2.20", 5060)
    again = await assembly.access(settings(pbx=PBX | {"sip": account}))
    other = await assembly.access(settings(pbx=PBX | {"sip": account | {"secret": "y"}}))
    assert access.identity == again.identity != other.identity


async def test_a_certificate_or_secret_that_is_not_there_is_told(tmp_path: Path) -> None:
    remote = PBX | {"host": "pbx.example.com"}
    with pytest.raises(PbxError, match="nowhere"):
        await assembly.ami_access(settings(pbx=remote | {"ca_file": str(tmp_path / "nowhere.pem")}).pbx)
    with pytest.raises(ConfigError, match="NOT_THERE"):
        await assembly.ami_access(settings(pbx=remote | {"secret": {"env": "NOT_THERE"}}).pbx)


def test_without_a_layout_popups_look_as_usual() -> None:
    assert not assembly.rules(settings(), can_dial=False).layout.can_dial
    rules = assembly.rules(settings())
    assert rules.layout.can_dial
    usual = Layout(region="NL")
    shown = (rules.layout.headline, rules.layout.lines, rules.layout.footnote)
    assert shown == (usual.headline, usual.lines, usual.footnote)
    assert (rules.rule, rules.hide_after_s, rules.keep_after_s) == (Rule(region="NL"), 0, 0)


def test_the_users_layout_counts() -> None:
    popup = {"outbound": False, "hide_after_s": 9, "layout": {"headline": "$company", "lines": ["$name"]}}
    rules = assembly.rules(settings(popup=popup))
    assert (rules.layout.headline, rules.layout.lines, rules.layout.footnote) == ("$company", ("$name",), "")
    assert (rules.rule.outbound, rules.hide_after_s) == (False, 9)


@pytest.mark.parametrize("lines", [{}, {"lines": ["$name"]}])
def test_the_small_print_is_the_users_whosever_the_lines_are(lines: dict[str, object]) -> None:
    rules = assembly.rules(settings(popup={"layout": {"footnote": "by $directory", **lines}}))
    assert rules.layout.footnote == "by $directory"


def test_the_history_is_where_the_settings_or_the_desktop_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert assembly.history_path(settings()) == tmp_path / "bubbled" / "history.sqlite"
    monkeypatch.setenv("XDG_STATE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert assembly.history_path(settings()) == tmp_path / ".local/state/bubbled/history.sqlite"
    assert str(assembly.history_path(settings(history={"path": "/calls.db"}))) == "/calls.db"


def test_the_screen_is_the_one_that_the_settings_name() -> None:
    for name in ("native", "terminal"):
        assert (
            assembly.screen(settings(popup={"screen": name}), lambda *_: None, lambda *_: None).name == name
        )
