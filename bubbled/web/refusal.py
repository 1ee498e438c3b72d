"""What a request may be refused for."""

from __future__ import annotations


class RefusedError(Exception):
    """A request cannot be met.

    Attributes:
        status: of HTTP.
        kind: which words the user reads: `foreign`, `unknown`, `used`, `stale`, `missing`, `wrong`.
        detail: in one line, where the kind does not say it all.
    """

    def __init__(self, status: int, kind: str, detail: str = "") -> None:
        super().__init__(detail or kind)
        self.status = status
        self.kind = kind
        self.detail = detail
