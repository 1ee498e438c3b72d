from __future__ import annotations

import hashlib

import pytest

from bubbled.pbx.ami.framing import Message
from bubbled.pbx.demo.manager import Manager, Packet
from bubbled.pbx.demo.scene import SCENES
from bubbled.pbx.demo.switchboard import LiveChannels

SECRET = "s3cret"


def manager(secret: str | None = SECRET, channels: LiveChannels | None = None) -> Manager:
    return Manager(channels or LiveChannels(), secret, lambda: 1_800_000_000.5)


def ask(asked: Manager, **headers: str) -> list[Packet]:
    return asked.answer(Message(headers))


def logged_in(channels: LiveChannels | None = None) -> Manager:
    guest = manager(None, channels)
    ask(guest, Action="Login", Username="anybody", Secret="anything")
    return guest


@pytest.mark.parametrize("secret", ["s3cret", None])
def test_the_right_secret_lets_in(secret: str | None) -> None:
    guest = manager(secret)
    [answer] = ask(guest, Action="Login", ActionID="1", Username="me", Secret="s3cret")
    assert answer == {"Response": "Success", "ActionID": "1", "Message": "Authentication accepted"}
    assert guest.logged_in
    assert not guest.over


def test_a_wrong_secret_ends_the_connection() -> None:
    guest = manager()
    [answer] = ask(guest, Action="login", Username="me", Secret="wrong")
    assert answer == {"Response": "Error", "Message": "Authentication failed"}
    assert guest.over


def test_a_challenge_is_answered_with_its_digest() -> None:
    guest = manager()
    [answer] = ask(guest, Action="Challenge", AuthType="MD5")
    key = hashlib.md5(f"{answer['Challenge']}s3cret".encode()).hexdigest()  # noqa: S324  # AMI knows no other
    ask(guest, Action="Login", AuthType="MD5", Username="me", Key=key)
    assert guest.logged_in


def test_a_digest_without_a_challenge_is_refused() -> None:
    guest = manager()
    ask(guest, Action="Login", AuthType="MD5", Username="me", Key=hashlib.md5(b"s3cret").hexdigest())  # noqa: S324  # AMI knows no other
    assert not guest.logged_in


def test_an_unknown_digest_is_refused() -> None:
    assert ask(manager(), Action="Challenge", AuthType="SHA1")[0]["Message"] == "Must specify AuthType"


def test_before_login_everything_else_is_refused() -> None:
    guest = manager()
    assert ask(guest, Action="Status") == [{"Response": "Error", "Message": "Permission denied"}]
    assert not guest.over


def test_ping_unknown_actions_and_farewell() -> None:
    guest = logged_in()
    assert ask(guest, Action="Ping", ActionID="7")[0]["Ping"] == "Pong"
    assert ask(guest, Action="Nonsense")[0]["Message"].startswith("Invalid/unknown command: Nonsense.")
    assert ask(guest, Action="Logoff")[0]["Response"] == "Goodbye"
    assert guest.over


@pytest.mark.parametrize(
    ("action", "item", "end"),
    [
        ("Status", "Status", "StatusComplete"),
        ("CoreShowChannels", "CoreShowChannel", "CoreShowChannelsComplete"),
    ],
)
def test_the_channels_of_a_call_are_listed_while_it_lasts(action: str, item: str, end: str) -> None:
    channels = LiveChannels()
    guest = logged_in(channels)
    counts = []
    for _, event in SCENES["answered"].events():
        channels.apply(event)
        start, *rows, last = ask(guest, Action=action, ActionID="9")
        assert (start["EventList"], last["Event"], last["EventList"]) == ("start", end, "Complete")
        assert all(row["Event"] == item and row["ActionID"] == "9" for row in rows)
        assert last["ListItems"] == str(len(rows))
        counts.append(len(rows))
    assert max(counts) == 2
    assert counts[-1] == 0


def test_a_ringing_phone_shows_who_calls_and_a_talking_one_its_bridge() -> None:
    channels = LiveChannels()
    states = set()
    for _, event in SCENES["answered"].events():
        channels.apply(event)
        states |= {
            (row["ChannelState"], row["ConnectedLineNum"], bool(row["BridgeID"]))
            for row in channels.rows()
            if row["Channel"].startswith("PJSIP/101-")
        }
    assert {("5", "+31612345678", False), ("6", "+31612345678", True)} <= states


def test_the_account_may_do_what_bubbled_needs_and_nothing_dangerous() -> None:
    [allowed] = ask(logged_in(), Action="ListCommands")
    assert {"Status", "Originate", "DeviceStateList"} <= set(allowed)
    assert not {"Command", "UpdateConfig", "GetConfig", "AGI"} & set(allowed)


def test_whatever_is_listed_is_understood() -> None:
    [allowed] = ask(logged_in(), Action="ListCommands")
    for action in allowed.keys() - {"Response"}:
        assert not any("unknown" in packet.get("Message", "") for packet in ask(logged_in(), Action=action))


def test_the_phone_that_was_recorded_can_be_rung_and_no_other() -> None:
    clicks: list[Message] = []
    manager = Manager(LiveChannels(), None, lambda: 0.0, clicks.append)
    ask(manager, Action="Login", Username="me", Secret="any")
    wish = {"Action": "Originate", "Exten": "0301234567", "Context": "internal"}
    assert ask(manager, **wish, Channel="PJSIP/101")[0]["Response"] == "Success"
    assert [click["Exten"] for click in clicks] == ["0301234567"]
    refused = [{"Response": "Error", "Message": "Extension does not exist."}]
    assert ask(manager, **wish, Channel="PJSIP/999") == refused
    assert ask(manager, **wish | {"Exten": ""}, Channel="PJSIP/101") == refused
    assert len(clicks) == 1


@pytest.mark.parametrize(("device", "state"), [("PJSIP/101", "NOT_INUSE"), ("PJSIP/999", "INVALID")])
def test_the_state_of_a_phone_is_told(device: str, state: str) -> None:
    (answer,) = ask(logged_in(), Action="Getvar", Variable=f"DEVICE_STATE({device})")
    assert answer["Value"] == state


def test_the_phones_are_listed_as_they_are_in_the_call() -> None:
    channels = LiveChannels()
    guest = logged_in(channels)
    states = []
    for _, event in SCENES["answered"].events():
        channels.apply(event)
        start, *rows, last = ask(guest, Action="DeviceStateList", ActionID="9")
        assert (start["EventList"], last["Event"]) == ("start", "DeviceStateListComplete")
        assert all((row["Event"], row["ActionID"]) == ("DeviceStateChange", "9") for row in rows)
        assert {"PJSIP/101", "PJSIP/102", "PJSIP/103"} <= {row["Device"] for row in rows}
        states += [row["State"] for row in rows if row["Device"] == "PJSIP/101"]
    assert list(dict.fromkeys(states)) == ["NOT_INUSE", "RINGING", "INUSE"]
    assert states[-1] == "NOT_INUSE"
