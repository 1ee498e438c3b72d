from __future__ import annotations

import configparser
import re

from bubbled.pbx.ami.stanza import stanza
from bubbled.pbx.ami.tracker import WANTED


def test_the_account_may_do_no_more_than_needed() -> None:
    text = stanza("bubbled", WANTED, permit="192.0.2.7", asterisk=None)
    parser = configparser.ConfigParser(strict=False)
    parser.read_string(text)
    account = parser["bubbled"]
    assert account["read"] == "call"
    assert set(account["write"].split(",")) == {"call", "originate"}
    assert account["permit"] == "192.0.2.7/32"
    assert "deny = 0.0.0.0/0\ndeny = ::/0\n" in text


def test_an_ipv6_address_is_permitted_alone() -> None:
    assert "permit = 2001:db8::1/128" in stanza("bubbled", WANTED, permit="2001:db8::1", asterisk=None)


def test_an_unknown_address_is_left_for_the_administrator() -> None:
    assert "permit = ADDRESS-OF-THAT-COMPUTER" in stanza("bubbled", WANTED, permit=None, asterisk=None)


def test_the_old_filter_lets_exactly_the_wanted_events_through() -> None:
    text = stanza("bubbled", ["Hangup", "Newchannel"], permit=None, asterisk=18)
    # POSIX classes are all that Python's expressions lack of Asterisk's.
    expression = text.rpartition("eventfilter = ")[2].replace("[[:space:]]", r"\s")
    passing = [
        event
        for event in ("Hangup", "HangupRequest", "Newchannel", "SoftHangupRequest", "VarSet")
        if re.search(expression, f"Event: {event}\r\nPrivilege: call,all\r\n")
    ]
    assert passing == ["Hangup", "Newchannel"]
    assert not re.search(expression, "Event: VarSet\r\nValue: Event: Hangup \r\n")


def test_from_22_on_each_event_is_named() -> None:
    text = stanza("bubbled", ["Newchannel", "Hangup"], permit=None, asterisk=22)
    assert text.endswith("eventfilter(name(Hangup)) =\neventfilter(name(Newchannel)) =")
    assert "[[:space:]]" not in text


def test_an_unknown_version_gets_the_filter_that_every_version_understands() -> None:
    unknown, old = (stanza("bubbled", WANTED, permit=None, asterisk=version) for version in (None, 16))
    assert unknown == old


def test_with_notes_the_account_may_tell_and_hear_them() -> None:
    text = stanza("bubbled", WANTED, permit=None, asterisk=22, shares_notes=True)
    assert "read = call,user\n" in text
    assert "write = call,originate,user\n" in text
    assert text.endswith("eventfilter(name(UserEvent),header(UserEvent),method(exact)) = BubbledNote")
    assert "user" not in stanza("bubbled", WANTED, permit=None, asterisk=22).replace("UserEvent", "")


def test_the_old_filter_lets_notes_through_and_no_other_events_of_users() -> None:
    text = stanza("bubbled", ["Hangup"], permit=None, asterisk=16, shares_notes=True)
    expression = text.rpartition("eventfilter = ")[2].replace("[[:space:]]", r"\s")
    ours, others, forged = (
        f"Event: UserEvent\r\nPrivilege: user,all\r\n{lines}\r\n"
        for lines in ("UserEvent: BubbledNote", "UserEvent: Door", "UserEvent: Door\r\nText: BubbledNote")
    )
    # To a POSIX expression a line break is a sign like others.
    passing = [each for each in (ours, others, forged) if re.search(expression, each, re.DOTALL)]
    assert passing == [ours]
