"""Takes pictures of pages, and keeps them small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.popup.screens.desktop import output

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.async_api import Locator, Page

    from tests.web.browsing import Visitor

WIDE: Final = 1100
_MARGIN: Final = 8
_LONGEST: Final = 960


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks at pages in one language.

    Attributes:
        language: "en" or "nl".
        images: the folder of pictures.
    """

    visitor: Visitor
    language: str
    images: Path

    async def visit(self, path: str, *, width: int = WIDE, scheme: str = "light") -> Page:
        """Open a page in a window of its own."""
        return await self.visitor.visit(path, width=width, scheme=scheme, language=self.language)

    async def keep(self, page: Page, name: str, *, last: Locator | None = None, most: int = _LONGEST) -> None:
        """Take a picture of a page down to the last thing that matters, and at `most` so many pixels."""
        await page.evaluate("document.activeElement?.blur()")
        await page.evaluate("window.scrollTo(0, 0)")
        height = min(await _end(last or page.locator("main")) + _MARGIN, most)
        width = page.viewport_size["width"] if page.viewport_size else WIDE
        picture = await page.screenshot(
            full_page=True, animations="disabled", clip={"x": 0, "y": 0, "width": width, "height": height}
        )
        await shrink(picture, self.images / f"{self.file(name)}.png")

    def file(self, name: str) -> str:
        """What a picture is called in this language."""
        return name if self.language == "en" else f"{name}-{self.language}"


async def shrink(picture: bytes, file: Path) -> None:
    """Write a picture with few colours: pages have no more, and it takes a third."""
    await output("convert", "png:-", "+dither", "-colors", "128", "-strip", f"PNG8:{file}", given=picture)


async def _end(thing: Locator) -> float:
    box = await thing.bounding_box()
    if box is None:
        raise RuntimeError(f"{thing} is not to be seen.")
    return box["y"] + box["height"]
