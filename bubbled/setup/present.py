"""The settings file as it is before setup: absent, understood, or better left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bubbled.settings.diagnosis import find_mistakes
from bubbled.settings.file import SettingsFile
from bubbled.settings.loading import read_document
from bubbled.settings.mistake import InvalidSettings
from bubbled.setup.answer import (
    CA_FILE,
    DEVICES,
    EXTENSION,
    HOST,
    PORT,
    REGION,
    SECRET,
    TLS,
    TRANSPORT,
    USERNAME,
    WAY,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ASKED: Final = frozenset(
    {CA_FILE, DEVICES, EXTENSION, HOST, PORT, REGION, SECRET, TLS, TRANSPORT, USERNAME, WAY, "me", "pbx"}
)
"""Keys that setup asks about, so that a mistake in them is mended by answering."""


@dataclass(frozen=True, slots=True)
class Present:
    """What is there.

    Attributes:
        text: of the file; None where there is none.
        digest: of its bytes, by which it shows whether somebody changes it meanwhile; None as above.
        document: what it says, unchecked.
        trouble: why it is not understood and so left as it is, with the line; None when it is.
    """

    text: str | None = None
    digest: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict)
    trouble: str | None = None


def present(path: Path) -> Present:
    """Look at a settings file; whatever is wrong with it, nothing is raised."""
    if not path.exists() and not path.is_symlink():
        return Present()
    try:
        document, _ = read_document(path)
        written = SettingsFile(path).read()
    except InvalidSettings as error:
        return Present(trouble=str(error))
    except OSError as error:
        return Present(trouble=f"{path} cannot be read: {error.strerror}")
    mistakes = find_mistakes(document, written.text)
    strange = tuple(each for each in mistakes if each.key.partition("[")[0] not in _ASKED)
    if strange:
        return Present(trouble=str(InvalidSettings(path, strange)))
    return Present(written.text, written.digest, document)
