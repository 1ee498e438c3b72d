"""From what a preset says of a request, and the values of the moment, to the request. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from bubbled.directory.http.port import Request
from bubbled.directory.kinds.rest.call import BASE_URL
from bubbled.directory.kinds.rest.template import fill_tree
from bubbled.directory.kinds.rest.value import ID
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bubbled.directory.kinds.rest.call import Call
    from bubbled.directory.kinds.rest.template import Template


def request_for(call: Call, values: Mapping[str, str], extra: Mapping[str, str] | None = None) -> Request:
    """The request with its values filled in, each escaped for its place.

    Args:
        call: what the preset says.
        values: the variables, and the notations of a number or `since`.
        extra: further parameters of the query: a page, a token.

    Raises:
        DirectoryError: a value cannot stand where the preset puts it.
    """
    try:
        query = {key: _parameter(fill_tree(tree, values)) for key, tree in call.query.items()}
        body = None if call.body is None else json.dumps(fill_tree(call.body, values)).encode()
        headers = {name: _header(template.fill(values)) for name, template in call.headers.items()}
    except ValueError as problem:
        raise DirectoryError(
            f"a request cannot be made: {problem}; mend the variables of the directory"
        ) from None
    written = urlencode({**query, **(extra or {})}, quote_via=quote)
    url = _url(call.path, values) + (f"?{written}" if written else "")
    kind = {} if body is None else {"Content-Type": "application/json"}
    return Request(call.method, url, {"Accept": "application/json", **kind, **headers}, body)


def detail_request(path: Template, values: Mapping[str, str], id_: str) -> Request:
    """The request for all that is known of one contact."""
    return Request("GET", _url(path, {**values, ID: id_}), {"Accept": "application/json"})


def _url(path: Template, values: Mapping[str, str]) -> str:
    return values[BASE_URL].rstrip("/") + path.fill_path(values)


def _parameter(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _header(value: str) -> str:
    if not value.isprintable() or not value.isascii():
        raise ValueError("a header can hold only letters, digits and signs of ASCII")
    return value
