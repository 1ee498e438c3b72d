"""What can happen on the way of a call to its popup: one frozen value for each kind of fact. Pure.

Names, numbers and remarks are as strangers and servers wrote them; whoever shows them escapes them. Moments
are aware. No fact has a field `at`, `kind` or `text`: beside these it stands in JSON.
"""

from __future__ import annotations

from dataclasses import dataclass

from bubbled.story.circumstance import OfAll


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The PBX told of a call of the user.

    Attributes:
        device: the phone, as a channel name without its serial.
        direction: `inbound` or `outbound`.
        state: `ringing`, `dialling`, `talking` or `held`.
        number: as the PBX wrote it; None when withheld or unknown.
        via: by which way it came: `queue`, `ring_group` and so on; None: directly.
        pbx: by what the PBX is followed: `ami`, `sip` or `ami, sip`.
    """

    device: str
    direction: str
    state: str
    number: str | None = None
    name: str | None = None
    via: str | None = None
    via_name: str | None = None
    pbx: str = ""


@dataclass(frozen=True, slots=True)
class AlsoRang:
    """More phones of the user rang for the call."""

    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """It was decided whether the call has a popup.

    Attributes:
        popup: "shown", or why there is none, in words that follow upon "no popup:".
        setting: what is to blame, as the settings file has it, such as `popup.hours`; empty: no setting.
    """

    popup: str
    setting: str = ""


@dataclass(frozen=True, slots=True)
class NobodyAsked:
    """No directory was asked: the number is withheld, unknown or too short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of the question to one directory.

    Attributes:
        place: in the order in which they are believed, from 1 on.
        outcome: `hit`, `miss`, `error`, `timeout`, `cancelled`, `breaker`, `refused` or `not asked`.
        ms: milliseconds until the answer.
        error: why it could not answer.
        remark: what is to say although it answered.
        cached: whether the answer was remembered from an earlier question.
    """

    directory: str
    place: int
    outcome: str
    ms: float
    error: str | None = None
    remark: str | None = None
    cached: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A directory knows who it is.

    Attributes:
        who: name and company; empty where the terms of the source forbid to keep it.
        probable: whether the person is a guess, by the main number of a company.
        choice: among how many the user may choose; 0: there is no choice.
    """

    directory: str
    who: str
    probable: bool = False
    choice: int = 0


@dataclass(frozen=True, slots=True)
class NobodyKnows:
    """All directories have answered, or could not, and none knows the number."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The user said who it is; `who` as with `Found`."""

    who: str


@dataclass(frozen=True, slots=True)
class OnScreen:
    """A screen showed the popup.

    Attributes:
        screen: its name in the settings: `native`, `window`, `terminal`.
        server: what shows it, with version; empty where the screen needs nobody.
        answer: what that answered, such as `notification 42`; empty where it answers nothing.
        ms: milliseconds from the event that called for the popup to the answer.
    """

    screen: str
    server: str
    answer: str
    ms: float


@dataclass(frozen=True, slots=True)
class NotOnScreen:
    """A screen could not show the popup."""

    screen: str
    error: str


@dataclass(frozen=True, slots=True)
class Changed:
    """The popup shows another headline: by now it is known who it is, or somebody else is on the line."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The two parties talk."""

    device: str


@dataclass(frozen=True, slots=True)
class Held:
    """The call is on hold."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """It is no longer on hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherParty:
    """Somebody else is on the line, or the PBX tells only now who it is.

    Attributes:
        by: who transferred the call, by extension; None: nobody did.
    """

    number: str | None
    name: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The user closed the popup."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The user pressed a button of the popup; `label` is empty where `Found.who` would be."""

    label: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """The user asked for the popup once more."""


@dataclass(frozen=True, slots=True)
class Closed:
    """bubbled took the popup away."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over.

    Attributes:
        outcome: as a call has it; None: nobody saw how it ended.
        other: who took it instead, or to whom it was transferred, by extension.
    """

    outcome: str | None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class NoMoreTold:
    """So much happened to the call that the rest is left out."""


OfCall = (
    Seen
    | AlsoRang
    | Decided
    | NobodyAsked
    | Asked
    | Found
    | NobodyKnows
    | Chosen
    | OnScreen
    | NotOnScreen
    | Changed
    | Answered
    | Held
    | Resumed
    | OtherParty
    | Dismissed
    | Pressed
    | Recalled
    | Closed
    | Ended
    | NoMoreTold
)
"""What belongs to the story of one call."""

Fact = OfCall | OfAll
