"""What the PBX administrator sets for a SIP account that follows an extension. Pure.

Sources: pjsip.conf.sample and extensions.conf.sample of Asterisk; effects as measured on 16 and 22.
"""

from __future__ import annotations


def stanza(username: str, extension: str) -> str:
    """Write the settings of Asterisk that help, to be added where their comments say."""
    return "\n".join(
        (
            f"; pjsip.conf, in the endpoint of the account {username}:",
            f"; where the PBX looks for the hint of {extension}",
            "subscribe_context = CONTEXT-OF-THE-HINT",
            "; also tell of a second caller while the phone is in use",
            "notify_early_inuse_ringing = yes",
            "",
            "; extensions.conf, in that context:",
            f"exten => {extension},hint,PJSIP/{extension}",
        )
    )
