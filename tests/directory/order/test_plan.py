from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.directory.order.answer import Question
from bubbled.directory.order.plan import Place, in_order
from bubbled.model import E164, Extension
from tests.directory.order.source import Source

if TYPE_CHECKING:
    from bubbled.directory.port import Directory

OUTSIDE = Question(E164("+31612345678"))


def place(name: str, tier: int = 1) -> Place:
    directory: Directory = Source(name)
    return Place(directory=directory, tier=tier)


def test_tiers_come_first_and_then_the_order_of_the_user() -> None:
    places = [place("A", 2), place("B"), place("C", 2), place("D")]
    assert [each.directory.name for each in in_order(places)] == ["B", "D", "A", "C"]


@pytest.mark.parametrize(
    "question",
    [
        Question(Extension("102"), is_internal=True),
        Question(OUTSIDE.number, is_internal=True),
        Question(Extension("102")),
    ],
    ids=["an extension", "a colleague's mobile", "an extension of whom nothing is said"],
)
def test_what_is_internal_stays_inside(question: Question) -> None:
    inside = Place(directory=Source("Colleagues"), is_internal=True)
    assert place("CRM").objection(question) is not None
    assert inside.objection(question) is None
    assert inside.objection(OUTSIDE) is not None
    assert place("CRM").objection(OUTSIDE) is None
