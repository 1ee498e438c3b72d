"""Layouts of a real daemon during real calls: changed by a file of somebody else's, and looked at."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.lab.pbx import Asterisk
    from tests.lab.stage import Stage
    from tests.system.bubbled import Bubbled, Home

IN_THE_TERMINAL = "[popup]\nscreen = 'terminal'\n[log]\nlevel = 'info'  # kept\n"
LAYOUT = """\
[popup]
screen = "terminal"
[popup.layout]
headline = "${name|upper}"
lines = ["National ${number|national}", "In ${city|default:no city}", "$street"]
[[button]]
label = "Copy $number_national"
copy = "$number_national"
"""


async def test_a_layout_from_a_file_holds_at_once_also_for_the_call_that_goes_on(
    asterisk: Asterisk, stage: Stage, home: Home, start: Callable[..., Bubbled]
) -> None:
    home.configure(asterisk.ami, more=IN_THE_TERMINAL)
    daemon = await (await start().ready()).is_connected()
    before = home.settings.read_text()
    caller = await stage.inbound()
    await stage.alice.rings()
    await daemon.says("Jan Jansen", "Bakker & Zn", "06 12345678")
    file = home.folder / "layout.toml"
    file.write_text(LAYOUT)
    status, said = await daemon.ask("layout", "import", str(file), "--config", str(home.settings))
    assert (status, said.splitlines()[-1]) == (0, "It is applied.")
    await daemon.says("JAN JANSEN", "National 0612345678", "In no city")
    assert tomllib.loads(home.settings.read_text()) == tomllib.loads(before) | tomllib.loads(LAYOUT)
    assert "level = 'info'  # kept" in home.settings.read_text()
    await caller.hang_up()
    await daemon.call(outcome="missed")


async def test_the_legend_is_of_the_real_call_and_an_example_does_no_harm(
    asterisk: Asterisk, stage: Stage, home: Home, start: Callable[..., Bubbled]
) -> None:
    home.configure(asterisk.ami, more=IN_THE_TERMINAL)
    daemon = await (await start().ready()).is_connected()
    caller = await stage.inbound()
    await stage.alice.rings()
    await caller.hang_up()
    missed = await daemon.call(outcome="missed")
    status, said = await daemon.ask("layout", "legend", "--json")
    legend = json.loads(said)
    told = {entry["word"]: entry["example"] for entry in legend["variables"]}
    assert (status, legend["call"]) == (0, missed["id"])
    assert (told["$name"], told["$direction"], told["$state"]) == ("Jan Jansen", "inbound", "ended")
    status, _ = await daemon.ask("layout", "example", "outbound")
    assert status == 0
    await daemon.says("Calling", "Jan Jansen", "Bakkerij De Vries", "7 calls before")
    assert len(await daemon.calls(lambda _: True)) == 1
