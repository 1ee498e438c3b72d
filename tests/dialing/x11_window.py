"""A program with a window, or with keys of its own, for tests of keys; each key that it gets is a line.

x11_window.py focus                   has the focus
x11_window.py grab KEYSYM             grabs a key, whatever is held with it, until its input ends
x11_window.py grab KEYSYM Num_Lock    the same, but only while Num Lock is on and nothing else is held
"""

from __future__ import annotations

import sys
from threading import Thread

from Xlib import XK, X
from Xlib.display import Display


def say(word: str) -> None:
    print(word, flush=True)  # noqa: T201 - it speaks to the test by printing


def focus(display: Display) -> None:
    window = display.screen().root.create_window(
        0, 0, 100, 100, 0, X.CopyFromParent, event_mask=X.KeyPressMask | X.ExposureMask
    )
    window.map()
    while display.next_event().type != X.Expose:
        pass
    window.set_input_focus(X.RevertToParent, X.CurrentTime)
    display.sync()
    say("ready")
    while True:
        event = display.next_event()
        if event.type == X.MappingNotify:
            display.refresh_keyboard_mapping(event)
        if event.type == X.KeyPress:
            keysym = display.keycode_to_keysym(event.detail, 0)
            say(next((name[3:] for name, number in vars(XK).items() if number == keysym), str(keysym)))


def grab(display: Display, key: str, modifiers: int = X.AnyModifier) -> None:
    keycode = display.keysym_to_keycode(XK.string_to_keysym(key))
    display.screen().root.grab_key(keycode, modifiers, False, X.GrabModeAsync, X.GrabModeAsync)  # noqa: FBT003 - the library's signature
    display.sync()
    say("ready")
    Thread(target=_tell, args=(display, key), daemon=True).start()
    sys.stdin.read()


def _tell(display: Display, key: str) -> None:
    while True:
        if display.next_event().type == X.KeyPress:
            say(key)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["focus"]:
            focus(Display())
        case ["grab", key]:
            grab(Display(), key)
        case ["grab", key, "Num_Lock"]:
            grab(Display(), key, X.Mod2Mask)
