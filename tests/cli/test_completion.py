from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.shell import Bubbled


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
async def test_each_shell_gets_its_script(bubbled: Bubbled, shell: str) -> None:
    ended = await bubbled("completion", shell)
    assert ended.status == 0
    assert f"_BUBBLED_COMPLETE={shell}_complete" in ended.out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("bubbled re", "reload"), ("bubbled mu", "mute"), ("bubbled calls --js", "--json")],
)
async def test_the_script_is_told_what_fits(bubbled: Bubbled, typed: str, offered: str) -> None:
    words = typed.split()
    ended = await bubbled(_BUBBLED_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(len(words) - 1))
    assert f"plain,{offered}" in ended.out.splitlines()
