"""Countries by their names, in the user's language."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAME_AS: Final = "*"
"""Before the language whose name for the country another language shares, in the table of phonenumbers."""


def name(region: str, language: str) -> str:
    """The name of a country by ISO 3166; the two letters themselves where it is not known."""
    return _names(language).get(region, region)


@cache
def _names(language: str) -> Mapping[str, str]:
    """Read the table without the package around it, which knows each town and takes 100 MB of memory."""
    package = find_spec("phonenumbers")
    table = Path(package.origin or "").parent / "geodata" / "locale.py" if package else Path()
    spec = spec_from_file_location("phonenumbers.geodata.locale", table)
    if spec is None or spec.loader is None:
        return {}
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        countries: Mapping[str, Mapping[str, str]] = module.LOCALE_DATA
        return {region: _in_language(names, language) for region, names in countries.items()}
    except (OSError, AttributeError, KeyError):  # a version of phonenumbers that keeps it elsewhere
        return {}


def _in_language(names: Mapping[str, str], language: str) -> str:
    said = names.get(language) or names["en"]
    return names[said.removeprefix(_SAME_AS)] if said.startswith(_SAME_AS) else said
