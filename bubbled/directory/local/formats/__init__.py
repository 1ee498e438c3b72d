"""The kinds of files that hold contacts: one line for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bubbled.directory.local.formats.csv import read_csv
from bubbled.directory.local.formats.excel import read_excel
from bubbled.directory.local.formats.vcard import read_vcard

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.directory.entry import Reader

FORMATS: Final[Mapping[str, Reader]] = {"csv": read_csv, "excel": read_excel, "vcard": read_vcard}
"""How to read a file of each kind, by the name that the settings use."""
