"""axe-core finds nothing to complain about on any page, in light on a desktop and in dark on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from indexer import build
from indexer.archive import Draft, article_id
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from search_app.app import build_app
from search_app.desk.looking import look
from search_app.search.library import Library
from tests.search_app.library import CHANGED
from tests.search_app.served import serving

PAGES = [
    "/",
    "/?q=关税",
    "/?q=特朗普&source=财经&from=2025-01-01",
    "/?q=zzzzqqqq",
    "/terms?q=关税&against=台风",
    "/entities?q=关税",
    "/entity?kind=person&name=特朗普",
    "/timeline",
    "/timeline?q=关税&q=台风&measure=share",
    "/timeline?q=关税&split=source&average=1&at=2024-11-01",
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


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Where an archive is served to those who may change its watches, one of which found something."""
    with Installation(Config(data=tmp_path_factory.mktemp("desk"))) as installation:
        library = Library(installation)
        long = Draft(name="关税" * 40, query="q=关税", email="a@example.org")
        installation.archive.watches.add([long, Draft(name="空", query="q=空", folder="江城")])
        installation.archive.put([Article(url="https://example.com/1", title="关税" + "x" * 200, text="关税")])
        build.update(installation.archive, installation.index, installation.analyser)
        look(library)
        with serving(build_app(library, "127.0.0.1")) as server:
            yield f"http://127.0.0.1:{server.port}"


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
@pytest.mark.parametrize("path", ["/desk", "/", "/?q=关税"])
def test_axe_finds_no_violation_where_something_is_watched(visit, desk, path, theme, width):
    page = visit(path, base_url=desk, color_scheme=theme, viewport={"width": width, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


SMALL = """() => [...document.querySelectorAll('a[href], button, select, summary, textarea, input:not([type=hidden])')]
    .filter(each => !each.matches('.body p a:not(.picture), .body li a, [type=checkbox], [type=radio]'))
    .map(each => [each.getBoundingClientRect(), each])
    .filter(([box]) => box.width > 0 && box.height > 0 && box.bottom > 0 && (box.height < 44 || box.width < 24))
    .map(([box, each]) => `${each.outerHTML.slice(0, 120)}: ${box.width} × ${box.height}`)"""


@pytest.mark.parametrize("path", [*PAGES, "/sentences?q=关税", "/marks?kind=starred", "/?q=川普 关税&lang=zh-Hans"])
def test_whatever_a_finger_points_at_is_as_high_as_one(visit, path):
    page = visit(path, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("path", ["/desk", "/", "/?q=关税", "/subscriptions"])
def test_also_where_something_can_be_changed(visit, desk, path):
    page = visit(path, base_url=desk, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    assert page.evaluate(SMALL) == []
