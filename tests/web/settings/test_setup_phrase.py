"""What a set-up asks is told on pages by its words: where these change, it would be English among Dutch."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from bubbled.model import Device
from bubbled.setup.interview import Interview
from bubbled.setup.known import Certificate, Need, Reach
from bubbled.setup.paper import Paper
from bubbled.web.language import language
from bubbled.web.phrase import said
from bubbled.web.settings.setup_port import Part
from tests.setup.talk import COUNTRIES, known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bubbled.web.settings.setup_port import Field

OURS = Certificate("pem", "AB:CD", ("pbx",), "2030")
REACHES = (None, Reach(tls_port=5039), Reach(plain_port=5038), Reach(tls_port=5039, certificate=OURS))
COUNTRY_NAMES = {each.text for each in COUNTRIES}
KINDS = ("file", "carddav", "rest", "ldap", "none")
PRESENT: Mapping[str, Any] = {"directory": [{"name": "Customers"}, {"name": "Friends"}]}


def fields() -> Iterator[Field]:
    """What is asked, whatever was answered."""
    for way, reach, kind, present in product(
        ("ami", "sip"), REACHES, KINDS, ({}, PRESENT, {"directory": [{"name": "Customers"}]})
    ):
        facts = known(
            present,
            reach=reach,
            phones=(Device("PJSIP/201"),),
            needs={
                "zammad": (Need("directory.variables.host", "Ihr Rechner", is_secret=False, example="z.de"),)
            },
        )
        paper = Paper(Interview(facts))
        paper.interview.answers |= {
            "pbx.kind": way,
            "pbx.host": "pbx.example.com",
            "me.extension": "101",
            "directory.kind": kind,
            "directory.bind_dn": "cn=reader",
            "directory.preset": "zammad",
        }
        for part in Part:
            if part not in {Part.READY, Part.DONE}:
                yield from paper.fields(part, {}, {})


def dutch(words: str) -> str:
    return said(words, language("nl"))


def test_every_question_is_asked_in_dutch() -> None:
    asked = list(fields())
    assert len({each.text for each in asked}) > 20
    texts = {text for each in asked for text in (each.text, each.hint, *dict(each.choices).values()) if text}
    assert {text for text in texts if dutch(text) == text} <= {"Ihr Rechner", "PJSIP/201", *COUNTRY_NAMES}
