"""A real Chromium against the real server, over the sample archive.

Where no Chromium is found these tests are skipped and say so; with ``XUNWEN_REQUIRE=browser`` that is a failure.
"""

import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from search_app import create_app
from search_app.server import open_server
from tests.parts import is_left_out, is_required
from tests.search_app.library import fill

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def address(tmp_path_factory) -> Iterator[str]:
    """Where the sample archive is served."""
    server = open_server(create_app(fill(tmp_path_factory.mktemp("browsed")), "127.0.0.1"), "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.stop()
    thread.join()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None or is_left_out("browser"):
        if is_required("browser"):
            pytest.fail("XUNWEN_REQUIRE=browser, but there is no Chromium")
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, address):
    """Open an address in a fresh window; at the end nothing may have been complained about or asked of other hosts."""
    opened, complaints, strangers = [], [], []

    def open_page(path: str, **settings) -> Page:
        context = chromium.new_context(
            **{"base_url": address, "locale": "en-GB", "viewport": {"width": 1280, "height": 900}} | settings
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        own = settings.get("base_url", address)
        page.on("request", lambda request: None if request.url.startswith(own) else strangers.append(request.url))
        page.goto(path)
        return page

    yield open_page
    for context in opened:
        context.close()
    assert complaints == []
    assert strangers == []
