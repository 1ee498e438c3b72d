from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bubbled.control.check import Check, Verdict
from bubbled.daemon.button_check import buttons
from bubbled.settings.schema import Settings

if TYPE_CHECKING:
    from pathlib import Path

BASE: dict[str, Any] = {
    "me": {"extension": "101", "region": "NL"},
    "pbx": {"host": "127.0.0.1", "username": "bubbled", "secret": "s3cret"},
}


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop without any program."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return tmp_path


async def said(screen: str, *button: dict[str, Any]) -> list[str]:
    own = {"button": [{"label": "Do", **each} for each in button]} if button else {}
    checks = await buttons(Settings.model_validate(BASE | own), screen)
    assert {each.verdict for each in checks} == {Verdict.WARNING}
    return [f"{each.text}. {each.advice}" for each in checks]


@pytest.mark.usefixtures("bare")
async def test_what_the_usual_buttons_lack_is_told_with_what_to_do() -> None:
    assert await said("native") == [
        "Not opened: xdg-open is missing. Install the package xdg-utils.",
        'Nothing here can ask for a note. Install zenity or kdialog, or type: bubbled note "..."',
    ]
    assert len(await said("window")) == 1


async def test_only_what_the_users_own_buttons_need_is_told(bare: Path) -> None:
    assert await said("native", {"note": True}, {"run": ["shop", "$name"]}) == [
        'Nothing here can ask for a note. Install zenity or kdialog, or type: bubbled note "..."',
        "Not run: there is no program shop. Install it, or mend run of this button in the settings.",
    ]
    (bare / "shop").touch(0o755)
    ready = Settings.model_validate(BASE | {"button": [{"label": "Do", "run": ["shop"]}]})
    assert await buttons(ready, "native") == [Check("Buttons", Verdict.OK, "all that they need is there")]
