from __future__ import annotations

from dataclasses import replace

from bubbled.directory.call_log.delivery import Stage, begin
from bubbled.directory.call_log.entry import Entry
from bubbled.directory.call_log.patience import Patience
from tests.directory.call_log.office import ENDED, RECORD

WAITING = Entry(RECORD, begin(ENDED, 0))
DOUBTFUL = replace(WAITING, delivery=replace(WAITING.delivery, stage=Stage.DOUBTFUL))


def test_a_crm_rests_with_all_its_calls_until_the_user_mended_something() -> None:
    patience = Patience(started_at=0)
    patience.rest("CRM", until=30)
    patience.rest("Other", until=90)
    assert [patience.spared_s(WAITING, now, look_after_s=120) for now in (10, 40)] == [20, 0]
    patience.relieve()
    assert patience.spared_s(WAITING, 10, look_after_s=120) == 0


def test_a_record_is_looked_for_when_it_can_be_found() -> None:
    patience = Patience(started_at=0)
    patience.left(RECORD.call_id, at=1000)
    assert [patience.spared_s(DOUBTFUL, now, look_after_s=120) for now in (1000, 1119, 1120)] == [120, 1, 0]


def test_what_the_last_run_sent_may_have_left_just_before_the_start() -> None:
    patience = Patience(started_at=1000)
    assert patience.spared_s(DOUBTFUL, 1010, look_after_s=120) == 110
    patience.left(RECORD.call_id, at=5000)
    patience.forget(RECORD.call_id)
    assert patience.spared_s(DOUBTFUL, 5000, look_after_s=120) == 0
