from __future__ import annotations

from typing import TYPE_CHECKING

from bubbled.control.check import Verdict

if TYPE_CHECKING:
    from bubbled.daemon.port import DaemonPort


async def test_the_doctor_finds_all_well(port: DaemonPort) -> None:
    await port.lookup("+31612345678")  # waits for the address book
    checks = {check.name: check.verdict for check in await port.doctor()}
    assert checks.keys() == {
        "Daemon",
        "PBX",
        "Rights",
        "Phones",
        "Popups",
        "Directory Customers",
        "History",
        "Hotkey",
        "Tray",
        "Buttons",
    }
    assert Verdict.FAILED not in checks.values()
