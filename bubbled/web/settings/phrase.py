"""What the settings say in English on their pages: for the translators."""

from __future__ import annotations

from typing import Final


def _(text: str) -> str:
    """Mark a text for the translators, who find it here."""
    return text


CHOICES: Final = (
    _("auto"),
    _("native"),
    _("window"),
    _("terminal"),
    _("ringing"),
    _("answered"),
    _("do not disturb"),
    _("full screen"),
    _("screen shared"),
    _("top-left"),
    _("top-right"),
    _("bottom-left"),
    _("bottom-right"),
    _("light"),
    _("dark"),
    _("national"),
    _("international"),
    _("parallel"),
    _("staggered"),
    _("sequential"),
    _("generic"),
    _("active_directory"),
    _("base"),
    _("one"),
    _("sub"),
)
"""Answers that a setting takes, as they stand on the page."""

PLACES: Final = (
    _("in the settings"),
    _("keyring {name} ({user})"),
    _("env {name}"),
    _("file {name}"),
    _("command {name}"),
)
"""Where a secret is kept."""

WARNINGS: Final = (
    _("{key} stands in the settings as plain text; keep it elsewhere, for example: {example}"),
    _(
        "{key} stands in the settings as plain text, and other users of this computer can read the file; "
        "keep it elsewhere, for example: {example}"
    ),
    _(
        "pbx.tls is off, so that everybody on the way to the PBX can read who calls whom; "
        "switch TLS on in Asterisk's manager.conf and here"
    ),
    _(
        "SIP goes over {transport}, so that everybody on the way to the PBX can read who calls whom; "
        "if the PBX offers it, say transport = {tls}"
    ),
    _("lookup.tier.{tier} counts for no directory; give one tier = {same}, or leave it out"),
    _(
        "me.devices: {device} looks like the channel of one call, whose name no other call gets; "
        "if so, write {short}"
    ),
    _('the directory "{name}" is asked only with enabled = true: it tells others who calls'),
)
"""What works, but perhaps not as the user would wish."""

COLUMN: Final = _("a column of {directory}")
"""What a variable is that an address book adds."""

TEXTS: Final = (COLUMN, *CHOICES, *PLACES, *WARNINGS)
