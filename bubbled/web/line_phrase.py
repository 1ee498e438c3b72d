"""Why the PBX cannot be followed, in English: for the translators."""

from __future__ import annotations

from typing import Final


def _(text: str) -> str:
    """Mark a text for the translators, who find it here."""
    return text


TEXTS: Final = (
    _(
        "The PBX at {place} shows a certificate that is not to be trusted ({reason}): no calls pop up until "
        "it works. Give the file of the authority that signed it, and the host name that it is made out to."
    ),
    _(
        "The PBX at {place} does not speak TLS ({reason}): no calls pop up until it works. "
        "Check the port (TLS is mostly 5039), or switch TLS off."
    ),
    _(
        "The PBX at {place} has a name that is not known: no calls pop up until it works. "
        "Check the host name and this computer's network."
    ),
    _(
        "The PBX at {place} refuses connections: no calls pop up until it works. Check host and port, and "
        "that manager.conf says enabled = yes and binds to this network; for TLS it must say tlsenable = yes "
        "too, else set tls = false."
    ),
    _(
        "The PBX at {place} does not answer: no calls pop up until it works. "
        "Check host, port, firewall, and whether this port wants TLS."
    ),
    _(
        "The PBX at {place} cannot be reached ({reason}): no calls pop up until it works. "
        "Check host, port and this computer's network."
    ),
    _(
        "The PBX refuses user {user} ({reason}): no calls pop up. "
        "Check username and secret, and permit= in manager.conf."
    ),
    _("The PBX is shutting down or restarting: no calls pop up until it is back."),
    _("The connection was closed by the PBX: no calls pop up until it is back."),
    _("The connection was lost ({reason}): no calls pop up until it is back."),
    _("The PBX has gone silent: no calls pop up until it can be reached again."),
)
