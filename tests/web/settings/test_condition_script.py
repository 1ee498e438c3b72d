"""What the choices of conditions can say, in the browser that says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.condition import parse

if TYPE_CHECKING:
    from tests.web.browsing import Visitor

pytestmark = pytest.mark.desktop

CHOSEN = [
    "",
    "inbound",
    "outbound and not matched",
    "inbound and matched and missed",
    "not internal and $email",
    "${postal code}",
    "company == 'Acme'",
    "inbound and company != 'Acme and Sons'",
    'name == "O\'Neil"',
    "${postal code} == '3511 AB'",
    "earlier_calls >= 3",
    "'gold' in category",
    "ringing and 'a \"b\" c' in ${account manager}",
]
BY_HAND = [
    "inbound or outbound",
    "(inbound)",
    "not outbound",
    "inbound and inbound",
    "matched and withheld",
    "queue",
    "queue in ('support', 'sales')",
    "not (matched and inbound)",
    "company == name",
    "inbound and",
    "'gold' in category and $email",
    "company == 'a' or name == 'b'",
    "$(x)",
    "<script>",
]
WRITTEN = [
    ({"variable": "company", "test": "==", "value": "it's"}, 'company == "it\'s"'),
    ({"variable": "$company", "test": "in", "value": "a'b\"c"}, '"a\'bc" in company'),
    ({"variable": "${postal code}", "test": "has", "value": ""}, "${postal code}"),
    ({"variable": "earlier_calls", "test": ">=", "value": "three"}, "earlier_calls >= 'three'"),
    ({"way": "inbound", "variable": "", "test": "==", "value": "x"}, "inbound"),
]


async def test_choices_say_what_is_written_and_nothing_else(visitor: Visitor) -> None:
    page = await visitor.visit("/settings/layout")
    again = await page.evaluate(
        """async (texts) => {
            const { read, write } = await import('/static/condition.js')
            const blank = { way: '', who: '', moment: '', variable: '', test: 'has', value: '' }
            const again = (found) => found && write({ ...blank, ...found })
            return texts.map((text) => again(read(text)))
        }""",
        [*CHOSEN, *BY_HAND],
    )
    assert again == [*CHOSEN, *[None] * len(BY_HAND)]
    written = await page.evaluate(
        """async (choices) => {
            const { write } = await import('/static/condition.js')
            const blank = { way: '', who: '', moment: '', variable: '', test: 'has', value: '' }
            return choices.map((each) => write({ ...blank, ...each }))
        }""",
        [chosen for chosen, _ in WRITTEN],
    )
    assert written == [text for _, text in WRITTEN]
    assert all(parse(text) for text in (*CHOSEN[1:], *written))
