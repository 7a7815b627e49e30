"""axe-core finds nothing to complain about on any page, in light on a desktop and in dark on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from indexer.archive import article_id
from tests.search_app.library import CHANGED

PAGES = [
    "/",
    "/?q=关税",
    "/?q=特朗普&source=财经&from=2025-01-01",
    "/?q=zzzzqqqq",
    "/timeline",
    "/timeline?q=关税&q=台风&measure=share",
    f"/article/{article_id(CHANGED)}?q=限行",
    f"/article/{article_id(CHANGED)}/changes",
    "/marks",
    "/status",
    "/subscriptions",
    "/help",
    "/sign-in",
]


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(visit, path, theme, width):
    page = visit(path, color_scheme=theme, viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
