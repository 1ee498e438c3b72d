"""Dialog documents in, changes of the user's calls out: the same that AMI gives. Pure.

On Asterisk the extension is one dialog, which cannot tell its calls apart (facts measured on 16 and 22):
- While the phone rings, the document names the caller. Later ones name nobody, so the caller is kept.
- A phone that dials is `confirmed` at once, without a number: an outbound call of which no more is known.
- A second call that rings is `early` again. When it no longer rings, that is `confirmed`, whether it was
  lifted or given up: it counts as missed, which most of them are.
- Answered elsewhere, cancelled and declined look alike: missed.

Other PBXs tell each dialog with its Call-ID, its direction and how it ended; what they tell is used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bubbled.model import Call, CallChange, CallId, CallState, ChangeKind, Direction, Outcome
from bubbled.number import Numbering, is_withheld
from bubbled.pbx.ami import wording
from bubbled.pbx.sip.dialog_info import DialogState

if TYPE_CHECKING:
    from bubbled.model import E164, Device
    from bubbled.pbx.sip.dialog_info import Dialog, DialogInfo

_DECLINED: Final = frozenset({480, 486, 600, 603})
_BUSY: Final = frozenset({486, 600})


@dataclass(slots=True)
class _Talk:
    """One call; `is_told` says whether the PBX told who began it, and so will tell when it is answered."""

    call: Call
    is_told: bool = True


class Tracker:
    """Follows the calls of one extension."""

    def __init__(self, device: Device, region: str, *, outside_prefix: str = "", serial: str = "") -> None:
        """Tell calls as those of `device`.

        Args:
            device: the user's phone, as AMI would name it.
            region: where national numbers belong (ISO 3166).
            outside_prefix: what the users of this PBX dial for an outside line.
            serial: tells calls of one run of the daemon from those of another.
        """
        self._device = device
        self._numbering = Numbering(region, outside_prefix)
        self._serial = serial
        self._count = 0
        self._talks: dict[str, _Talk] = {}
        self._waiting: dict[str, _Talk] = {}
        self._unseen: set[str] = set()
        self._click: _Talk | None = None
        self._is_first = True
        self._changes: list[CallChange] = []

    @property
    def calls(self) -> list[Call]:
        """The calls that go on, in the order in which they began."""
        return [talk.call for talk in (*self._talks.values(), *self._waiting.values())]

    def follow(self, device: Device, region: str, outside_prefix: str = "") -> None:
        """Tell calls as those of another phone from now on; those that go on stay what they are."""
        self._device = device
        self._numbering = Numbering(region, outside_prefix)

    def subscribed(self) -> None:
        """Begin with another subscription: how calls began that its first document knows was not seen."""
        self._is_first = True
        self._unseen.clear()

    def expect(self, call: Call) -> list[CallChange]:
        """Begin the call of a click; the next that the phone makes is that."""
        self._click = _Talk(call)
        return [CallChange(ChangeKind.STARTED, call)]

    def progressed(self, status: int) -> list[CallChange]:
        """Take how the phone gets on with the call of a click, as a SIP status."""
        talk = self._click or next((each for each in self._talks.values() if not each.is_told), None)
        if talk is None or status < 200:  # noqa: PLR2004 - provisional, RFC 3261
            return []
        if status < 300:  # noqa: PLR2004 - final, and good
            self._answered(talk)
        else:
            self._forget(talk)
            self._end(talk, Outcome.BUSY if status in _BUSY else Outcome.FAILED)
        return self._take_changes()

    def give_up(self, call_id: CallId) -> list[CallChange]:
        """End the call of a click that the phone never made; nothing happens if it did."""
        if self._click is not None and self._click.call.id == call_id:
            talk, self._click = self._click, None
            self._end(talk, Outcome.FAILED)
        return self._take_changes()

    def apply(self, info: DialogInfo) -> list[CallChange]:
        """Take one document; return what it changed, in order."""
        named = set()
        for dialog in info.dialogs:
            key = dialog.call_id or f"#{dialog.id}"
            named.add(key)
            self._take(key, dialog)
        if info.is_full:
            for key in (self._talks.keys() | self._waiting.keys()) - named:
                self._over(key, None)
            self._unseen &= named
        self._is_first = False
        return self._take_changes()

    def _take(self, key: str, dialog: Dialog) -> None:
        match dialog.state:
            case DialogState.TERMINATED:
                self._over(key, dialog)
            case DialogState.CONFIRMED:
                self._lifted(key, dialog)
            case _ if dialog.direction is Direction.OUTBOUND:
                self._dials(key, dialog)
            case DialogState.EARLY:
                self._rings(key, dialog)
            case _:
                pass  # nothing rings yet

    # What the phone does.

    def _rings(self, key: str, dialog: Dialog) -> None:
        talk = self._talks.get(key)
        ringing = (
            talk if talk is not None and talk.call.state is CallState.RINGING else self._waiting.get(key)
        )
        if ringing is not None and not self._is_another(ringing.call, dialog):
            self._name(ringing, dialog)
            return
        if ringing is not None:
            self._end(ringing, Outcome.MISSED)
        place = self._talks if talk is None or talk is ringing else self._waiting
        place[key] = self._begin(dialog, Direction.INBOUND, CallState.RINGING)

    def _dials(self, key: str, dialog: Dialog) -> None:
        if (talk := self._talks.get(key)) is None:
            self._talks[key] = self._begin(dialog, Direction.OUTBOUND, CallState.DIALLING)
        else:
            self._name(talk, dialog)

    def _lifted(self, key: str, dialog: Dialog) -> None:
        if (waiting := self._waiting.pop(key, None)) is not None:
            self._end(waiting, Outcome.MISSED)
        talk = self._talks.get(key)
        if talk is None and key not in self._unseen:
            talk = self._joined(key, dialog)
        if talk is None:
            return
        self._name(talk, dialog)
        if talk.is_told and talk.call.state in {CallState.RINGING, CallState.DIALLING}:
            self._answered(talk)
        self._hold(talk, is_held=dialog.is_held)

    def _joined(self, key: str, dialog: Dialog) -> _Talk | None:
        """Begin a call that did not ring: the phone dials, or lifted by itself, or all that was not seen."""
        if self._is_first and dialog.direction is None:
            self._unseen.add(key)
            return None
        state = CallState.RINGING if dialog.direction is Direction.INBOUND else CallState.DIALLING
        talk = self._begin(dialog, dialog.direction or Direction.OUTBOUND, state)
        self._talks[key] = talk
        return talk

    def _over(self, key: str, dialog: Dialog | None) -> None:
        self._unseen.discard(key)
        for talk in (self._waiting.pop(key, None), self._talks.pop(key, None)):
            if talk is not None:
                self._end(talk, _outcome(talk, dialog))

    # What becomes of a call.

    def _begin(self, dialog: Dialog, direction: Direction, state: CallState) -> _Talk:
        if direction is Direction.OUTBOUND and self._click is not None:
            talk, self._click = self._click, None
            talk.is_told = dialog.direction is not None
            self._change(talk, ChangeKind.UPDATED, replace(talk.call, state=state))
            return talk
        self._count += 1
        number, name = _party(dialog)
        call = Call(
            id=CallId(f"sip-{self._serial}{self._count}"),
            device=self._device,
            direction=direction,
            state=state,
            internal=wording.is_extension(number),
            number=number,
            e164=self._e164(number, direction),
            name=name,
        )
        talk = _Talk(call, is_told=dialog.direction is not None or direction is Direction.INBOUND)
        self._change(talk, ChangeKind.STARTED, call)
        return talk

    def _e164(self, number: str | None, direction: Direction) -> E164 | None:
        if wording.is_extension(number):
            return None
        return self._numbering.e164(number, is_dialled=direction is Direction.OUTBOUND)

    def _name(self, talk: _Talk, dialog: Dialog) -> None:
        """Take in who it is where that is news; a document that names nobody takes nothing away."""
        number, name = _party(dialog)
        if number is None and name is None:
            return
        call = talk.call
        if number is not None and not wording.same_number(number, call.number):
            e164, internal = self._e164(number, call.direction), wording.is_extension(number)
            call = replace(call, number=number, name=name, e164=e164, internal=internal)
        elif name is not None:
            call = replace(call, name=name)
        if call != talk.call:
            self._change(talk, ChangeKind.UPDATED, call)

    def _answered(self, talk: _Talk) -> None:
        if talk.call.state not in {CallState.TALKING, CallState.HELD}:
            self._change(talk, ChangeKind.ANSWERED, replace(talk.call, state=CallState.TALKING))

    def _hold(self, talk: _Talk, *, is_held: bool) -> None:
        state = CallState.HELD if is_held else CallState.TALKING
        if talk.call.state in {CallState.TALKING, CallState.HELD} and talk.call.state is not state:
            self._change(talk, ChangeKind.UPDATED, replace(talk.call, state=state))

    def _is_another(self, call: Call, dialog: Dialog) -> bool:
        """Whether somebody else rings now, and not the same caller of whom more is known."""
        number, _ = _party(dialog)
        return None not in (number, call.number) and not wording.same_number(number, call.number)

    def _forget(self, talk: _Talk) -> None:
        if talk is self._click:
            self._click = None
        self._talks = {key: each for key, each in self._talks.items() if each is not talk}

    def _end(self, talk: _Talk, outcome: Outcome | None) -> None:
        self._change(talk, ChangeKind.ENDED, replace(talk.call, state=CallState.ENDED, outcome=outcome))

    def _change(self, talk: _Talk, kind: ChangeKind, call: Call) -> None:
        talk.call = call
        self._changes.append(CallChange(kind, call))

    def _take_changes(self) -> list[CallChange]:
        changes, self._changes = self._changes, []
        return changes


def _party(dialog: Dialog) -> tuple[str | None, str | None]:
    number = None if is_withheld(dialog.number) else dialog.number
    return number, None if is_withheld(dialog.name) else dialog.name


def _outcome(talk: _Talk, dialog: Dialog | None) -> Outcome | None:
    """How a call ended; None where nobody can tell."""
    code = None if dialog is None else dialog.code
    ending = "" if dialog is None else dialog.ending
    if talk.call.state in {CallState.TALKING, CallState.HELD}:
        return Outcome.ANSWERED
    if talk.call.direction is Direction.INBOUND:
        if ending == "replaced":
            return Outcome.ANSWERED_ELSEWHERE
        return Outcome.REJECTED if ending == "rejected" or code in _DECLINED else Outcome.MISSED
    if not talk.is_told:
        return None
    if code in _BUSY:
        return Outcome.BUSY
    return Outcome.FAILED if ending in {"rejected", "error"} or code is not None else Outcome.NO_ANSWER
