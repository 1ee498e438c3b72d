"""How contacts on this computer do, as the user is told. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.directory.port import BusyError, Phase, State
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from bubbled.directory.local.about import About

FIRST_WAIT_S: Final = 0.5
"""How long a caller is waited with for contacts that are read for the first time: a small file is there by
then, and a large one takes minutes, in which every call would hold up the directories behind it."""

_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"))


def standing(
    about: About | None, trouble: DirectoryError | None, progress: State, age_s: float, late_after_s: float
) -> State:
    """The state of a copy.

    Args:
        about: what the copy holds; None while there is none.
        trouble: why the source could not be asked the last time.
        progress: of the first fetch.
        age_s: how long ago the source last answered, where there is a copy.
        late_after_s: from which age on that is worth telling.
    """
    if about is None:
        return progress if trouble is None else State(Phase.FAILED, reason=str(trouble))
    if trouble is not None and not isinstance(trouble, BusyError):
        left = f"; the {about.contacts} contacts fetched before are still used" if about.contacts else ""
        return State(Phase.FAILED, reason=f"{trouble}{left}")
    is_late = trouble is not None or age_s > late_after_s
    told = (str(trouble or ""), f"fetched {ago(age_s)} ago" if is_late else "", about.remark)
    return State(Phase.READY, remark="; ".join(filter(None, told)) or None)


def unread(name: str, state: State) -> DirectoryError:
    """Why a directory without an index cannot answer."""
    if state.phase is Phase.INDEXING:
        share = f" ({100 * state.done // state.total} %)" if state.total else ""
        return DirectoryError(f"{name} is being read for the first time{share}; it answers after that")
    return DirectoryError(f"{name} cannot answer yet: {state.reason or state}")


def ago(seconds: float) -> str:
    """`3 hours`, for the eye."""
    for unit_s, name in _UNITS:
        count = int(seconds // unit_s)
        if count > 0:
            return f"{count} {name}{'s' if count > 1 else ''}"
    return "moments"
