"""Every failure as a page that says what happened and what to do, or as JSON for a script of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from aiohttp import hdrs, web

from bubbled.error import BubbledError
from bubbled.web.conversation import BEGUN
from bubbled.web.refusal import RefusedError
from bubbled.web.site import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp.typedefs import Handler, Middleware

    from bubbled.web.site import Site

_log = structlog.get_logger()


def _(text: str) -> str:
    """Mark a text for the translators, who find it here."""
    return text


_WORDS: Final[Mapping[str, str]] = {
    "foreign": _("This request was refused, because it did not come from a page of bubbled."),
    "unknown": _(
        "This browser is not let in (any more). Open the pages from bubbled's icon, or with `bubbled open`."
    ),
    "used": _(
        "This address is good for once, and only for a minute. Open the pages anew from bubbled's icon, "
        "or with `bubbled open`."
    ),
    "stale": _("This page is from before bubbled was started anew. Reload it and try again."),
    "missing": _("There is no such page."),
    "wrong": _("That was not understood."),
    "defect": _("bubbled failed unexpectedly; its log tells more: `journalctl --user -u bubbled`."),
}


def as_pages(site: Site) -> Middleware:
    """Answer for what fails."""

    @web.middleware
    async def failures(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except RefusedError as refusal:
            return await _told(site, request, refusal.status, refusal.kind, refusal.detail)
        except web.HTTPNotFound:
            return await _told(site, request, 404, "missing")
        except web.HTTPException as error:
            return await _told(site, request, error.status, "wrong", error.reason)
        except BubbledError as error:
            return await _told(site, request, 409, "", str(error))
        except Exception:  # noqa: BLE001  # a defect in one page must not look like a dead daemon to the user
            _log.exception("a page failed unexpectedly", method=request.method, page=request.path)
            return await _told(site, request, 500, "defect")

    return failures


async def _told(
    site: Site, request: web.Request, status: int, kind: str, detail: str = ""
) -> web.StreamResponse:
    begun: web.StreamResponse | None = request.get(BEGUN)
    if begun is not None:
        # Half of an answer is with the reader: that it ends in the middle is all that can be told him.
        if request.transport is not None:
            request.transport.abort()
        return begun
    words = spoken(request).gettext(_WORDS[kind]) if kind else ""
    # Why a request of somebody else is refused is not for him to read.
    lines = [line for line in (words, "" if kind == "foreign" else detail) if line]
    if request.headers.get(hdrs.ACCEPT, "").startswith("application/json"):
        response = web.json_response({"error": " ".join(lines)}, status=status)
    else:
        response = await site.page(request, "failure.html", code=status, lines=lines)
    if kind == "foreign":
        response.force_close()  # a page of somebody else could keep all our connections busy by refusals
    return response
