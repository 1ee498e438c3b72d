"""What every notification server has to do alike, on the real ones: read from the pixels, really pressed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bubbled.model import Button, Card, PopupId, Tone
from bubbled.popup.screens.native import NO_SERVER, NativeScreen
from tests.popup.screens.desktop import Display, output
from tests.popup.screens.real_server import KINDS, SERVICE, RealServer

pytestmark = pytest.mark.desktop

ONE = PopupId("1")
LABELS = ("Web", "Ticket", "Copy", "Note")
BUTTONS = tuple(Button(label.lower(), label) for label in LABELS)
CALLING = Card(
    "Jan & <Zn>", ("Bakker <b>bold</b>",), "Calling you", Tone.RINGING, "Customers", BUTTONS, "Type it"
)
TALKING = Card(
    "Jan Jansen",
    (
        "Bakker & Zn",
        "06 12345678 · 7 calls before",
        "Queue Support · To 020 100 0101",
        "Last contact: 12 Nov 14:03 with 102 (Bob), answered",
    ),
    "Talking",
    Tone.TALKING,
    "Customers",
    tuple(
        Button(f"b{n}", label) for n, label in enumerate(("Open in CRM", "Note", "Copy the number", "Mail"))
    ),
    "bubbled press 1: Open in CRM · 2: Note · 3: Copy the number · 4: Mail",
)
MENUS = {"dunst", "mako"}
"""Servers that show no buttons, but offer them in a menu."""

NO_PICTURES = {"lxqt-notificationd"}


class Desk:
    """A native screen with a popup, which comes anew after each press, as the presenter has it."""

    def __init__(self) -> None:
        self.dismissed: asyncio.Queue[PopupId] = asyncio.Queue()
        self.pressed: asyncio.Queue[str] = asyncio.Queue()
        self.typed: list[str] = []
        self.card = CALLING
        self.screen = NativeScreen(self.dismissed.put_nowait, self._pressed)
        self._tasks: set[asyncio.Task[None]] = set()

    async def show(self, card: Card | None = None, **changes: object) -> None:
        await asyncio.gather(*self._tasks)
        self.card = replace(card or self.card, **changes)  # type: ignore[arg-type]
        await self.screen.show(ONE, self.card)

    async def next_pressed(self) -> str:
        async with asyncio.timeout(20):
            return await self.pressed.get()

    def _pressed(self, popup_id: PopupId, button: str, text: str) -> None:
        self.typed.append(text)
        task = asyncio.create_task(self._anew(popup_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self.pressed.put_nowait(button)

    async def _anew(self, popup_id: PopupId) -> None:
        await self.screen.close(popup_id)
        await self.screen.show(popup_id, self.card)


@pytest.fixture
def services(tmp_path: Path) -> Path:
    folder = tmp_path / "services"
    folder.mkdir()
    (folder / "gnome.service").write_text(SERVICE, encoding="utf-8")
    return folder


@pytest.fixture(params=KINDS)
def server(request: pytest.FixtureRequest, wide_display: Display) -> Iterator[RealServer]:
    wide_display.is_dark = request.param == "gnome-shell"
    real = RealServer(request.param)
    real.start()
    yield real
    real.close()


@asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    one = Desk()
    await one.screen.start()
    try:
        yield one
    finally:
        await one.screen.aclose()


async def press(server: RealServer, display: Display, label: str) -> None:
    """Press a button as the user of that desktop does."""
    match server.name:
        case "dunst":
            await display.click("Calling", button=2)
            await display.choose(label)
        case "mako":
            menu = ("makoctl", "menu", "dmenu")
            asked = asyncio.create_task(output(*menu, environment=server.environment))
            await display.choose(label)
            await asked
        case _:
            await display.click(label)


async def test_a_call_with_four_buttons(server: RealServer, wide_display: Display, tmp_path: Path) -> None:
    picture = tmp_path / "Jan & <Zn>.png"
    await output("convert", "-size", "64x64", "xc:magenta", str(picture))
    async with desk() as one:
        await one.show(picture=str(picture))
        await wide_display.reads("Jan & <Zn>", "<b>bold</b>", "Calling you")
        await wide_display.keep(f"every-{server.name}-1.png")
        assert await wide_display.shows("magenta") is (server.name not in NO_PICTURES)
        await press(server, wide_display, "Ticket")
        assert await one.next_pressed() == "ticket"
        await one.show(TALKING)
        await wide_display.reads("Jan Jansen", "Talking", "7 calls before", gone=("Calling", "<Zn>"))
        await wide_display.keep(f"every-{server.name}-2.png")
        await one.screen.close(ONE)
        await wide_display.reads(gone=("Jan Jansen", "Talking"))
        assert one.dismissed.empty()
        assert one.screen.trouble is None


@pytest.mark.parametrize("server", sorted(KINDS.keys() - MENUS), indirect=True)
async def test_the_last_button_is_reached(server: RealServer, wide_display: Display) -> None:
    assert server
    many = tuple(Button(f"b{n}", f"Do{n}") for n in range(2))
    async with desk() as one:
        await one.show(buttons=(*BUTTONS[:3], *many, BUTTONS[3]))
        await wide_display.reads("Calling you", "Web")
        while "Note" not in (shown := await wide_display.text()):
            if "More" in shown:
                await wide_display.click("More...")
                await wide_display.reads("Calling you", gone=(shown.split("More")[0].split()[-1],))
        await wide_display.click("Note")
        assert await one.next_pressed() == "note"
        await wide_display.reads("Calling you")
        assert one.dismissed.empty()


async def test_killed_with_a_call_on_and_started_again(server: RealServer, wide_display: Display) -> None:
    async with desk() as one:
        await one.show()
        await wide_display.reads("Calling you")
        server.kill()
        async with asyncio.timeout(10):
            while one.screen.trouble != NO_SERVER:  # noqa: ASYNC110 - nothing tells of a changed property
                await asyncio.sleep(0.01)
        await one.show(headline="Piet Pietersen")
        server.start()
        await wide_display.reads("Piet Pietersen", "Calling you", gone=("<Zn>",))
        await one.screen.close(ONE)
        await wide_display.reads(gone=("Pietersen",))


@pytest.mark.parametrize("server", ["plasmashell"], indirect=True)
async def test_a_text_is_typed_on_plasma(server: RealServer, wide_display: Display) -> None:
    assert server
    async with desk() as one:
        await one.show(buttons=(BUTTONS[0], Button("note", "Note", "What about?")))
        await wide_display.reads("Calling you", "Web", "Note")
        await wide_display.click("Note")
        await wide_display.reads("Calling you", gone=("Note",))
        await output("xdotool", "type", "wants an ")
        await one.show(status="Talking")  # what was typed stays
        await wide_display.reads("Talking", gone=("Calling",))
        await output("xdotool", "type", "offer")
        await output("xdotool", "key", "Return")
        assert await one.next_pressed() == "note"
        assert one.typed == ["wants an offer"]
