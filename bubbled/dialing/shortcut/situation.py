"""How the user comes to the key on this desktop, in sentences. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from bubbled.dialing.shortcut.desktop import Way

if TYPE_CHECKING:
    from bubbled.dialing.shortcut.port import Binding
    from bubbled.keystroke import Keystroke


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What is to be told.

    Attributes:
        keystroke: the key that is wanted.
        command: what a shortcut is to run, as one writes it in a terminal.
        desktop: what users call the desktop whose own shortcut bubbled knows how to set; else empty.
        binding: what that shortcut does now; None: nothing.
        outdated: whether installing it again would change it.
        lost: whether the program of ours that it runs has gone.
    """

    way: Way
    keystroke: Keystroke
    command: str
    desktop: str = ""
    binding: Binding | None = None
    outdated: bool = False
    lost: bool = False


def explain(it: Situation) -> str:
    """Say in one line how things are and what to do, if anything."""
    key = it.keystroke
    match it.way:
        case Way.NOWHERE:
            return f"There is no desktop here, so nothing has {key}; run this within your desktop session."
        case Way.GRAB:
            return f"On X11 bubbled takes {key} by itself while it runs; {_beside(it)}."
        case Way.BY_HAND:
            return (
                f"bubbled cannot have {key} on this desktop; in the desktop's settings for the keyboard, "
                f"bind it by hand to: {it.command}"
            )
        case Way.PORTAL | Way.SHORTCUT if it.binding:
            return _bound(it, it.binding)
        case Way.PORTAL:
            return (
                f"While bubbled runs, it asks the desktop for {key}; if the desktop asks you in a window, "
                "answer there."
            )
        case Way.SHORTCUT:
            return (
                f"On {it.desktop} only a shortcut of its own can have {key}, and there is none yet; "
                "`bubbled hotkey install` sets it up."
            )
        case _:
            assert_never(it.way)


def _beside(it: Situation) -> str:
    """What is to be said where no shortcut is needed."""
    if it.binding is None:
        return "nothing needs setting up"
    undo = "`bubbled hotkey remove` takes it out" if it.binding.ours else "free it there"
    return f"but {_holder(it, it.binding)} has {it.binding.key}: {undo}"


def _bound(it: Situation, binding: Binding) -> str:
    if not binding.ours:
        return f"{binding.key} dials what is selected, by {_holder(it, binding)}: {binding.command}"
    if it.lost:
        return (
            f"{binding.key} dials nothing, because {_holder(it, binding)} runs a program that is gone; "
            "`bubbled hotkey install` mends it."
        )
    done = f"{binding.key} dials what is selected, by {_holder(it, binding)}"
    if it.outdated:
        return f"{done}; for {it.keystroke} of this bubbled, run `bubbled hotkey install`."
    return f"{done}; `bubbled hotkey remove` takes it out."


def _holder(it: Situation, binding: Binding) -> str:
    return f"{it.desktop}'s own shortcut" if binding.ours else f"a shortcut of yours in {it.desktop}"
