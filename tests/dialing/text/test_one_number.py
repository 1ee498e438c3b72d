from __future__ import annotations

import pytest

from bubbled.dialing.destination import Destination, Kind, Refusal
from bubbled.dialing.plan import DialPlan
from bubbled.dialing.text.one_number import destination_of
from bubbled.model import E164

NL = DialPlan(region="NL", outside_prefix="0", extensions=("1??",))


@pytest.mark.parametrize(
    ("text", "destination"),
    [
        (
            "020-1234567",
            Destination(
                dialled="00201234567", shown="020 123 4567", kind=Kind.OUTSIDE, e164=E164("+31201234567")
            ),
        ),
        (
            "+32 2 123 45 67",
            Destination(
                dialled="0003221234567", shown="+32 2 123 45 67", kind=Kind.OUTSIDE, e164=E164("+3221234567")
            ),
        ),
        ("14 020", Destination(dialled="014020", shown="14 020", kind=Kind.SHORT)),
        ("1850", Destination(dialled="01850", shown="1850", kind=Kind.SHORT)),
        ("112", Destination(dialled="112", shown="112", kind=Kind.EMERGENCY)),
        ("(101)", Destination(dialled="101", shown="101", kind=Kind.INTERNAL)),
    ],
)
def test_a_number_is_somebody(text: str, destination: Destination) -> None:
    assert destination_of(text, NL) == destination


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("202", Refusal.EXTENSION_NOT_ALLOWED),
        ("1-0-1", Refusal.NO_NUMBER),
        ("18-50", Refusal.NO_NUMBER),
        ("14.020", Refusal.NO_NUMBER),
        ("5", Refusal.NO_NUMBER),
        ("+31 20", Refusal.IMPOSSIBLE),
        ("8001234", Refusal.IMPOSSIBLE),
        ("020+1234567", Refusal.IMPOSSIBLE),
        ("0" * 200, Refusal.IMPOSSIBLE),
        ("*72", Refusal.CODE_NOT_ALLOWED),
        ("12*34", Refusal.NO_NUMBER),
    ],
)
def test_a_number_of_nobody_is_refused_with_the_reason(text: str, refusal: Refusal) -> None:
    assert destination_of(text, NL) is refusal


@pytest.mark.parametrize("text", ["1 12", "11-2", "1.1.2", "1/12"])
def test_a_date_is_no_emergency(text: str) -> None:
    everything = DialPlan(region="NL", extensions=("*",))
    assert destination_of(text, everything) is Refusal.NO_NUMBER


def test_an_extension_comes_before_a_short_number_but_not_before_an_emergency() -> None:
    everything = DialPlan(region="NL", extensions=("*",))
    for text, kind in [("1850", Kind.INTERNAL), ("112", Kind.EMERGENCY), ("1120", Kind.INTERNAL)]:
        found = destination_of(text, everything)
        assert isinstance(found, Destination)
        assert found.kind is kind


@pytest.mark.parametrize(
    "code", ["*72", "*720612345678", "#31#0612345678", "*21*+31612345678#", "*#06#", "##002#", "**101"]
)
def test_codes_are_dialled_as_they_are(code: str) -> None:
    found = destination_of(code, DialPlan(region="NL", codes=True, outside_prefix="0"))
    assert found == Destination(dialled=code, shown=code, kind=Kind.CODE)


@pytest.mark.parametrize(
    "text", ["*", "#", "*72*", "***1", "*" + "1" * 20, "1*2", "*21*0612345678901234567#"]
)
def test_other_signs_are_no_codes(text: str) -> None:
    assert destination_of(text, DialPlan(region="NL", codes=True)) is Refusal.NO_NUMBER
