"""The kinds of files that hold contacts: one line for each. Who only asks an index needs to load none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bubbled.directory.entry import Reader


def _csv() -> Reader:
    from bubbled.directory.local.formats.csv import read_csv  # noqa: PLC0415 - for who reads such a file

    return read_csv


def _excel() -> Reader:
    from bubbled.directory.local.formats.excel import read_excel  # noqa: PLC0415 - the same

    return read_excel


def _vcard() -> Reader:
    from bubbled.directory.local.formats.vcard import read_vcard  # noqa: PLC0415 - the same

    return read_vcard


FORMATS: Final[Mapping[str, Callable[[], Reader]]] = {"csv": _csv, "excel": _excel, "vcard": _vcard}
"""How to come by what reads a file of each kind, by the name that the settings use."""
