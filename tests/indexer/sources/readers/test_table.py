"""Tables of articles."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.sources import Reject
from indexer.sources.readers.table import read_table

ROW = "老码头,改造完工。,https://a.example/1,2024-01-05 08:00,早报\n"


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("a.csv", "title,content,url,publish_time,source\n" + ROW),
        ("a.csv", "\ufeff标题,正文,链接,发布时间,来源\r\n" + ROW),
        ("a.tsv", "Title\tText\tLink\tDate\tMedia\n" + ROW.replace(",", "\t")),
        ("a.csv", "sep=,\r\ntitle,content,url,date,source\r\n" + ROW),
        ("a.csv", "title;content;url;date;source\n" + ROW.replace(",", ";")),
        ("a.CSV", 'title,"content",url,date,source\n老码头,"改造完工。",https://a.example/1,2024/1/5 8:00,早报'),
    ],
)
def test_a_row_is_an_article(read_file, name, table):
    (article,) = read_file(name, table)
    assert (article.title, article.text, article.url, article.source) == (
        "老码头",
        "改造完工。",
        "https://a.example/1",
        "早报",
    )
    assert article.published.isoformat() == "2024-01-05T00:00:00+00:00"


def test_rows_that_are_none_are_told_with_their_lines(read_file):
    table = 'title,content\n甲,"一\n二"\n\n乙,三,四,五\n丙,\n丁,六\n'
    found = read_file("a.csv", table)
    assert [one.title for one in found if not isinstance(one, Reject)] == ["甲", "丁"]
    assert [one.path.rpartition(":")[2] for one in found if isinstance(one, Reject)] == ["5", "6"]


@pytest.mark.parametrize("table", ["a,b,c\n1,2,3\n", "title\n甲\n", "", "日期,数量\n2024-01-05,3\n"])
def test_other_tables_are_refused(read_file, table):
    (reject,) = read_file("a.csv", table)
    assert isinstance(reject, Reject) and reject.reason


CELLS = st.text(st.sampled_from("中文\"',;\n x"), min_size=1).map(lambda cell: f"字{cell}字")


@settings(max_examples=60)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_whatever_stands_in_the_cells_all_rows_are_read(rows):
    out = io.StringIO()
    csv.writer(out).writerows([("title", "text"), *rows])
    from datetime import UTC, datetime

    found = list(read_table(out.getvalue(), "a.csv", zone=UTC, now=datetime.now(UTC)))
    assert len(found) == len(rows) and not any(isinstance(one, Reject) for one in found)
