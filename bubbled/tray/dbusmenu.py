"""The menu on the bus: the interface com.canonical.dbusmenu, version 3.

Described in the source of libdbusmenu (libdbusmenu-glib/dbus-menu.xml).
"""

# Without "from __future__ import annotations", since dbus-fast reads the types when the class is made.
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Final

from dbus_fast import DBusError, ErrorType, PropertyAccess, Variant
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr, DBusUInt32, DBusVariant
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from bubbled.tray.menu import ROOT, Entry, Numbering
from bubbled.tray.port import Listener
from bubbled.tray.property import Changed, Value, difference, properties

INTERFACE: Final = "com.canonical.dbusmenu"
_READ: Final = PropertyAccess.READ
_WHOLE: Final = -1
"""The depth of a layout that has all of the menu."""

Properties = dict[str, Variant]
Layout = tuple[int, Properties, list[Variant]]
"""An entry: its number, its properties, and its entries as variants of the same."""

Names = Annotated[list[str], DBusSignature("as")]
Numbers = Annotated[list[int], DBusSignature("ai")]
LayoutReply = Annotated[tuple[int, Layout], DBusSignature("u(ia{sv}av)")]
PropertiesReply = Annotated[list[tuple[int, Properties]], DBusSignature("a(ia{sv})")]
Events = Annotated[list[tuple[int, str, Variant, int]], DBusSignature("a(isvu)")]
AboutToShowReply = Annotated[tuple[list[int], list[int]], DBusSignature("aiai")]
UpdatedProperties = Annotated[
    tuple[list[tuple[int, Properties]], list[tuple[int, list[str]]]], DBusSignature("a(ia{sv})a(ias)")
]
LayoutChange = Annotated[tuple[int, int], DBusSignature("ui")]


class DbusMenu(ServiceInterface):
    """The menu, for one connection with the bus.

    Args:
        root: the menu at first, with its numbers.
        numbering: tells what a number means.
        listener: told what the user wants; its methods must not raise.
    """

    def __init__(self, root: Entry, numbering: Numbering, listener: Listener) -> None:
        super().__init__(INTERFACE)
        self._numbering = numbering
        self._listener = listener
        self._revision = 1
        self._put(root)

    def show(self, root: Entry) -> None:
        """Be another menu from now on, and tell the desktop what is different."""
        changes = difference(self._root, root)
        self._put(root)
        if changes is None:
            self._revision += 1
            self.layout_updated(self._revision)
        elif changes:
            self.items_properties_updated(changes)

    def _put(self, root: Entry) -> None:
        self._root = root
        self._entries = {entry.number: entry for entry in root.all()}

    @dbus_method("GetLayout")
    def get_layout(self, parent: DBusInt32, depth: DBusInt32, names: Names) -> LayoutReply:
        """Give an entry and so many levels below it."""
        return self._revision, _layout(self._entry(parent), depth, names)

    @dbus_method("GetGroupProperties")
    def get_group_properties(self, numbers: Numbers, names: Names) -> PropertiesReply:
        """Give the properties of several entries, or of all."""
        wanted = [self._entries[each] for each in numbers or self._entries if each in self._entries]
        return [(entry.number, _variants(properties(entry, names))) for entry in wanted]

    @dbus_method("GetProperty")
    def get_property(self, number: DBusInt32, name: DBusStr) -> DBusVariant:
        """Give one property."""
        value = properties(self._entry(number)).get(name)
        if value is None:
            raise DBusError(ErrorType.INVALID_ARGS, f"Entry {number} has no property {name!r}.")
        return _variant(value)

    @dbus_method("Event")
    async def event(
        self,
        number: DBusInt32,
        kind: DBusStr,
        data: DBusVariant,  # noqa: ARG002 - the interface wants it
        timestamp: DBusUInt32,  # noqa: ARG002 - the same
    ) -> None:
        """The user did something with an entry."""
        await self._happened(number, kind)

    @dbus_method("EventGroup")
    async def event_group(self, events: Events) -> Numbers:
        """The user did several things; gives the numbers that are none."""
        unknown = [number for number, *_ in events if not self._knows(number)]
        if events and len(unknown) == len(events):
            raise DBusError(ErrorType.INVALID_ARGS, "None of these entries is in the menu.")
        for number, kind, *_ in events:
            await self._happened(number, kind)
        return unknown

    @dbus_method("AboutToShow")
    async def about_to_show(self, number: DBusInt32) -> DBusBool:
        """Have the newest in the menu before it is seen; tells whether that changed it."""
        self._entry(number)
        return await self._is_renewed(number)

    @dbus_method("AboutToShowGroup")
    async def about_to_show_group(self, numbers: Numbers) -> AboutToShowReply:
        """The same for several; gives those that changed, and the numbers that are none."""
        known = [number for number in numbers if number in self._entries]
        changed = [number for number in known if await self._is_renewed(number)]
        return changed, [number for number in numbers if number not in known]

    @dbus_property(_READ, "Version")
    def version(self) -> DBusUInt32:
        """Of the interface."""
        return 3

    @dbus_property(_READ, "TextDirection")
    def text_direction(self) -> DBusStr:
        """Of the languages that bubbled speaks."""
        return "ltr"

    @dbus_property(_READ, "Status")
    def status(self) -> DBusStr:
        """It never presses the user to open it."""
        return "normal"

    @dbus_property(_READ, "IconThemePath")
    def icon_theme_path(self) -> Names:
        """Icons of the menu are those of the desktop."""
        return []

    @dbus_signal("LayoutUpdated")
    def layout_updated(self, revision: int) -> LayoutChange:
        """Other entries are in the menu."""
        return revision, ROOT

    @dbus_signal("ItemsPropertiesUpdated")
    def items_properties_updated(self, changes: Sequence[Changed]) -> UpdatedProperties:
        """Entries look different."""
        values = [(each.number, _variants(each.values)) for each in changes if each.values]
        return values, [(each.number, list(each.gone)) for each in changes if each.gone]

    @dbus_signal("ItemActivationRequested")
    def item_activation_requested(self) -> Annotated[tuple[int, int], DBusSignature("iu")]:
        """The menu is to open by itself: never."""
        return ROOT, 0

    def _entry(self, number: int) -> Entry:
        entry = self._entries.get(number)
        if entry is None:
            raise DBusError(ErrorType.INVALID_ARGS, f"There is no entry {number}.")
        return entry

    def _knows(self, number: int) -> bool:
        """Whether it is in the menu, or was when the user opened it."""
        return number in self._entries or self._numbering.action(number) is not None

    async def _is_renewed(self, number: int) -> bool:
        if number != ROOT:
            return False
        before = self._root
        await self._listener.opened()
        return self._root != before

    async def _happened(self, number: int, kind: str) -> None:
        if kind == "clicked" and (action := self._numbering.action(number)) is not None:
            self._listener.wished(action)


def _layout(entry: Entry, depth: int, names: Iterable[str]) -> Layout:
    below = () if depth == 0 else entry.entries
    deeper = _WHOLE if depth == _WHOLE else depth - 1
    children = [Variant("(ia{sv}av)", _layout(each, deeper, names)) for each in below]
    return entry.number, _variants(properties(entry, tuple(names))), children


def _variants(found: Mapping[str, Value]) -> Properties:
    return {name: _variant(value) for name, value in found.items()}


def _variant(value: Value) -> Variant:
    match value:
        case bool():
            return Variant("b", value)
        case int():
            return Variant("i", value)
        case _:
            return Variant("s", value)
