"""The real browser: Debian's Chromium driven by Playwright, with ears for what a quiet page must not do."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Dialog, Page, ViewportSize, sync_playwright

__all__ = ["PHONE", "Heard", "chromium", "opened", "violations", "write"]

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update "
         "--disable-sync").split()  # fmt: skip
PHONE: ViewportSize = {"width": 360, "height": 740}
SCREEN: ViewportSize = {"width": 1280, "height": 900}


class Heard:
    """What a page said and asked for while it was open."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dialog)
        page.on("request", lambda request: self.requests.append(request.url))

    def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(dialog.message)
        dialog.dismiss()

    def nothing_but(self, root: str) -> bool:
        """Tell whether the page kept quiet and asked for files below `root` only."""
        return not self.complaints and all(url.startswith(root) for url in self.requests)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser; only a machine without it that is no CI is forgiven."""
    if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, *, phone: bool = False, **more: Any) -> Iterator[tuple[Page, Heard]]:
    """Open `address` as a new reader would, on a screen or a phone; what it asks and says is heard from the start."""
    context = browser.new_context(viewport=PHONE if phone else SCREEN, offline=True, **more)
    context.set_default_timeout(5000)
    page = context.new_page()
    heard = Heard(page)
    page.goto(address)
    yield page, heard
    context.close()


def violations(page: Page) -> list[str]:
    """Return the serious and critical violations that axe finds in the page as it is now."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def write(files: Iterable[tuple[str, bytes]], folder: Path) -> Path:
    """Write `files` into `folder` and return it."""
    for path, data in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder
