"""Programs that buttons would start: nobody is to have one by accident. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class UnwantedError(Exception):
    """Buttons start programs that the user has not said yes to.

    Attributes:
        programs: each with all its arguments; one that holds a password is a mark, as in the settings.
    """

    def __init__(self, programs: Sequence[list[Any]]) -> None:
        super().__init__("These buttons start programs on your computer; say first that you want that.")
        self.programs = programs


def programs(buttons: Any) -> list[list[Any]]:
    """The programs of buttons in the shape of the settings, which may hold anything while they are edited."""
    tables = [each for each in buttons if isinstance(each, dict)] if isinstance(buttons, list) else []
    return [each["run"] for each in tables if isinstance(each.get("run"), list)]


def must_be_wanted(wished: Sequence[list[Any]], wanted: Any, known: Sequence[list[Any]] = ()) -> None:
    """See that the user agreed to each program, argument by argument, or has it already.

    Raises:
        UnwantedError: with those of which he has not.
    """
    agreed = wanted if isinstance(wanted, list) else []
    left = [run for run in wished if run not in agreed and run not in known]
    if left:
        raise UnwantedError(left)
