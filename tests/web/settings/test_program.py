from __future__ import annotations

from typing import Any

import pytest

from bubbled.web.settings.program import UnwantedError, must_be_wanted, programs

SHOP = ["/bin/shop", "$number"]


def test_the_programs_of_buttons_are_found_whatever_else_stands_there() -> None:
    buttons: list[Any] = [{"label": "a", "run": SHOP}, {"copy": "x"}, 7, {"run": "sh"}, {"run": [1, None]}]
    assert programs(buttons) == [SHOP, [1, None]]
    assert programs(None) == programs({"run": SHOP}) == []


@pytest.mark.parametrize("agreed", [None, True, "yes", [], [["/bin/shop"]], [[*SHOP, ""]], SHOP])
def test_nothing_but_the_whole_argument_list_is_a_yes(agreed: Any) -> None:
    with pytest.raises(UnwantedError) as refused:
        must_be_wanted([SHOP], agreed)
    assert refused.value.programs == [SHOP]


def test_what_was_agreed_to_or_is_there_already_may_be_saved() -> None:
    must_be_wanted([SHOP], [SHOP])
    must_be_wanted([SHOP], None, known=[SHOP])
    must_be_wanted([], None)
