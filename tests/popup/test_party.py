from dataclasses import replace

import pytest

from bubbled.model import E164, Contact
from bubbled.popup.subject import Finding, Subject
from tests.popup.test_layout import JAN, RINGING
from tests.popup.test_variable import DESK, values

INSIDE = replace(RINGING, internal=True, number="102", e164=None, dialled="101")


def test_the_number_comes_in_each_notation() -> None:
    found = values(number="0612345678")
    assert [
        found[f"number{kind}"] for kind in ("", "_e164", "_national", "_international", "_formatted")
    ] == [
        "0612345678",
        "+31612345678",
        "0612345678",
        "+31 6 12345678",
        "06 12345678",
    ]


def test_a_country_is_told_of_numbers_from_abroad_alone() -> None:
    layout = replace(DESK, country={"BE": "België"}.__getitem__)
    abroad = values(layout=layout, number="+32470123456", e164=E164("+32470123456"))
    assert (abroad["region"], abroad["country"]) == ("BE", "België")
    assert (values()["region"], values()["country"]) == ("", "")


@pytest.mark.parametrize(
    ("subject", "who", "name"),
    [
        (Subject(call=RINGING, finding=Finding(contact=JAN)), "Jan Jansen", "Jan Jansen"),
        (
            Subject(call=RINGING, finding=Finding(contact=Contact(directory="CRM", company="Acme"))),
            "Acme",
            "",
        ),
        (Subject(call=INSIDE), "Bob", "Bob"),
        (Subject(call=replace(INSIDE, dialled="+31201000101")), "102", ""),
        (Subject(call=replace(RINGING, name="J JANSEN")), "J JANSEN", "J JANSEN"),
        (Subject(call=replace(RINGING, name="0612345678")), "06 12345678", ""),
        (Subject(call=replace(RINGING, name="anonymous", number=None, e164=None)), "Anonymous", ""),
    ],
)
def test_the_best_that_is_known_says_who_it_is(subject: Subject, who: str, name: str) -> None:
    found = values(subject)
    assert (found["who"], found["name"]) == (who, name)
