from __future__ import annotations

import pytest
from multidict import CIMultiDict

from bubbled.web.access.rule import HEADERS, is_ours, objection

ADDRESS = "127.0.0.1:41231"
OURS = f"http://{ADDRESS}"


def asked(method: str = "GET", target: str = "/history", **headers: str) -> str | None:
    named = {"Host": ADDRESS} | {name.replace("_", "-"): value for name, value in headers.items()}
    return objection(method, target, CIMultiDict(named), ADDRESS)


@pytest.mark.parametrize(
    "headers",
    [
        {},  # a browser from before Fetch Metadata, and curl
        {"Sec_Fetch_Site": "none"},  # typed, or opened by a program
        {"Sec_Fetch_Site": "same-origin"},
        {"Sec_Fetch_Site": "same-origin", "Origin": OURS},
    ],
)
def test_our_own_pages_may_look(headers: dict[str, str]) -> None:
    assert asked(**headers) is None


@pytest.mark.parametrize(
    "headers", [{"Origin": OURS}, {"Sec_Fetch_Site": "same-origin"}, {"sec_fetch_site": "same-origin"}]
)
def test_our_own_pages_may_send(headers: dict[str, str]) -> None:
    assert asked("POST", **headers) is None


@pytest.mark.parametrize(
    "host",
    [
        "",
        "127.0.0.1",
        "127.0.0.1:41232",
        "localhost:41231",
        "LOCALHOST:41231",
        "evil.example:41231",
        "127.0.0.1:41231.evil.example",
        "evil.example",
        "[::1]:41231",
        "[::ffff:127.0.0.1]:41231",
        "127.1:41231",
        "2130706433:41231",
        "127.0.0.1:041231",
        "127.0.0.1:41231 ",
        "user@127.0.0.1:41231",
    ],
)
def test_any_other_name_is_refused(host: str) -> None:
    assert asked(Host=host) == "it does not name this computer by its address"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", "SAME-ORIGIN", "none, same-origin"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_a_page_of_somebody_else_asks_for_is_refused(method: str, site: str) -> None:
    assert asked(method, Sec_Fetch_Site=site, Origin=OURS) == "it comes from another page"


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.example",
        "http://127.0.0.1:8000",
        "https://127.0.0.1:41231",
        "http://localhost:41231",
        "http://127.0.0.1:41231/",
        f"http://evil.example, {OURS}",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_origin_is_refused(method: str, origin: str) -> None:
    assert asked(method, Origin=origin) == "it comes from a page of another origin"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"])
def test_who_wants_to_change_something_must_say_from_where(method: str) -> None:
    assert asked(method) == "it does not say from which page it comes"


@pytest.mark.parametrize("target", ["http://evil.example/", f"{OURS}/history", "*", "", "evil.example:443"])
def test_we_are_no_proxy(target: str) -> None:
    assert asked(target=target) == "it is meant for a proxy"


def test_a_form_must_bring_along_what_its_page_was_given() -> None:
    assert is_ours("known", "known")
    assert not is_ours("", "known")
    assert not is_ours("known ", "known")
    assert not is_ours("\udcff", "known")
    assert not is_ours("x" * 1_000_000, "known")


def test_nothing_runs_in_line_and_nothing_comes_from_elsewhere() -> None:
    policy = dict(each.split(" ", 1) for each in HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert set(policy.values()) == {"'self'", "'none'"}
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
