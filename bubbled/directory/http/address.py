"""Where a request may go. Pure."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from bubbled.error import DirectoryError

if TYPE_CHECKING:
    from yarl import URL


def checked(text: str) -> URL:
    """The address of a request, which must be whole and quoted.

    Raises:
        DirectoryError: it is none, or must not be used. Its text repeats the host at most.
    """
    from yarl import URL  # noqa: PLC0415 - comes with aiohttp, which is loaded where it is first needed

    url: URL | None = None
    if all("!" <= c <= "~" for c in text):
        try:
            url = URL(text, encoded=True)
            _ = url.port
        except ValueError:
            url = None
    if url is None or url.scheme not in {"http", "https"} or not url.host:
        raise DirectoryError(
            "the address in the settings is no web address: one begins with https:// and a host, "
            "and holds no blanks"
        )
    if url.user is not None or url.password is not None:
        raise DirectoryError(
            f"the address of {url.host} holds a user name or password, which end up in logs: "
            "take them out of it, and give them as credentials"
        )
    if url.scheme == "http" and not is_this_computer(url.host):
        raise DirectoryError(
            f"{url.host} is to be asked over http, which anybody on the way can read, credentials included: "
            "write https:// in the settings"
        )
    return url


def redirected(url: URL, location: str) -> URL:
    """Where the server at `url` sends us, if that is within the same scheme, host and port.

    Raises:
        DirectoryError: it is elsewhere.
    """
    from yarl import URL  # noqa: PLC0415 - as above

    try:
        target = url.join(URL(location))
        is_there = is_same_server(target, url)
    except ValueError:
        is_there = False
    if not is_there:
        raise DirectoryError(
            f"{place(url)} answers that it has moved to another host, which is not asked, "
            "because our credentials are not for it: check the address in the settings"
        )
    return target


def is_same_server(target: URL, url: URL) -> bool:
    """Whether our credentials for `url` may go to `target`: the same scheme, host and port, and no others."""
    return (
        (target.scheme, (target.host or "").lower(), target.port)
        == (url.scheme, (url.host or "").lower(), url.port)
        and target.user is None
        and target.password is None
    )


def place(url: URL) -> str:
    """Host, and port where that is not the usual one: all of an address that errors and logs may tell."""
    host = url.host or ""
    host = f"[{host}]" if ":" in host else host
    return host if url.is_default_port() or url.port is None else f"{host}:{url.port}"


def is_this_computer(host: str) -> bool:
    """Whether nothing that is sent to this host leaves the computer."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
