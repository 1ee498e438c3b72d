"""Goes through all pages by their links, as somebody who may see everything, and looks for secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from aiohttp import ClientSession, CookieJar

from bubbled.web.access.rule import HEADERS
from bubbled.web.pages import pages

if TYPE_CHECKING:
    from typing import Any

    from bubbled.daemon.daemon import Daemon
    from bubbled.pbx.demo import DemoPbx

OF_THE_PBX = "s3cret"
OF_A_DIRECTORY = "p4ssw0rd"
DIRECTORY = f"""
[[directory]]
name = "Colleagues"
kind = "carddav"
url = "http://127.0.0.1:9/dav/"
username = "alice"
password = "{OF_A_DIRECTORY}"
"""
MOST = 150


async def test_no_secret_is_on_any_page(daemon: Daemon, pbx: DemoPbx) -> None:
    daemon.settings_path.write_text(daemon.settings_path.read_text() + DIRECTORY)
    await daemon.reload()
    await pbx.play("answered", speed=50.0)
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        start = str((await http.get(await daemon.pages.invite("/"))).url)
        seen = await read_all(http, start)
    told = {path: text for path, (_, text) in seen.items()}
    assert len(told) > len(roots())
    assert "alice" in told["/settings/file"]  # the file is shown, with its secrets left out
    assert [path for path, text in told.items() if OF_THE_PBX in text or OF_A_DIRECTORY in text] == []
    assert {path: status for path, (status, _) in seen.items() if status >= 500} == {}


BROKEN = (
    "garbage = =",
    f'#secret = "{OF_A_DIRECTORY}"',
    f'[pbx]\nsecret = "{OF_A_DIRECTORY}"',
    f'[[directory]\npassword = "{OF_A_DIRECTORY}"',
    f"[[directory]]\nname = 'x'\nkind = 'carddav'\npassword = '{OF_A_DIRECTORY}",
    f'[[directory]]\nname = "x"\nkind = "carddav"\npasword = "{OF_A_DIRECTORY}"',
    f'[[directory]]\nname = "x"\nkind = "carddav"\nurl = "https://x"\npassword = """\n{OF_A_DIRECTORY}"""',
    f'[[directory]]\nname = "x"\nkind = "carddav"\nurl = "https://x"\n"pass\\u0077ord" = "{OF_A_DIRECTORY}"',
    f'[[directory]]\nname = "x"\nkind = "carddav"\nurl = "https://alice:{OF_A_DIRECTORY}@x/"',
    f'[[directory]]\nname = "x"\nkind = "sql"\nurl = "postgresql://alice:{OF_A_DIRECTORY}@x/db"',
    f'[[directory]]\nname = "x"\nkind = "rest"\npreset = "hubspot"\ntoken = "{OF_A_DIRECTORY}"',
)
"""What may stand at the end of a file that cannot be used, or only just."""


async def test_no_secret_of_a_file_that_cannot_be_used_is_on_the_pages_that_mend_it(daemon: Daemon) -> None:
    whole = daemon.settings_path.read_text()
    leaks = []
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        async with http.get(await daemon.pages.invite("/")) as answer:
            start = str(answer.url)
        for broken in BROKEN:
            daemon.settings_path.write_text(f"{whole}{broken}\n")
            for path in ("/settings", "/settings/file", "/settings/directories", "/diagnosis/checks"):
                async with http.get(urljoin(start, path)) as answer:
                    text = await answer.text()
                    assert answer.status < 500
                if OF_THE_PBX in text or OF_A_DIRECTORY in text:
                    leaks.append((path, broken))
    assert leaks == []


async def read_all(http: ClientSession, start: str) -> dict[str, tuple[int, str]]:
    """Every page that can be reached, by its address: its status, and all that is sent of it."""
    ahead, seen = [*roots(), "/static/base.js"], dict[str, tuple[int, str]]()
    while ahead and len(seen) < MOST:
        path = ahead.pop(0)
        if path in seen:
            continue
        async with http.get(urljoin(start, path)) as answer:
            if answer.content_type == "text/event-stream":
                continue
            text = await answer.text()
            assert {name: answer.headers[name] for name in HEADERS} == HEADERS, path
            seen[path] = (answer.status, f"{answer.raw_headers!r}\n{text}")
        ahead += [urlsplit(found).path + query(found) for found in links(text)]
    return seen


def links(text: str) -> list[str]:
    """Where a page leads to, or from where its scripts take something, among our own pages."""
    found = re.findall(r'(?:href|data-\w+|src)="(/[^"]*)"', text)
    return [each.replace("&amp;", "&").partition("#")[0] for each in found]


def query(address: str) -> str:
    found = urlsplit(address).query
    return f"?{found}" if found else ""


def roots() -> list[str]:
    """All pages that need nothing else in their address."""
    nothing: Any = None
    routes = [route for route in pages(nothing) if route.method == "GET" and "{" not in route.path]
    return [route.path for route in routes if not route.path.endswith("/events")]
