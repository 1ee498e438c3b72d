from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bubbled.daemon.placement import NotDialledError
from bubbled.dialing.destination import Source
from bubbled.model import Failure

if TYPE_CHECKING:
    from tests.daemon.office import Office


async def test_the_same_number_twice_is_one_call(dial_office: Office) -> None:
    first = await dial_office.dialler.dial("020-1234567", Source.SELECTION)
    dial_office.calls[dial_office.exchange.clicks[0].id] = dial_office.exchange.clicks[0].call()
    second = await dial_office.dialler.dial("+31201234567", Source.TYPED)
    assert first.call == second.call
    assert len(dial_office.exchange.clicks) == 1


async def test_two_wishes_at_once_are_one_call(dial_office: Office) -> None:
    both = await asyncio.gather(*(dial_office.dialler.dial("0201234567", Source.TYPED) for _ in range(2)))
    assert both[0].call == both[1].call
    assert len(dial_office.exchange.clicks) == 1


async def test_while_the_call_goes_on_it_is_named_again(dial_office: Office) -> None:
    first = await dial_office.dialler.dial("0201234567", Source.TYPED)
    (click,) = dial_office.exchange.clicks
    dial_office.calls[click.id] = click.call()
    again = await dial_office.dialler.dial("0201234567", Source.TYPED)
    assert again == first
    assert len(dial_office.exchange.clicks) == 1


async def test_a_call_that_has_just_ended_is_not_named_as_one_that_is_made(dial_office: Office) -> None:
    await dial_office.dialler.dial("0201234567", Source.TYPED)
    with pytest.raises(NotDialledError, match="tried a moment ago"):
        await dial_office.dialler.dial("0201234567", Source.TYPED)
    assert len(dial_office.exchange.clicks) == 1


async def test_a_call_goes_on_though_whoever_asked_for_it_is_gone(dial_office: Office) -> None:
    dial_office.exchange.answers.clear()
    asking = asyncio.create_task(dial_office.dialler.dial("0201234567", Source.TYPED))
    await dial_office.exchange.called("0201234567")
    asking.cancel()
    await asyncio.wait([asking])
    again = asyncio.create_task(dial_office.dialler.dial("0201234567", Source.TYPED))
    await asyncio.sleep(0)
    dial_office.exchange.answers.set()
    assert (await again).call == dial_office.exchange.clicks[0].id
    assert len(dial_office.exchange.clicks) == 1


@pytest.mark.parametrize("failure", Failure)
async def test_what_the_pbx_does_not_do_is_told(dial_office: Office, failure: Failure) -> None:
    dial_office.exchange.failure = failure
    with pytest.raises(NotDialledError) as refused:
        await dial_office.dialler.dial("0201234567", Source.TYPED)
    certain = failure is not Failure.UNKNOWN
    assert str(refused.value).startswith("020 123 4567 was not called: ") is certain
    assert "{" not in str(refused.value)


async def test_a_failure_may_be_tried_again_but_not_what_may_have_worked(
    dial_office: Office,
) -> None:
    dial_office.exchange.failure = Failure.NOT_CONNECTED
    with pytest.raises(NotDialledError):
        await dial_office.dialler.dial("0201234567", Source.TYPED)
    dial_office.exchange.failure = Failure.UNKNOWN
    with pytest.raises(NotDialledError, match="not known whether"):
        await dial_office.dialler.dial("0201234567", Source.TYPED)
    with pytest.raises(NotDialledError, match="tried a moment ago"):
        await dial_office.dialler.dial("0201234567", Source.TYPED)
    assert len(dial_office.exchange.clicks) == 2
