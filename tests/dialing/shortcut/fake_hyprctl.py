"""A stand-in for `hyprctl`, because no Hyprland runs here.

It reads what `hyprctl reload` would (`bind = MODS, KEY, exec, COMMAND` or in Lua, from the file that
$HYPRLAND_CONFIG names) and tells it in the documented form of `hyprctl -j binds`. In $HOME, `binds.json` is
what it read, `deaf` lets it read nothing, and `gone` lets it fail as where no Hyprland runs.
"""

import json
import os
import re
import sys
from pathlib import Path

BITS = {"SHIFT": 1, "CTRL": 4, "ALT": 8, "SUPER": 64}
HOME = Path(os.environ["HOME"])
BINDS = HOME / "binds.json"
OWN = re.compile(r"^bind = ([A-Z ]*), (\w+), (\w+), (.*)$", re.MULTILINE)
LUA = re.compile(r'^hl\.bind\("((?:[A-Z]+ \+ )*)(\w+)", hl\.dsp\.(exec)_cmd\("(.*)"\)\)$', re.MULTILINE)


def binds() -> list[dict[str, object]]:
    path = Path(os.environ["HYPRLAND_CONFIG"])
    found = (LUA if path.suffix == ".lua" else OWN).findall(path.read_text())
    return [
        {
            "locked": False,
            "modmask": sum(BITS[name] for name in re.findall(r"[A-Z]+", held)),
            "submap": "",
            "key": key,
            "keycode": 0,
            "dispatcher": dispatcher,
            "arg": command,
        }
        for held, key, dispatcher, command in found
    ]


if (HOME / "gone").exists():
    sys.stdout.write(f"Couldn't connect to {HOME}/.socket.sock. (3)")
    sys.exit(3)
match sys.argv[1:]:
    case ["reload"]:
        if not (HOME / "deaf").exists():
            BINDS.write_text(json.dumps(binds()))
        sys.stdout.write("ok")
    case ["-j", "binds"]:
        sys.stdout.write(BINDS.read_text() if BINDS.exists() else "[]")
    case _:
        sys.exit(1)
