"""What windows themselves say, in the user's language. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from gettext import NullTranslations


@dataclass(frozen=True, slots=True)
class WindowWording:
    """Says things in one language; English without a catalogue."""

    catalogue: NullTranslations = field(default_factory=NullTranslations)

    def more(self) -> str:
        """What the button says that lists the buttons for which there is no room."""
        return self.catalogue.gettext("More…")

    def close(self) -> str:
        """Name the button that closes the window."""
        return self.catalogue.gettext("Close")

    def close_all(self) -> str:
        """What the menu says that closes every window."""
        return self.catalogue.gettext("Close all")

    def menu(self) -> str:
        """Name the button that opens the window's menu."""
        return self.catalogue.gettext("Menu")

    def to_its_place(self) -> str:
        """What the menu says that takes back a drag."""
        return self.catalogue.gettext("Back to its usual place")

    def send(self) -> str:
        """What the button says that sends what was typed."""
        return self.catalogue.gettext("Done")

    def cancel(self) -> str:
        """What the button says that drops what was typed."""
        return self.catalogue.gettext("Cancel")

    def how_to_send(self) -> str:
        """Tell which keys do what in the text field."""
        return self.catalogue.gettext("Enter: done, Shift+Enter: new line, Esc: cancel")

    def folded(self, count: int) -> str:
        """How many windows there is no room for: "3 more"."""
        return self.catalogue.ngettext("{count} more", "{count} more", count).format(count=count)

    def important(self) -> str:
        """What a screen reader says of an important caller."""
        return self.catalogue.gettext("Important")
