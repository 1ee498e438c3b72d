"""The native screen with real notification servers on a virtual display, read from the pixels.

Needs the Debian packages dbus-daemon, xvfb, dunst, xfce4-notifyd, fonts-dejavu-core, imagemagick, xdotool and
tesseract-ocr.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bubbled.model import (
    E164,
    Button,
    Call,
    CallChange,
    CallId,
    CallState,
    Card,
    ChangeKind,
    Contact,
    Dealings,
    Device,
    Direction,
    LastContact,
    Outcome,
    PopupId,
    Tone,
    Via,
    ViaKind,
)
from bubbled.popup.command import ClosePopup, Command, ShowPopup, UpdatePopup
from bubbled.popup.layout import Layout, lay_out
from bubbled.popup.presenter import PopupRules, Presenter
from bubbled.popup.screens.native import NO_SERVER, NativeScreen
from bubbled.popup.screens.posting import HANGS
from bubbled.popup.subject import Finding, Subject, Unanswered
from bubbled.popup.wording import Wording

if TYPE_CHECKING:
    from tests.popup.screens.conftest import SessionBus

pytestmark = pytest.mark.desktop

ARTIFACTS = Path(__file__).parents[3] / "artifacts"
ONE, TWO = PopupId("1"), PopupId("2")
SCALE = 3  # what the reader of pixels likes

# As they come, but for the font, which the reader must know: dunst's own strikes its zeros through.
SETTINGS = {
    "dunst/dunstrc": "[global]\nmarkup = full\nfont = DejaVu Sans 11\n",
    "gtk-3.0/settings.ini": "[Settings]\ngtk-font-name = DejaVu Sans 11\n",
}

NOW = datetime(2026, 11, 22, 14, 3, tzinfo=timezone(timedelta(hours=1)))
LAYOUT = Layout(region="NL", wording=Wording(colleagues={"102": "Bob"}))
CALL = Call(
    id=CallId("1"),
    device=Device("PJSIP/101"),
    direction=Direction.INBOUND,
    state=CallState.RINGING,
    number="+31612345678",
    e164=E164("+31612345678"),
    dialled="+31201000101",
    via=Via(ViaKind.QUEUE, "Support"),
)
CALL_OVER = replace(CALL, state=CallState.ENDED, outcome=Outcome.ANSWERED)
JAN = Contact(directory="Customers", name="Jan Jansen", company="Bakker & Zn")
LAST = LastContact(NOW - timedelta(days=10), Direction.INBOUND, Outcome.ANSWERED, "Bob")


def card(headline: str, *lines: str) -> Card:
    return Card(headline, lines, "Calling you", Tone.RINGING)


def program(name: str) -> str:
    beside = "/usr/lib/x86_64-linux-gnu/xfce4/notifyd"
    path = shutil.which(name, path=os.environ["PATH"] + os.pathsep + beside)
    return path or pytest.fail(f"{name} is missing; the head of this file lists the packages")


async def output(*command: str, given: bytes | None = None) -> bytes:
    # In a thread, because a test that gives up waiting must not leave half a process behind.
    done = await asyncio.to_thread(
        subprocess.run, [program(command[0]), *command[1:]], input=given, capture_output=True, check=True
    )
    return done.stdout


@dataclass
class Display:
    """A virtual display and eyes that read it."""

    async def words(self) -> list[tuple[str, int, int]]:
        """What can be read, each word with its place in pixels."""
        picture = await output(
            "import", "-window", "root", "-colorspace", "Gray", "-resize", f"{SCALE}00%", "png:-"
        )
        table = await output("tesseract", "stdin", "stdout", "--psm", "6", "tsv", given=picture)
        rows = [line.split("\t") for line in table.decode().splitlines()[1:]]
        return [(row[11], int(row[6]) // SCALE, int(row[7]) // SCALE) for row in rows if row[11].strip()]

    async def text(self) -> str:
        return " ".join(word for word, _, _ in await self.words()).replace("—", "--")

    async def reads(self, *there: str, gone: tuple[str, ...] = ()) -> None:
        """Wait until all of this can be read, and none of what should have gone."""

        def fits(text: str) -> bool:
            # In small letters, because the reader takes a small w for a large one and the reverse.
            read = text.lower()
            return all(p.lower() in read for p in there) and not any(p.lower() in read for p in gone)

        await self._until(fits, f"{there} without {gone}")

    async def is_empty(self) -> None:
        await self._until(lambda text: not text, "nothing")

    async def _until(self, fits: Callable[[str], bool], wanted: str) -> None:
        patience = time.monotonic() + 20
        while not fits(text := await self.text()):
            assert time.monotonic() < patience, f"waited for {wanted}, saw: {text}"

    async def click(self, wanted: str, *, button: int = 1) -> None:
        """Click on a word; where it stands several times, on the lowest: buttons are below."""
        *_, (x, y) = ((x, y) for word, x, y in await self.words() if word == wanted)
        await output("xdotool", "mousemove", str(x), str(y), "click", str(button))

    async def keep(self, name: str) -> None:
        ARTIFACTS.mkdir(exist_ok=True)
        await output("import", "-window", "root", "-trim", str(ARTIFACTS / name))


@pytest.fixture
def display(tmp_path: Path, session_bus: "SessionBus", monkeypatch: pytest.MonkeyPatch) -> Iterator[Display]:
    assert session_bus.address
    reader, writer = os.pipe()
    with subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
        [program("Xvfb"), "-displayfd", str(writer), "-screen", "0", "480x420x24", "-nolisten", "tcp", "-wr"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writer)
        with os.fdopen(reader) as number:
            environment = {
                "DISPLAY": f":{number.readline().strip()}",
                "HOME": str(tmp_path),  # no settings of whoever runs the tests
                "XDG_CONFIG_HOME": str(tmp_path),
                "NO_AT_BRIDGE": "1",
                "OMP_THREAD_LIMIT": "1",
            }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        for name, text in SETTINGS.items():
            (tmp_path / name).parent.mkdir()
            (tmp_path / name).write_text(text, encoding="utf-8")
        yield Display()
        server.terminate()


class RealServer:
    """A notification server that runs, hangs and dies on command."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen([program(self.name)], stderr=subprocess.DEVNULL)  # noqa: S603 - see above

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def hang(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)


@pytest.fixture(params=["dunst", "xfce4-notifyd"])
def server(request: pytest.FixtureRequest, display: Display) -> Iterator[RealServer]:
    assert display
    real = RealServer(request.param)
    yield real
    real.kill()


@asynccontextmanager
async def screen(
    dismissed: asyncio.Queue[PopupId] | None = None, pressed: asyncio.Queue[str] | None = None
) -> AsyncIterator[NativeScreen]:
    presses = pressed or asyncio.Queue()
    native = NativeScreen(
        (dismissed or asyncio.Queue()).put_nowait,
        lambda _popup_id, button, _text: presses.put_nowait(button),
        patience_s=0.5,
    )
    await native.start()
    try:
        yield native
    finally:
        await native.aclose()


async def until_trouble_is(native: NativeScreen, trouble: str) -> None:
    async with asyncio.timeout(10):
        while native.trouble != trouble:  # noqa: ASYNC110 - nothing tells of a changed property
            await asyncio.sleep(0.01)


async def test_a_call_from_ringing_to_its_end(server: RealServer, display: Display) -> None:
    server.start()
    async with screen() as native:
        await native.show(ONE, lay_out(Subject(call=CALL), LAYOUT, NOW))
        await display.reads("06 12345678", "Calling you", "Queue Support")
        await display.keep(f"{server.name}-1-ringing.png")
        known = Subject(call=CALL, finding=Finding(contact=JAN), dealings=Dealings(last=LAST))
        await native.update(ONE, lay_out(known, LAYOUT, NOW))
        await display.reads("Jan Jansen", "Bakker & Zn", "Last contact:", "Customers")
        await display.keep(f"{server.name}-2-known.png")
        talking = replace(known, call=replace(CALL, state=CallState.TALKING))
        await native.update(ONE, lay_out(talking, LAYOUT, NOW))
        await display.reads("Talking", gone=("Calling",))
        second = replace(CALL, number="+32470123456", e164=E164("+32470123456"), name="Luc", via=None)
        await native.show(TWO, lay_out(Subject(call=second), LAYOUT, NOW))
        await display.reads("Luc", "Calling you", "Talking")
        await display.keep(f"{server.name}-3-second.png")
        await native.close(ONE)
        await display.reads("Luc", gone=("Jansen",))
        missed = replace(second, state=CallState.ENDED, outcome=Outcome.MISSED)
        await native.update(TWO, lay_out(Subject(call=missed, ended_at=NOW), LAYOUT, NOW))
        await display.reads("Luc", "Missed call")
        await display.keep(f"{server.name}-4-missed.png")
        await native.close(TWO)
        await display.is_empty()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<b>Kees</b> & Zn", "<b>Kees</b>"),
        ("<img src=x> &amp;", "<img src=x>"),
        ("AT&amp;T", "amp;"),
        ('"Zn" <i', '"Zn" <i'),
        ("-w", "-w"),
        ("--version", "--version"),
        ("Office 👩\u200d👧 London", "London"),
        ("Start \u202eFinish\u202c End", "Start Finish End"),
        ("two\r\nlines", "two lines"),
        ("many " * 2000, "many many"),
    ],
)
async def test_a_hostile_name_is_shown_as_it_is(
    server: RealServer, display: Display, name: str, shown: str
) -> None:
    server.start()
    async with screen() as native:
        await native.show(ONE, lay_out(Subject(call=replace(CALL, name=name)), LAYOUT, NOW))
        await display.reads(shown, "Calling you")
        # Once more as a line: the body may be markup to the server, which the headline is not.
        known = Contact(directory="Customers", name="Jan", company=name)
        await native.update(ONE, lay_out(Subject(call=CALL, finding=Finding(contact=known)), LAYOUT, NOW))
        await display.reads(shown, "Customers")
        assert native.trouble is None


async def test_the_server_survives_what_no_layout_has_cut(server: RealServer, display: Display) -> None:
    server.start()
    async with screen() as native:
        await native.show(ONE, card("x" * 10_000, "y" * 10_000))
        await native.close(ONE)
        await native.show(TWO, card("Still there"))
        await display.reads("Still there")


async def test_a_click_closes_it_for_good(server: RealServer, display: Display) -> None:
    server.start()
    dismissed = asyncio.Queue[PopupId]()
    async with screen(dismissed) as native:
        await native.show(ONE, card("Clickme"))
        await display.reads("Clickme")
        await display.click("Clickme")
        async with asyncio.timeout(10):
            assert await dismissed.get() == ONE
        await native.update(ONE, card("Again"))
        await display.is_empty()


async def test_a_question_is_answered_with_a_button(server: RealServer, display: Display) -> None:
    server.start()
    pressed = asyncio.Queue[str]()
    question = Card(
        "0900 1234",
        (),
        "Premium rate",
        Tone.QUESTION,
        buttons=(Button("yes", "Telephone"), Button("no", "Leave")),
        instead="Type bubbled dial --yes",
    )
    async with screen(pressed=pressed) as native:
        await native.show(ONE, question)
        if server.name == "dunst":  # it shows no buttons, and a middle click does what the only one would
            await display.reads("Premium rate", "--yes")
            await display.click("Premium", button=2)
        else:
            await display.reads("Premium rate", "Telephone", "Leave", gone=("--yes",))
            await display.keep(f"{server.name}-5-question.png")
            await display.click("Telephone")
        async with asyncio.timeout(10):
            assert await pressed.get() == "yes"
        await native.close(ONE)
        await display.is_empty()


async def test_one_of_several_contacts_is_chosen_on_the_popup(server: RealServer, display: Display) -> None:
    server.start()
    presenter = Presenter(PopupRules(layout=LAYOUT))
    pressed = asyncio.Queue[str]()
    family = tuple(
        Contact(directory="Customers", name=name, company="Bakker & Zn", fields=(("city", city),))
        for name, city in [("Jan Jansen", "Utrecht"), ("Piet Jansen", "Gouda"), ("Kees Vermeer", "Delft")]
    )
    slow = (Unanswered("Exchange", is_slow=True), Unanswered("CRM"))
    async with screen(pressed=pressed) as native:

        async def carry_out(commands: list[Command]) -> None:
            for command in commands:
                match command:
                    case ShowPopup(popup_id, card):
                        await native.show(popup_id, card)
                    case UpdatePopup(popup_id, card):
                        await native.update(popup_id, card)
                    case ClosePopup(popup_id):
                        await native.close(popup_id)

        async def press(word: str, *, button: int = 1) -> None:
            await display.click(word, button=button)
            async with asyncio.timeout(10):
                await carry_out(presenter.pressed(ONE, await pressed.get(), NOW))

        await carry_out(presenter.call_changed(CallChange(ChangeKind.STARTED, CALL), NOW))
        found = Finding(contact=family[0], matches=family, unanswered=slow)
        await carry_out(presenter.contact_found(CALL.id, found, NOW))
        await display.reads("Jan Jansen", "+2 more", "Exchange is slow", "CRM is down")
        await display.keep(f"{server.name}-6-several.png")
        if server.name == "dunst":  # a middle click does what the only button would; the list has several
            await display.reads("bubbled choose")
            await press("Calling", button=2)
            await display.reads("Who is it?", "Piet Jansen", "Kees Vermeer", "choose NUMBER")
            await display.keep(f"{server.name}-7-list.png")
            await carry_out(presenter.chosen(CALL.id, family[1], NOW))
        else:
            await press("Choose...")
            await display.reads("Who is it?", "Kees Vermeer", gone=("choose NUMBER",))
            await display.keep(f"{server.name}-7-list.png")
            await press("2.")
        await display.reads("Piet Jansen", "Calling you", gone=("Who is it?",))
        await carry_out(presenter.call_changed(CallChange(ChangeKind.ENDED, CALL_OVER), NOW))
        await display.is_empty()


async def test_a_server_that_is_killed_and_restarted_shows_what_is_up(
    server: RealServer, display: Display
) -> None:
    server.start()
    async with screen() as native:
        await native.show(ONE, card("Before"))
        await display.reads("Before")
        server.kill()
        await until_trouble_is(native, NO_SERVER)
        await native.update(ONE, card("Afterwards"))
        server.start()
        await display.reads("Afterwards", gone=("Before",))
        await native.close(ONE)
        await display.is_empty()


async def test_a_server_that_comes_later_shows_what_is_up(server: RealServer, display: Display) -> None:
    async with screen() as native:
        await native.show(ONE, card("Waiting"))
        await until_trouble_is(native, NO_SERVER)
        server.start()
        await display.reads("Waiting")
        assert native.trouble is None


async def test_a_hanging_server_shows_the_latest_afterwards(server: RealServer, display: Display) -> None:
    server.start()
    async with screen() as native:
        await native.show(ONE, card("First"))
        await display.reads("First")
        server.hang()
        await native.update(ONE, card("Second"))
        await native.update(ONE, card("Third"))
        await until_trouble_is(native, HANGS)
        server.go_on()
        await display.reads("Third", gone=("First", "Second"))
        assert native.trouble is None
