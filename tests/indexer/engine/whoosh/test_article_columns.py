"""What is kept for questions to come stays bounded, however many different ones are asked."""

from pathlib import Path
from zoneinfo import available_timezones

from indexer.engine.index import SearchRequest
from indexer.engine.whoosh.article_columns import ArticleColumns
from indexer.engine.whoosh.index import WhooshIndex
from tests.indexer.engine.documents import SPRING, STAMP, Doc, build


def test_the_days_of_few_zones_are_kept(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, STAMP)
    build(index, [Doc(f"{n}", published=SPRING + n * 3600) for n in range(48)])
    zones = sorted(available_timezones())[:60]
    for zone in zones:
        assert sum(index.search(SearchRequest(limit=0, zone=zone)).timeline.values()) == 48
    columns = ArticleColumns.of(index._commit().snapshot)
    assert list(columns._days) == zones[-16:]
    columns.days(zones[-16])
    columns.days("Asia/Shanghai")
    assert next(iter(columns._days)) == zones[-14]
    assert zones[-16] in columns._days
    index.close()
