"""One request to a provider and what its answer says, by the preset."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bubbled.directory.http.address import checked, place
from bubbled.directory.http.answer import data
from bubbled.directory.port import BusyError, CredentialsError
from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from bubbled.directory.http.port import Request, Transport
    from bubbled.directory.kinds.rest.preset import Errors


async def exchange(transport: Transport, request: Request, errors: Errors) -> Any:
    """The JSON that comes back; None when the answer is empty.

    Raises:
        DirectoryError: see `Transport.send` and `answer.data`; or the answer is an error by the preset.
    """
    response = await transport.send(request)
    host = place(checked(request.url))
    document = data(response, host, datetime.now(UTC))
    refusal = error_in(document, errors, host)
    if refusal is not None:
        raise refusal
    return document


def error_in(document: object, errors: Errors, host: str) -> DirectoryError | None:
    """What an answer with a status of success says is wrong; None when it is an answer. Pure."""
    if errors.denied is not None and errors.denied.find(document):
        return CredentialsError(
            f"{host} does not accept our account; check the secrets and variables of the directory"
        )
    if errors.busy is not None and errors.busy.find(document):
        return BusyError(f"{host} is asked too often; it is left alone for a while")
    if errors.failed is not None and errors.failed.find(document):
        return DirectoryError(
            f"{host} refuses the question; check the variables of the directory, and whether its account "
            "may read contacts"
        )
    return None
