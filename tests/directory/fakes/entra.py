"""How Microsoft Entra gives out tokens for Dataverse and Graph.

- learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow: path, form, answer, errors
  with AADSTS codes (V); that every refresh token stays good for a while after a new one came (K).
"""

from __future__ import annotations

from tests.directory.fakes.base import RefusedError
from tests.directory.fakes.oauth import TokenDesk

_CODES = {
    "invalid_client": (7000215, "Invalid client secret provided."),
    "invalid_grant": (700082, "The refresh token has expired due to inactivity."),
    "invalid_scope": (70011, "The provided value for the input parameter 'scope' is not valid."),
    "unsupported_grant_type": (70003, "The app requested an unsupported grant type."),
}


def entra_desk(*grants: str) -> TokenDesk:
    """Tokens for an application (`client_credentials`), or for whom it acts for (`refresh_token`)."""
    return TokenDesk(
        grants=grants or ("client_credentials",), lifetime=3599, needs=("scope",), refusal=_refused
    )


def _refused(error: str) -> RefusedError:
    code, text = _CODES[error]
    body = {
        "error": error,
        "error_description": f"AADSTS{code}: {text}",
        "error_codes": [code],
        "timestamp": "2026-11-01 09:30:00Z",
        "trace_id": "0000aaaa-11bb-cccc-dd22-eeeeee333333",
        "correlation_id": "aaaa0000-bb11-2222-33cc-444444dddddd",
    }
    return RefusedError(401 if error == "invalid_client" else 400, body)
