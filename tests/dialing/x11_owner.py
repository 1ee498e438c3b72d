"""A program in which text is selected, for tests: it hands the text over well, badly, or not at all.

    x11_owner.py BEHAVIOUR < TEXT

Behaviours are the functions below. After ICCCM 2.0, section 2.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from Xlib import X, Xatom
from Xlib.display import Display
from Xlib.protocol import event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PIECE: Final = 10_000

display = Display()
display.set_error_handler(lambda _error, _request: None)  # a requestor may have gone
window = display.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
text = sys.stdin.buffer.read()
utf8, incr = display.intern_atom("UTF8_STRING"), display.intern_atom("INCR")


def say(word: str) -> None:
    print(word, flush=True)  # noqa: T201 - it speaks to the test by printing


def answer(asked: Any, *, refuses: bool = False) -> None:
    notify = event.SelectionNotify(
        time=asked.time,
        requestor=asked.requestor,
        selection=asked.selection,
        target=asked.target,
        property=X.NONE if refuses else asked.property,
    )
    asked.requestor.send_event(notify)
    display.flush()


def put(asked: Any, data: bytes, *, kind: int | None = None, width: int = 8) -> None:
    kind = asked.target if kind is None else kind
    asked.requestor.change_property(asked.property, kind, width, data)
    display.flush()


def requests() -> Iterator[Any]:
    while True:
        asked = display.next_event()
        if asked.type == X.SelectionRequest:
            yield asked


def begin_pieces(asked: Any) -> Iterator[None]:
    """Say that pieces follow; then each step waits until the last is taken away."""
    asked.requestor.change_attributes(event_mask=X.PropertyChangeMask)
    put(asked, len(text).to_bytes(4, "little"), kind=incr, width=32)
    answer(asked)
    yield from takings(asked)


def takings(asked: Any) -> Iterator[None]:
    while True:
        news = display.next_event()
        if news.type == X.PropertyNotify and (news.atom, news.state) == (asked.property, X.PropertyDelete):
            yield


# -- behaviours


def whole(asked: Any) -> None:
    put(asked, text)
    answer(asked)


def pieces(asked: Any) -> None:
    steps = begin_pieces(asked)
    for start in range(0, len(text), PIECE):
        next(steps)
        put(asked, text[start : start + PIECE])
    next(steps)
    put(asked, b"")


def pieces_of_pieces(asked: Any) -> None:
    """Put each piece down in two steps, which makes two changes of one thing to take away."""
    steps = begin_pieces(asked)
    for start in range(0, len(text), PIECE):
        next(steps)
        for half in (start, start + PIECE // 2):
            data = text[half : half + PIECE // 2]
            asked.requestor.change_property(asked.property, asked.target, 8, data, X.PropModeAppend)
        display.flush()
    next(steps)
    put(asked, b"")


def stalls(asked: Any) -> None:
    steps = begin_pieces(asked)
    next(steps)
    put(asked, text)
    stop = next(requests())
    refuses(stop)


def latin_1(asked: Any) -> None:
    if asked.target == Xatom.STRING:
        whole(asked)
    else:
        refuses(asked)


def refuses(asked: Any) -> None:
    answer(asked, refuses=True)


def silent(_asked: Any) -> None:
    pass


def ends(_asked: Any) -> None:
    os._exit(0)


def says_latin_1(asked: Any) -> None:
    put(asked, text, kind=Xatom.STRING)
    answer(asked)


def a_picture(asked: Any) -> None:
    put(asked, text, kind=display.intern_atom("image/png"))
    answer(asked)


def in_16_bits(asked: Any) -> None:
    put(asked, text, width=16)
    answer(asked)


def in_32_bits(asked: Any) -> None:
    put(asked, text, kind=Xatom.ATOM, width=32)
    answer(asked)


def pieces_in_16_bits(asked: Any) -> None:
    steps = begin_pieces(asked)
    next(steps)
    put(asked, text, width=16)
    next(steps)
    put(asked, b"", width=16)


def nothing_there(asked: Any) -> None:
    answer(asked)


def whole_until_taken(asked: Any) -> None:
    """Say when it is taken away."""
    asked.requestor.change_attributes(event_mask=X.PropertyChangeMask)
    whole(asked)
    next(takings(asked))
    say("taken")


def leaving_something() -> Callable[[Any], None]:
    """Put it down once more when the first is taken away, and hand over nothing ever after."""
    asked_before: list[Any] = []

    def behave(asked: Any) -> None:
        if asked_before:
            answer(asked)
            return
        asked_before.append(asked)
        whole_until_taken(asked)
        put(asked, text)
        display.sync()
        say("left")

    return behave


def answering_again() -> Callable[[Any], None]:
    """Answer the request before once more, and then the present one, slow enough for the clock to go on."""
    asked_before: list[Any] = []

    def behave(asked: Any) -> None:
        if asked_before:
            put(asked_before[0], b"old")
            answer(asked_before.pop())
        asked_before.append(asked)
        time.sleep(0.002)
        whole(asked)

    return behave


def late() -> Callable[[Any], None]:
    """Answer the first request only when the second comes, and that then."""
    first: list[Any] = []

    def behave(asked: Any) -> None:
        if not first:
            first.append(asked)
            return
        put(first[0], b"late: " + text)
        answer(first[0])
        whole(asked)

    return behave


def twice() -> Callable[[Any], None]:
    """Say how often it was asked, and say it again."""
    count = counting()

    def behave(asked: Any) -> None:
        count(asked)
        answer(asked)

    return behave


def counting() -> Callable[[Any], None]:
    """Say how often it was asked."""
    count = 0

    def behave(asked: Any) -> None:
        nonlocal count
        count += 1
        put(asked, b"%d" % count)
        answer(asked)

    return behave


STATEFUL: Final = {counting, late, leaving_something, answering_again, twice}


if __name__ == "__main__":
    behaviour = globals()[sys.argv[1]]
    behave = behaviour() if behaviour in STATEFUL else behaviour
    window.set_selection_owner(Xatom.PRIMARY, X.CurrentTime)
    display.sync()
    say("ready")
    for asked in requests():
        behave(asked)
