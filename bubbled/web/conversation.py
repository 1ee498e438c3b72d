"""HTTP on one connection, as aiohttp speaks it, and the headers that go with every answer."""

from __future__ import annotations

from typing import Final

import structlog
from aiohttp import hdrs, web

from bubbled.web.access.rule import HEADERS

BEGUN: Final = web.RequestKey("begun", web.StreamResponse)
"""By which a request carries the answer that is on its way already."""

_BROKEN: Final = 500

_log = structlog.get_logger()


class Conversation(web.RequestHandler):
    """Speaks with one browser; what is no HTTP gets a short answer, and nothing of it gets into the log."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = _BROKEN,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - its base's signature; what was sent may be in it
    ) -> web.StreamResponse:
        """Answer to what reaches no page, and close."""
        if status == _BROKEN:
            _log.error("an answer of the pages failed by a defect of bubbled", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("half of another answer is on its way")
        response = web.Response(status=status, text="That was not understood.\n")
        _protect(response)
        response.force_close()
        return response


async def begin(request: web.Request, response: web.StreamResponse) -> None:
    """Send the headers that protect a page, with everything; a signal handler of aiohttp."""
    _protect(response)
    request[BEGUN] = response


def _protect(response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        if name not in response.headers:
            response.headers[name] = value
    response.headers[hdrs.SERVER] = "bubbled"
