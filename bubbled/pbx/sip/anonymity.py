"""Blanks numbers and names in SIP messages of a PBX, as `bubbled.pbx.anonymity` does in AMI text.

Lengths stay, so that Content-Length stays right. User parts of up to five digits are extensions and stay, as
do hosts; what a PBX calls itself stays, too.
"""

from __future__ import annotations

import re

from bubbled.number import is_withheld
from bubbled.pbx.anonymity import Anonymiser

_PARTS = re.compile(
    rb'(?P<before>\bdisplay=")(?P<xml>[^"]*)(?=")'
    rb'|(?P<start>^(?:From|To|Contact|P-[\w-]+|Remote-Party-ID|[ftm])\s*:\s*"?)(?P<name>[^"<>:;]+)(?="?\s*<)',
    re.IGNORECASE,
)
_ENTITY = re.compile(rb"(&#?\w{1,10};)")


class SipAnonymiser(Anonymiser):
    """Blanks a stream of whole messages, fed with any split of its bytes."""

    def _blank(self, line: bytes) -> bytes:
        return self._digits(_PARTS.sub(self._unnamed, line))

    def _unnamed(self, found: re.Match[bytes]) -> bytes:
        before = found["before"] or found["start"]
        name = found["xml"] if found["xml"] is not None else found["name"]
        if not name or is_withheld(name.decode("utf-8", "replace")):
            return before + name
        parts = _ENTITY.split(name)
        return before + b"".join(
            part if index % 2 else self._stand_in_name(part) for index, part in enumerate(parts)
        )
