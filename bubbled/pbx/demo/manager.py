"""One client's session with the demo PBX: what Asterisk answers to a manager; pure.

Answers are worded as Asterisk 22 words them (main/manager.c).
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from bubbled.pbx.demo.scene import OWN_PHONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.pbx.ami.framing import Message
    from bubbled.pbx.demo.switchboard import LiveChannels

GREETING = b"Asterisk Call Manager/11.0.0\r\n"

Packet = dict[str, str]

_FOR_GUESTS = {"challenge", "login", "logoff"}

_COMMANDS = {
    "Challenge": "Generate Challenge for MD5 Auth.  (Priv: <none>)",
    "DeviceStateList": "List the current known device states.  (Priv: call,reporting,all)",
    "Getvar": "Gets a channel variable or function value.  (Priv: call,reporting,all)",
    "ListCommands": "List available manager commands.  (Priv: <none>)",
    "Login": "Login Manager.  (Priv: <none>)",
    "Logoff": "Logoff Manager.  (Priv: <none>)",
    "Originate": "Originate a call.  (Priv: originate,all)",
    "Ping": "Keepalive command.  (Priv: <none>)",
    "Status": "List channel status.  (Priv: system,call,reporting,all)",
}
"""What an account with the rights that bubbled asks for may do, of what the demo PBX understands."""


def encode(packet: Mapping[str, str]) -> bytes:
    """Write a packet as Asterisk does."""
    return "".join(f"{header}: {value}\r\n" for header, value in packet.items()).encode() + b"\r\n"


class Manager:
    """Answers one client's actions.

    Attributes:
        logged_in: whether events are due to this client.
        over: whether the connection must be closed after the latest answer.
    """

    def __init__(
        self,
        channels: LiveChannels,
        secret: str | None,
        clock: Callable[[], float],
        on_click: Callable[[Message], None] = lambda _action: None,
    ) -> None:
        """Let clients in that know `secret` (None: all of them); `clock` gives seconds since 1970.

        `on_click` is told the action of each call that is asked for.
        """
        self.logged_in = False
        self.over = False
        self._channels = channels
        self._secret = secret
        self._clock = clock
        self._on_click = on_click
        self._challenge = ""
        self._replies: dict[str, Callable[[Message], list[Packet]]] = {
            "challenge": self._challenged,
            "coreshowchannels": self._core_show_channels,
            "devicestatelist": self._device_states,
            "getvar": self._get_variable,
            "listcommands": self._list_commands,
            "login": self._login,
            "logoff": self._goodbye,
            "originate": self._originate,
            "ping": self._pong,
            "status": self._status,
        }

    def answer(self, action: Message) -> list[Packet]:
        """Give the packets that answer an action, each with its ActionID."""
        action_id = {"ActionID": action["ActionID"]} if "ActionID" in action else {}
        answers = self._answers(action)
        return [dict(list(packet.items())[:1]) | action_id | packet for packet in answers]

    def _answers(self, action: Message) -> list[Packet]:
        name = action.get("Action", "")
        if not self.logged_in and name.lower() not in _FOR_GUESTS:
            return [_error("Permission denied")]
        if (reply := self._replies.get(name.lower())) is None:
            advice = "Use Action: ListCommands to show available commands."
            return [_error(f"Invalid/unknown command: {name}. {advice}")]
        return reply(action)

    def _pong(self, _action: Message) -> list[Packet]:
        return [{"Response": "Success", "Ping": "Pong", "Timestamp": f"{self._clock():.6f}"}]

    def _status(self, _action: Message) -> list[Packet]:
        rows = self._channels.rows()
        answers = _listed("Channel status will follow", "Status", rows, "StatusComplete")
        answers[-1]["Items"] = str(len(rows))
        return answers

    def _core_show_channels(self, _action: Message) -> list[Packet]:
        rows = self._channels.rows()
        return _listed("Channels will follow", "CoreShowChannel", rows, "CoreShowChannelsComplete")

    def _device_states(self, _action: Message) -> list[Packet]:
        rows = self._channels.devices()
        return _listed(
            "Device State Changes will follow", "DeviceStateChange", rows, "DeviceStateListComplete"
        )

    def _list_commands(self, _action: Message) -> list[Packet]:
        return [{"Response": "Success"} | _COMMANDS]

    def _originate(self, action: Message) -> list[Packet]:
        """Ring the one phone that was recorded so; no other can be rung."""
        if action.get("Channel") != OWN_PHONE or not action.get("Exten"):
            return [_error("Extension does not exist.")]
        self._on_click(action)
        return [{"Response": "Success", "Message": "Originate successfully queued"}]

    def _get_variable(self, action: Message) -> list[Packet]:
        """Tell how a phone is, which is all that may be asked for here."""
        variable = action.get("Variable", "")
        device = variable.removeprefix("DEVICE_STATE(").removesuffix(")")
        states = {row["Device"]: row["State"] for row in self._channels.devices()}
        return [{"Response": "Success", "Variable": variable, "Value": states.get(device, "INVALID")}]

    def _goodbye(self, _action: Message) -> list[Packet]:
        self.over = True
        return [{"Response": "Goodbye", "Message": "Thanks for all the fish."}]

    def _challenged(self, action: Message) -> list[Packet]:
        if action.get("AuthType", "").lower() != "md5":
            return [_error("Must specify AuthType")]
        self._challenge = str(secrets.randbelow(10**9))
        return [{"Response": "Success", "Challenge": self._challenge}]

    def _login(self, action: Message) -> list[Packet]:
        self.logged_in = self._secret is None or self._knows(action, self._secret)
        self.over = not self.logged_in
        if self.over:
            return [_error("Authentication failed")]
        return [{"Response": "Success", "Message": "Authentication accepted"}]

    def _knows(self, action: Message, secret: str) -> bool:
        if "Key" not in action:
            return secrets.compare_digest(action.get("Secret", "").encode(), secret.encode())
        key = hashlib.md5((self._challenge + secret).encode(), usedforsecurity=False).hexdigest()
        return bool(self._challenge) and secrets.compare_digest(action["Key"].encode(), key.encode())


def _listed(message: str, item: str, rows: list[dict[str, str]], end: str) -> list[Packet]:
    return [
        {"Response": "Success", "EventList": "start", "Message": message},
        *({"Event": item} | row for row in rows),
        {"Event": end, "EventList": "Complete", "ListItems": str(len(rows))},
    ]


def _error(message: str) -> Packet:
    return {"Response": "Error", "Message": message}
