from __future__ import annotations

import pytest

from bubbled.web.link import web_link


@pytest.mark.parametrize(
    "url", ["https://crm.example.com/?a=1", "http://crm/contact/5", "HTTPS://crm.example.com"]
)
def test_an_address_on_the_web_is_a_link(url: str) -> None:
    assert web_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/settings",
        "http:",
        "http://[",
        "file:///etc/passwd",
    ],
)
def test_anything_else_is_none(url: str | None) -> None:
    assert web_link(url) is None
