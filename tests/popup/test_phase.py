import pytest

from bubbled.popup.phase import ON_SCREEN, RUNNING, Phase, Trigger, after

ENDINGS = (
    Trigger.ENDED,
    Trigger.ENDED_KEPT,
    Trigger.ENDED_NEWS,
    Trigger.ENDED_MISSED,
    Trigger.ENDED_PUT_OFF,
    Trigger.FAILED,
)


@pytest.mark.parametrize("phase", RUNNING)
@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_always_ends(phase: Phase, ending: Trigger) -> None:
    assert after(phase, ending) not in {None, *RUNNING}


@pytest.mark.parametrize("phase", ON_SCREEN)
def test_the_user_can_close_whatever_is_on_the_screen(phase: Phase) -> None:
    assert after(phase, Trigger.DISMISSED) not in {None, *ON_SCREEN}


@pytest.mark.parametrize("phase", ON_SCREEN)
def test_muting_clears_the_screen(phase: Phase) -> None:
    assert after(phase, Trigger.SILENCED) not in {None, *ON_SCREEN}


@pytest.mark.parametrize("phase", ON_SCREEN - {Phase.RECALLED})
def test_quiet_clears_the_screen_of_what_the_user_did_not_ask_for(phase: Phase) -> None:
    assert after(phase, Trigger.HUSHED) not in {None, *ON_SCREEN}
    assert after(Phase.RECALLED, Trigger.HUSHED) is None


@pytest.mark.parametrize("phase", Phase)
def test_the_user_can_have_every_popup_again(phase: Phase) -> None:
    assert after(phase, Trigger.RECALLED) in ON_SCREEN


@pytest.mark.parametrize("phase", set(Phase) - RUNNING - {Phase.PUT_OFF})
@pytest.mark.parametrize("trigger", [*ENDINGS, Trigger.ALLOWED])
def test_a_call_that_has_ended_does_not_come_back_by_itself(phase: Phase, trigger: Trigger) -> None:
    assert after(phase, trigger) is None
