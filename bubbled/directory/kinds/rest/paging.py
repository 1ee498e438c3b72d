"""From page to page of what a provider has, and from one time to the next. Pure.

A token is what is asked with the next time: a whole address, something for a parameter, or the newest
timestamp that was seen, as the preset says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from bubbled.directory.http.address import checked, is_same_server, place
from bubbled.directory.kinds.rest.request import request_for
from bubbled.directory.kinds.rest.value import SINCE
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.directory.http.port import Request
    from bubbled.directory.kinds.rest.expression import Expression
    from bubbled.directory.kinds.rest.preset import Sync

LONGEST_TOKEN: Final = 16_384
"""Characters of what a provider wants to hear again."""

_URL_CHARACTERS = "%/:=&?~#+!$,;'@()*[]"  # what an address may hold besides letters and digits (RFC 3986)


def first_request(sync: Sync, variables: Mapping[str, str], token: str | None) -> Request:
    """The request for the first page: of everything, or (`token`) of what has changed.

    Raises:
        DirectoryError: the token leads to another host.
    """
    changes = sync.changes
    values = {**variables, SINCE: token or (changes.first if changes else None) or ""}
    request = request_for(sync, values, _parameter(sync, token))
    if token is None or changes is None or changes.next_url is None:
        return request
    return replace(request, url=_within(token, request.url))


def next_request(sync: Sync, first: Request, document: object, page: int, count: int) -> Request | None:
    """The request for the page after the `page`th, which has `count` records; None: it was the last.

    Raises:
        DirectoryError: the next page is on another host.
    """
    paging = sync.paging
    if paging is None or document is None:
        return None
    if paging.next_url is not None:
        url = _said(paging.next_url, document)
        return None if url is None else replace(first, url=_within(url, first.url))
    if paging.cursor is not None:
        value = _said(paging.cursor, document)
    else:
        value = str(page * (paging.offset or 0)) if count == paging.offset else None
    return None if value is None else _with_parameter(first, str(paging.parameter), value)


def token_after(sync: Sync, document: object, newest: str | None) -> str | None:
    """What to ask with the next time, after the last page; None: for everything."""
    changes = sync.changes
    if changes is None:
        return None
    if changes.newest is not None:
        return newest or changes.first
    return _said(changes.next_url or changes.token, document)


def newer(sync: Sync, record: Mapping[str, Any], newest: str | None) -> str | None:
    """The newest timestamp, this record's or an earlier one's, as numbers or else as text."""
    if sync.changes is None or sync.changes.newest is None:
        return newest
    this = sync.changes.newest.find(record)
    if isinstance(this, bool) or not isinstance(this, str | int) or not 0 < len(str(this)) <= LONGEST_TOKEN:
        return newest
    return str(this) if newest is None or _order(str(this)) > _order(newest) else newest


def _order(timestamp: str) -> tuple[int, str]:
    return (len(timestamp), timestamp) if timestamp.isdecimal() else (0, timestamp)


def _parameter(sync: Sync, token: str | None) -> Mapping[str, str]:
    if token is None or sync.changes is None or sync.changes.parameter is None:
        return {}
    return {sync.changes.parameter: token}


def _said(expression: Expression | None, document: object) -> str | None:
    value = None if expression is None else expression.find(document)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value) if 0 < len(str(value)) <= LONGEST_TOKEN else None


def _with_parameter(request: Request, name: str, value: str) -> Request:
    parts = urlsplit(request.url)
    others = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    return replace(
        request, url=parts._replace(query=urlencode([*others, (name, value)], quote_via=quote)).geturl()
    )


def _within(link: str, base: str) -> str:
    """The address that a provider gives, if our credentials may go there: to the host that was asked."""
    try:
        url = urljoin(base, quote(link, safe=_URL_CHARACTERS))
        is_there = is_same_server(checked(url), checked(base))
    except (ValueError, DirectoryError):  # what is wrong with it is the provider's, and nothing to repeat
        is_there = False
    if not is_there:
        raise DirectoryError(
            f"{place(checked(base))} says to go on at another host, which is not asked, because our "
            "credentials are not for it; check base_url among the variables"
        )
    return url
