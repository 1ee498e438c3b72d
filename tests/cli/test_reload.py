from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.error import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.shell import Bubbled
    from tests.control.desk import Desk


async def test_warnings_do_not_keep_settings_from_being_applied(
    bubbled: Bubbled, served: Path, desk: Desk
) -> None:
    desk.warnings = ("pbx.secret is plain text",)
    ended = await bubbled("--socket", served, "reload")
    assert (ended.status, ended.out) == (0, "The settings are applied.\n")
    assert ended.err == "Warning: pbx.secret is plain text\n"


async def test_broken_settings_are_refused_in_one_line(bubbled: Bubbled, served: Path, desk: Desk) -> None:
    desk.refusal = ConfigError("config.toml: line 3: me.regio is unknown;\nthe old settings stay")
    ended = await bubbled("--socket", served, "reload")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == "bubbled: config.toml: line 3: me.regio is unknown; the old settings stay\n"
