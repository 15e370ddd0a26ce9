"""A browser to open pages in: one for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .conftest import needed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a headless Chromium without a sandbox, for containers."""
    path = needed("chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


class Opened:
    """A page in a browser, with everything it asked for and complained about. Closes with its `with` block."""

    def __init__(self, browser: Browser, path: Path, text: str, *, width: int = 1280, scheme: str = "light") -> None:
        path.write_text(text, encoding="utf-8")
        self._context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        self.page: Page = self._context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(path.as_uri())
        self.home = path.as_uri()

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()

    def too_wide(self, *widths: int) -> list[tuple[int, int]]:
        """Return the widths at which the page scrolls sideways, each with how wide it is then."""
        found: list[tuple[int, int]] = []
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 800})
            if (wide := self.page.evaluate("document.documentElement.scrollWidth")) > width:
                found.append((width, wide))
        return found
