"""The sample archive, imported and indexed into a folder, and the application over it."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from indexer import build
from indexer.archive import Subscription
from indexer.article import Article
from indexer.config import Config
from indexer.entities import update as entities
from indexer.installation import Installation
from indexer.learning import learn_everything
from indexer.sources.detect import read
from search_app import create_app

SAMPLE = Path(__file__).parents[2] / "index_data" / "sample"
DISCOVERED = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def fill(folder: Path) -> Config:
    """Import the sample and one article that changed since; build the index."""
    config = Config(data=folder)
    with Installation(config) as installation:
        archive = installation.archive
        items = read([SAMPLE], zone=config.timezone, now=DISCOVERED)
        archive.put(item for item in items if isinstance(item, Article))
        archive.put([CHANGED_BEFORE])
        archive.put([CHANGED])
        archive.subscriptions.add(SUBSCRIPTIONS)
        build.update(archive, installation.index, installation.analyser)
        learn_everything(installation)
        entities.update(archive, installation.analyser, installation.knowledge().variants.groups)
    return config


def sample_app(folder: Path) -> Flask:
    return create_app(fill(folder))


def put(installation: Installation, number: int, title: str) -> None:
    """Keep an article of the hour ``number``, and index it."""
    published = datetime(2026, 11, 20, number, tzinfo=UTC)
    installation.archive.put(
        [Article(url=f"https://example.com/{number}", title=title, text=title, published=published)]
    )
    build.update(installation.archive, installation.index, installation.analyser)


SUBSCRIPTIONS = (
    Subscription("https://morning.example.com/rss.xml", "环球晨报", last_fetched=DISCOVERED, next_fetch=DISCOVERED),
    Subscription(
        "https://gone.example.net/feed", last_fetched=DISCOVERED, last_error="HTTP 404: not found", failures=5
    ),
    Subscription("https://new.example.org/atom", "新订阅"),
    Subscription(
        "https://me:SECRET@private.example.org/feed?token=SECRET",
        "私人订阅",
        last_fetched=DISCOVERED,
        next_fetch=datetime(2300, 1, 1, tzinfo=UTC),  # the clock was wrong
    ),
)

CHANGED_BEFORE = Article(
    url="https://wire.example.org/2026/bridge.html",
    title="江城大桥限行三天",
    text="大桥将于周六起限行三天。\n公交线路不变。",
    html="<p>大桥将于周六起限行三天。</p><p>公交线路不变。</p><script>alert(1)</script>",
    source="江城日报",
    published=datetime(2026, 11, 10, 2, 0, tzinfo=UTC),
    discovered=datetime(2026, 11, 10, 3, 0, tzinfo=UTC),
    language="zh-Hans",
)
CHANGED = Article(
    url="https://wire.example.org/2026/bridge.html",
    title="江城大桥限行五天",
    text="大桥将于周六起限行五天。\n公交线路不变。",
    html=(
        "<p>大桥将于周六起限行<b>五</b>天。</p><p>公交线路不变。</p>"
        '<img src="/photo.jpg" alt="大桥"><script>alert(1)</script>'
    ),
    source="江城日报",
    published=datetime(2026, 11, 10, 2, 0, tzinfo=UTC),
    language="zh-Hans",
)
