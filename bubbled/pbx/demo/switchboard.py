"""The channels and phones that the demo PBX has right now, so that a client may ask for them; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bubbled.pbx.ami.framing import Message

_SNAPSHOT = (
    "Channel",
    "ChannelState",
    "ChannelStateDesc",
    "CallerIDNum",
    "CallerIDName",
    "ConnectedLineNum",
    "ConnectedLineName",
    "Language",
    "AccountCode",
    "Context",
    "Exten",
    "Priority",
    "Uniqueid",
    "Linkedid",
)
"""What Asterisk says of a channel in each event about it."""

_DEVICES = ("PJSIP/101", "PJSIP/102", "PJSIP/103", "PJSIP/trunk")


class LiveChannels:
    """What the events played so far have left standing."""

    def __init__(self) -> None:
        self._channels: dict[str, dict[str, str]] = {}
        self._devices = dict.fromkeys(_DEVICES, "NOT_INUSE")

    def apply(self, event: Message) -> None:
        """Take an event that was played."""
        if event["Event"] == "DeviceStateChange":
            self._devices[event["Device"]] = event["State"]
        uniqueid = event.get("Uniqueid", "")
        if event["Event"] == "Newchannel":
            self._channels[uniqueid] = {"BridgeID": ""}
        if event["Event"] == "Hangup":
            self._channels.pop(uniqueid, None)
        if (channel := self._channels.get(uniqueid)) is not None:
            channel |= {header: event[header] for header in _SNAPSHOT if header in event}
            match event["Event"]:
                case "BridgeEnter":
                    channel["BridgeID"] = event["BridgeUniqueid"]
                case "BridgeLeave":
                    channel["BridgeID"] = ""

    def rows(self) -> list[dict[str, str]]:
        """The channels, with the headers that Asterisk gives in `Status`."""
        return [
            {header: row[header] for header in (*_SNAPSHOT, "BridgeID")} for row in self._channels.values()
        ]

    def devices(self) -> list[dict[str, str]]:
        """The phones and the trunk, with the headers that Asterisk gives in `DeviceStateList`."""
        return [{"Device": device, "State": state} for device, state in self._devices.items()]
