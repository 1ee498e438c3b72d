from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bubbled.control.check import Check, Verdict, check_from_json, check_json

checks = st.builds(Check, st.text(), st.sampled_from(Verdict), st.text(), st.none() | st.text())


@given(checks)
def test_a_check_survives_the_wire(check: Check) -> None:
    assert check_from_json(check_json(check)) == check


def test_an_unknown_verdict_is_a_warning() -> None:
    assert check_from_json({"name": "PBX", "verdict": "dubious", "text": "?"}).verdict is Verdict.WARNING
