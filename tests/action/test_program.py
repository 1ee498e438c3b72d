from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bubbled.action.port import ActionError, Trouble
from bubbled.action.program import run
from tests.action.program import UserProgram

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    "'; rm -rf ~ #",
    '"><script>',
    "$(touch x) `touch y` ${HOME} $$ %n",
    "-rf",
    "",
    "a b\tc",
    "Zoë 李 \u202eabc",
    "x" * 4000,
)


async def test_a_program_gets_its_arguments_as_they_are_and_a_session_of_its_own(tmp_path: Path) -> None:
    shop = UserProgram(tmp_path)
    await run(("shop", *HOSTILE), shop.environment)
    assert shop.facts == {
        "arguments": list(HOSTILE),
        "folder": str(tmp_path),
        "session": True,
        "display": ":99",
        "input": "",
    }
    assert shop.files == ["shop", "wrote.json"]


async def test_one_that_fails_is_told_with_its_status(tmp_path: Path) -> None:
    shop = UserProgram(tmp_path)
    with pytest.raises(ActionError) as failed:
        await run(("shop", "secret name"), {**shop.environment, "STATUS": "7"})
    assert (failed.value.trouble, failed.value.about) == (Trouble.PROGRAM_FAILED, "shop (7)")


async def test_one_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ActionError) as failed:
        await run(("no-such-shop",), {"PATH": str(tmp_path)})
    assert (failed.value.trouble, failed.value.about) == (Trouble.NO_PROGRAM, "no-such-shop")


@pytest.mark.parametrize("arguments", [("shop",), ("shop", "\0")])
async def test_one_that_cannot_be_started_is_told_with_the_reason(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    shop = UserProgram(tmp_path)
    shop.path.write_text("#!/no/such/interpreter\n")
    with pytest.raises(ActionError) as failed:
        await run(arguments, shop.environment)
    assert failed.value.trouble is Trouble.CANNOT_START
    assert failed.value.about.startswith("shop (")
