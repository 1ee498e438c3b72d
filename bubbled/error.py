"""What can go wrong, by whose hands it can be mended.

Each message is one line for the user: what happened, what it means for them, what to do.
"""


class BubbledError(Exception):
    """The base of all errors that bubbled raises on purpose; its text may be shown to the user as it is."""


class ConfigError(BubbledError):
    """The user's settings cannot be used; the user mends it in the settings file."""


class PbxError(BubbledError):
    """The PBX cannot be reached or refuses; the PBX administrator, or time, mends it."""


class DirectoryError(BubbledError):
    """A source of contacts cannot answer; the others go on."""


class HistoryError(BubbledError):
    """The history cannot be read or written; calls still pop up."""


class ControlError(BubbledError):
    """A command could not reach the daemon, or the daemon refused it."""
