"""Notes that go along: Alice and Bob, each with a bubbled of their own, on one real Asterisk."""

from __future__ import annotations

import json
import tempfile
from base64 import b64encode
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bubbled.note import LONGEST_NOTE
from bubbled.pbx.ami.stanza import stanza
from bubbled.pbx.ami.tracker import WANTED
from tests.lab.scenes.forgery import sip_caller
from tests.lab.scenes.transfer import answered_on
from tests.lab.stage import CALLER, DESTINATION, pause
from tests.system.bubbled import Bubbled, Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.lab.pbx import Asterisk
    from tests.lab.sip.call import Call
    from tests.lab.stage import Stage
    from tests.popup.screens.conftest import SessionBus
    from tests.popup.screens.desktop import Display
    from tests.popup.screens.real_server import RealServer

SECRET = "s3cret"
FORGED = {
    "Event": "UserEvent",
    "Privilege": "user,all",
    "UserEvent": "BubbledNote",
    "Number": CALLER,
    "Extension": "101",
    "Note1": b64encode(b"Hello").decode(),
}
TEAM_SHARES = "[team]\nshare_notes = true"
WISH = "Wants 20 more, by Friday ☎"


class Colleagues:
    """Alice at 101 and Bob at 102; their popups are lines in their logs."""

    def __init__(self, alice: Bubbled, bob: Bubbled) -> None:
        self.alice, self.bob = alice, bob

    async def alice_notes(self, text: str = WISH) -> None:
        """Alice types a note while she talks with the customer, and sees it in her popup."""
        await self.alice.call(state="talking")
        status, said = await self.alice.ask("note", text)
        assert (status, said) == (0, "Noted.\n")
        await self.alice.says("Talking: Jan Jansen", text)

    async def bob_is_told(self, *texts: str) -> None:
        """Bob's popup shows the customer, and what Alice noted."""
        await self.bob.says(": Jan Jansen", WISH, "Alice", *texts)

    async def alices_popup_goes(self) -> None:
        await self.alice.says("Closed: Jan Jansen")


class House:
    """Has users begin to work, each with an account on the PBX."""

    def __init__(self, asterisk: Asterisk, leftovers: ExitStack) -> None:
        self._asterisk = asterisk
        self._leftovers = leftovers

    async def joins(self, extension: str, rights: str, *, shares: bool = True, bus: str = "") -> Bubbled:
        """A user begins; `rights` is the account as it stands in manager.conf, `bus` that of a desktop."""
        await self._asterisk.admit(rights)
        folder = self._leftovers.enter_context(tempfile.TemporaryDirectory(prefix="bubbled-"))
        home = Home(Path(folder), extension)
        home.configure(
            self._asterisk.ami,
            account=(rights[1 : rights.index("]")], SECRET),
            team="share_notes = true" if shares else "",
            more=f'[popup]\nscreen = "{"native" if bus else "terminal"}"\n',
        )
        return await self.begins(home, **{"DBUS_SESSION_BUS_ADDRESS": bus} if bus else {})

    async def begins(self, home: Home, **environment: str) -> Bubbled:
        """A user begins, or begins again."""
        bubbled = Bubbled.start(home, **environment)
        self._leftovers.callback(bubbled.dispose)
        return await (await bubbled.ready()).is_connected()

    def rights(self, user: str) -> str:
        """No more than `bubbled doctor` tells the administrator to give for notes."""
        major = self._asterisk.installation.major()
        text = stanza(user, WANTED, permit="127.0.0.1", asterisk=major, shares_notes=True)
        return text.replace("CHOOSE-A-LONG-ONE", SECRET)


@pytest.fixture
def house(asterisk: Asterisk) -> Iterator[House]:
    with ExitStack() as leftovers:
        yield House(asterisk, leftovers)


@pytest.fixture
async def team(house: House) -> Colleagues:
    alice = await house.joins("101", house.rights("alice"))
    return Colleagues(alice, await house.joins("102", house.rights("bob")))


async def test_a_blind_transfer(team: Colleagues, stage: Stage) -> None:
    outer, alices = await stage.conversation()
    await team.alice_notes()
    await alices.refer("102")
    bobs = await stage.bob.rings()
    await team.bob_is_told("Calling you", "Transferred by 101 (Alice)")
    await bobs.answer()
    await team.alices_popup_goes()
    await team.bob.says("Talking: Jan Jansen", WISH)
    await alices.hang_up()
    await outer.hang_up()
    await bobs.is_over()
    call = await team.bob.call(outcome="answered", transferred_from="101")
    assert call["note"] is None


@pytest.mark.desktop
async def test_bob_sees_it_on_his_desktop(
    house: House, dunst: RealServer, session_bus: SessionBus, display: Display, stage: Stage
) -> None:
    assert dunst
    alice = await house.joins("101", house.rights("alice"))
    await house.joins("102", house.rights("bob"), bus=session_bus.address)
    outer, alices = await stage.conversation()
    await alice.call(state="talking")
    await alice.ask("note", "Wants <b>20</b> more", "\n", "by Friday")
    await alices.refer("102")
    await stage.bob.rings()
    await display.reads(
        "Jan Jansen", "Calling you", "Transferred by 101 (Alice)", "Note by Alice", "<b>20</b>"
    )
    await display.keep("system-note-by-alice.png")
    await outer.hang_up()


async def test_a_transfer_by_feature_code(team: Colleagues, stage: Stage) -> None:
    outer, alices = await stage.conversation()
    await team.alice_notes()
    await alices.press("##")
    await pause(0.8)
    await alices.press("102")
    bobs = await answered_on(stage.bob)
    await team.bob_is_told("Transferred by 101 (Alice)")
    await team.alices_popup_goes()
    await outer.hang_up()
    await bobs.is_over()


async def asks_bob(stage: Stage, alices: Call) -> Call:
    await alices.hold()
    return await stage.alice.call("102")


async def test_an_attended_transfer(team: Colleagues, stage: Stage) -> None:
    outer, alices = await stage.conversation()
    await team.alice_notes()
    asking = await asks_bob(stage, alices)
    bobs = await stage.bob.rings()
    await team.bob.says("Calling you: Alice")
    await bobs.answer()
    await asking.is_up()
    await pause(0.8)  # they talk
    await alices.refer("102", replaces=asking)
    await team.bob_is_told("Talking", "Transferred by 101 (Alice)")
    await team.alices_popup_goes()
    await outer.hang_up()
    await bobs.is_over()


async def test_an_attended_transfer_by_feature_code(team: Colleagues, stage: Stage) -> None:
    outer, alices = await stage.conversation()
    await team.alice_notes()
    await alices.press("*2")
    await pause(1.2)
    await alices.press("102")
    bobs = await answered_on(stage.bob)
    await pause(1.5)  # they talk
    await alices.hang_up()
    await team.bob_is_told("Talking", "Transferred by 101 (Alice)")
    await team.alice.says("Closed: Bob")  # with whom she talked last
    call = await team.alice.call(outcome="transferred", number=CALLER, transferred_to="102", note=WISH)
    assert call["contact"]["name"] == "Jan Jansen"
    await outer.hang_up()
    await bobs.is_over()
    again = await stage.inbound()
    await stage.alice.rings()
    await team.alice.says("Calling you: Jan Jansen", WISH)
    await again.hang_up()


async def test_a_transfer_while_bobs_phone_rings(team: Colleagues, stage: Stage) -> None:
    outer, alices = await stage.conversation()
    await team.alice_notes()
    asking = await asks_bob(stage, alices)
    bobs = await stage.bob.rings()
    await pause(0.8)  # she thinks better of it
    await alices.refer("102", replaces=asking)
    await team.bob_is_told("Calling you", "Transferred by 101 (Alice)")
    await bobs.answer()
    await team.bob.says("Talking: Jan Jansen", WISH)
    await team.alices_popup_goes()
    await outer.hang_up()
    await bobs.is_over()


async def test_a_transfer_to_a_queue(team: Colleagues, stage: Stage) -> None:
    outer, alices = await stage.conversation()
    await team.alice_notes()
    await alices.refer("500")
    bobs = await stage.bob.rings()
    await team.bob_is_told("Calling you", "Transferred by 101 (Alice)")
    await bobs.answer()
    await outer.hang_up()
    await bobs.is_over()


async def test_a_call_out_of_a_queue_that_rang_both(team: Colleagues, stage: Stage) -> None:
    outer = await stage.inbound("500")
    alices, bobs = await stage.alice.rings(), await stage.bob.rings()
    await pause(0.6)
    await alices.answer()
    await bobs.is_over()
    await team.alice_notes()
    await alices.refer("102")
    again = await stage.bob.rings()
    await team.bob_is_told("Calling you", "Transferred by 101 (Alice)")
    await again.answer()
    await team.alices_popup_goes()
    await outer.hang_up()
    await again.is_over()


async def test_a_call_that_is_picked_up(team: Colleagues, stage: Stage) -> None:
    """Alice has spoken with the customer before; he calls her again, and Bob takes it from his desk."""
    outer, alices = await stage.conversation()
    await team.alice_notes()
    await outer.hang_up()
    await alices.is_over()
    again = await stage.inbound()
    await stage.alice.rings()
    bobs = await stage.bob.call("*8")
    await bobs.is_up()
    await team.bob_is_told("Talking")
    await again.hang_up()
    await bobs.is_over()


async def test_a_call_out_of_the_parking_lot(team: Colleagues, stage: Stage) -> None:
    outer, alices = await stage.conversation()
    await team.alice_notes()
    await alices.refer("700")
    slot = (await stage.control.event("ParkedCall"))["ParkingSpace"]
    await team.alices_popup_goes()
    await pause(0.5)  # she calls it out
    await alices.hang_up()
    bobs = await stage.bob.call(slot)
    await bobs.is_up()
    await team.bob_is_told("Talking")
    await outer.hang_up()
    await bobs.is_over()


async def test_the_longest_note_of_the_widest_signs_arrives_while_both_are_in_calls(
    team: Colleagues, stage: Stage
) -> None:
    outer, alices = await stage.conversation()
    await team.alice.call(state="talking")
    half = "\N{OX}" * (LONGEST_NOTE // 2 - 1) + "!"
    for _ in range(2):
        await team.alice.ask("note", half)
    await outer.hang_up()
    await alices.is_over()
    again = await stage.inbound("102")
    await stage.bob.rings()
    await team.bob.says("Calling you: Jan Jansen", "\N{OX}" * 20)
    await again.hang_up()


async def test_what_was_noted_survives_a_kill_and_is_forgotten_on_demand(
    team: Colleagues, stage: Stage, house: House
) -> None:
    outer, alices = await stage.conversation()
    await team.alice_notes()
    await outer.hang_up()
    await alices.is_over()
    await team.alice.call(outcome="answered", note=WISH)
    await team.alice.kill()
    alice = await house.begins(team.alice.home)
    call = await alice.call(note=WISH)
    status, said = await alice.ask("note", "--call", call["id"], "And a bag")
    assert status == 0, said
    await alice.call(note=f"{WISH}\nAnd a bag")
    await alice.ask("forget", CALLER)
    await team.bob.ask("forget", CALLER)
    for daemon in (alice, team.bob):
        await daemon.stop()
        kept = b"".join(file.read_bytes() for file in daemon.home.history.parent.iterdir())
        assert b"Wants 20" not in kept


async def test_calling_out_shows_when_and_with_which_colleague_the_last_contact_was(
    team: Colleagues, stage: Stage
) -> None:
    bobs = await stage.bob.call(DESTINATION)
    outer = await stage.outside.rings()
    await outer.answer()
    await team.bob.call(state="talking")
    assert (await team.bob.ask("note", "Will send the offer"))[0] == 0
    await outer.hang_up()
    await bobs.is_over()
    await team.bob.call(outcome="answered")
    alices = await stage.alice.call(DESTINATION)
    await stage.outside.rings()
    await team.alice.says("Calling: 030 123 4567", "Bob called today", "Will send the offer")
    await alices.hang_up()
    await team.alice.call(direction="outbound", state="ended")


async def test_the_popup_of_an_earlier_call_comes_back_whole(team: Colleagues, stage: Stage) -> None:
    outer, alices = await stage.conversation()
    await team.alice_notes()
    await outer.hang_up()
    await alices.is_over()
    await team.alice.says("Closed: Jan Jansen")
    call = await team.alice.call(outcome="answered")
    lines = len(team.alice.lines())
    status, said = await team.alice.ask("show", call["id"])
    assert status == 0, said
    await team.alice.says("Jan Jansen", "Bakker & Zn", WISH, after=lines)
    status, said = await team.alice.ask("calls", "--on", "today", "--json")
    assert [json.loads(line)["id"] for line in said.splitlines()] == [call["id"]]


async def checks_of(daemon: Bubbled) -> dict[str, tuple[str, str]]:
    """What `bubbled doctor` says of notes: verdict and advice."""
    _, said = await daemon.ask("doctor", "--json", "--config", str(daemon.home.settings))
    checks = json.loads(said)["checks"]
    return {check["name"]: (check["verdict"], check["advice"] or "") for check in checks}


async def test_with_the_account_as_the_doctor_writes_it_notes_come_and_go(team: Colleagues) -> None:
    for daemon in (team.alice, team.bob):
        checks = await checks_of(daemon)
        assert checks["Notes"][0] == "ok"
        assert checks["Rights"][0] == "ok"


@pytest.mark.parametrize(("write", "lacks"), [("", "write = user"), (",user", "read = user")])
async def test_without_the_rights_the_doctor_says_so_and_notes_stay_at_home(
    house: House, stage: Stage, write: str, lacks: str
) -> None:
    rights = f"secret = {SECRET}\nread = call\nwrite = call,originate{write}\npermit = 127.0.0.1/32"
    alice = await house.joins("101", f"[lacks{len(write)}]\n{rights}")
    verdict, advice = (await checks_of(alice))["Notes"]
    assert (verdict, lacks in advice) == ("warning", True)
    await a_noted_call(alice, stage)


async def test_by_default_nothing_is_told(house: House, stage: Stage) -> None:
    alice = await house.joins("101", house.rights("alice"), shares=False)
    assert "Notes" not in await checks_of(alice)
    await a_noted_call(alice, stage)
    assert b"UserEvent" not in stage.control.tape.data


async def test_a_caller_cannot_forge_a_note(team: Colleagues, stage: Stage) -> None:
    """His number carries line breaks and a whole packet; Asterisk passes on as much of it as it does."""
    packet = "".join(f"\r\n{header}: {value}" for header, value in FORGED.items())
    outer = await stage.inbound("102", caller=sip_caller(stage, f"1\r\n{packet}\r\n\r\n"))
    await stage.bob.rings()
    await team.bob.says("Calling you")
    await outer.hang_up()
    assert b"\r\nUserEvent: BubbledNote" in stage.control.tape.data
    again = await stage.inbound("102")
    await stage.bob.rings()
    await team.bob.says("Calling you: Jan Jansen")
    await again.hang_up()
    await team.bob.says("Missed call", "Jan Jansen")
    assert "Hello" not in team.bob.log()


async def test_sharing_can_be_switched_on_while_bubbled_runs(house: House, stage: Stage) -> None:
    alice = await house.joins("101", house.rights("alice"), shares=False)
    bob = await house.joins("102", house.rights("bob"))
    await a_noted_call(alice, stage)
    alice.home.settings.write_text(f"{alice.home.settings.read_text()}\n".replace("[team]", TEAM_SHARES))
    assert (await alice.ask("reload"))[0] == 0
    await alice.is_connected()
    assert (await alice.ask("note", "By Friday"))[0] == 0
    outer = await stage.inbound("102")
    await stage.bob.rings()
    await bob.says("Calling you: Jan Jansen", "Note by Alice", WISH, "By Friday")
    await outer.hang_up()


async def a_noted_call(alice: Bubbled, stage: Stage) -> None:
    """Alice talks with a customer, and keeps a note of it."""
    outer, alices = await stage.conversation()
    await alice.call(state="talking")
    assert await alice.ask("note", WISH) == (0, "Noted.\n")
    await outer.hang_up()
    await alices.is_over()
    await alice.call(outcome="answered", note=WISH)
