from __future__ import annotations

import pytest

from bubbled.directory.http.address import checked, is_this_computer, place


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://api.hubapi.com/crm/v3?q=1", "api.hubapi.com"),
        ("https://crm.example.com:443/", "crm.example.com"),
        ("https://crm.example.com:8443/", "crm.example.com:8443"),
        ("http://[::1]:8069/jsonrpc", "[::1]:8069"),
    ],
)
def test_of_an_address_only_host_and_unusual_port_are_told(url: str, told: str) -> None:
    assert place(checked(url)) == told


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "::1"])
def test_loopback_is_this_computer(host: str) -> None:
    assert is_this_computer(host)


@pytest.mark.parametrize(
    "host",
    ["localhost.example.com", "example.localhost", "127.0.0.1.example.com", "0.0.0.0", "10.0.0.1", "127.1"],  # noqa: S104 - nothing listens there
)
def test_other_hosts_are_not(host: str) -> None:
    assert not is_this_computer(host)
