"""Pictures of every page, both themes, phone and desktop: ``python -m tests.browser.screenshots [FOLDER]``.

``readme.png`` is the one that the README shows, as docs/results.png.
"""

import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from indexer.archive import article_id
from search_app.server import open_server
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.search_app.library import CHANGED, sample_app

PAGES = {
    "home": "/",
    "results": "/?q=关税",
    "filtered": "/?q=特朗普&source=財經觀察&from=2025-01-01&sort=newest",
    "nothing": "/?q=特郎普",
    "wrong": "/?q=关税&from=soon",
    "article": f"/article/{article_id(CHANGED)}?q=限行",
    "changes": f"/article/{article_id(CHANGED)}/changes",
    "timeline": "/timeline?q=关税&q=台风&q=芯片",
    "terms": "/terms?q=关税&against=台风",
    "entities": "/entities?q=关税",
    "entity": "/entity?kind=person&name=特朗普",
    "share": "/timeline?q=关税&measure=share",
    "desk": "/desk",
    "marks": "/marks",
    "subscriptions": "/subscriptions",
    "status": "/status",
    "help": "/help",
    "missing": "/nowhere",
}
SCREENS = {"desktop": (1280, 900), "phone": (390, 844)}
LANGUAGES = {"light": "zh-CN", "dark": "zh-TW"}


def main(folder: Path) -> None:
    """Write one PNG a page, theme and screen."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as library, sync_playwright() as playwright:
        server = open_server(sample_app(Path(library)), "127.0.0.1", 0)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for screen, (width, height) in SCREENS.items():
            for theme, language in LANGUAGES.items():
                context = browser.new_context(
                    base_url=f"http://127.0.0.1:{server.port}",
                    viewport={"width": width, "height": height},
                    color_scheme=theme,
                    locale=language,
                )
                page = context.new_page()
                for name, path in PAGES.items():
                    page.goto(path)
                    page.screenshot(path=folder / f"{name}-{theme}-{screen}.png", full_page=True)
                    if (name, theme, screen) == ("results", "light", "desktop"):
                        page.screenshot(path=folder / "readme.png")
                context.close()
        browser.close()
        server.stop()
        thread.join()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
