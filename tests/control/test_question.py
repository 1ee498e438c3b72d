from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bubbled.control.question import Asked, LookedUp, looked_up_from_json, looked_up_json

asked = st.builds(
    Asked,
    directory=st.text(),
    outcome=st.sampled_from(["hit", "miss", "error", "timeout", "cancelled"]),
    ms=st.floats(min_value=0, allow_infinity=False),
    matches=st.lists(st.dictionaries(st.text(), st.text()), max_size=2).map(tuple),
    error=st.none() | st.text(),
)


@given(st.builds(LookedUp, st.text(), st.none() | st.text(), st.lists(asked, max_size=3).map(tuple)))
def test_what_was_looked_up_survives_the_wire(result: LookedUp) -> None:
    assert looked_up_from_json(json.loads(json.dumps(looked_up_json(result)))) == result
