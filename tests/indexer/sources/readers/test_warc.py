"""Web archives as crawlers write them."""

import gzip
import io

import pytest

from indexer.sources import Reject, read
from indexer.sources.readers import warc as module

PAGE = "<html><head><title>{}</title></head><body><p>今天下雨，气温降到十五度，明天放晴。</p></body></html>"


def record(url, status, headers, data):
    http = f"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-01-05T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{url}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def warc_of(*records, packed=True):
    plain = [record(*each) for each in records]
    return b"".join(gzip.compress(each) if packed else each for each in plain)


RECORDS = (
    ("https://a.example/1", "200 OK", "Content-Type: text/html; charset=gbk", PAGE.format("第一页").encode("gbk")),
    ("https://a.example/x.png", "200 OK", "Content-Type: image/png", b"\x89PNG"),
    ("https://a.example/old", "301 Moved", "Content-Type: text/html", b"<html>moved</html>"),
    ("https://a.example/no", "404 Not Found", "Content-Type: text/html", b"<html>no</html>"),
    (
        "https://a.example/2",
        "200 OK",
        "Content-Type: text/html\r\nContent-Encoding: gzip",
        gzip.compress(PAGE.format("第二页").encode()),
    ),
)


@pytest.mark.parametrize("packed", [True, False])
def test_the_pages_of_a_crawl_are_read_with_their_addresses(tmp_path, packed, when):
    (tmp_path / "crawl").write_bytes(warc_of(*RECORDS, packed=packed))
    articles = list(read([tmp_path / "crawl"], **when))
    assert [(article.title, article.url) for article in articles] == [
        ("第一页", "https://a.example/1"),
        ("第二页", "https://a.example/2"),
    ]
    assert articles[0].text == "今天下雨，气温降到十五度，明天放晴。"


def test_a_crawl_that_breaks_off_gives_the_pages_before(tmp_path, when):
    data = warc_of(*RECORDS, packed=False)
    (tmp_path / "cut.warc").write_bytes(data[: data.rindex(b"HTTP/1.1") + 5])
    found = list(read([tmp_path / "cut.warc"], **when))
    assert found[0].title == "第一页"


def test_pages_that_are_too_large_are_told():
    stream = io.BufferedReader(io.BytesIO(warc_of(*RECORDS, packed=False)))
    assert [(page.url, page.reject) for page in module.pages(stream, 10)] == [
        ("https://a.example/1", "larger than 0 MB"),
        ("https://a.example/2", "larger than 0 MB"),
    ]


LAST = ("https://a.example/9", "200 OK", "Content-Type: text/html", PAGE.format("最后一页").encode())


@pytest.mark.parametrize("packed", [True, False])
def test_wherever_a_crawl_is_cut_it_is_told(packed, tmp_path, when):
    whole = warc_of(*RECORDS[:2], LAST, packed=False)
    begin = whole.rindex(b"WARC/1.0")
    for cut in [*range(begin + 12, len(whole) - 4, 23)]:
        data = gzip.compress(whole[:cut])[:-10] if packed else whole[:cut]
        (tmp_path / "cut.warc").write_bytes(data)
        first, *others = read([tmp_path / "cut.warc"], **when)
        assert first.title == "第一页"
        assert isinstance(others[-1], Reject), cut


def test_the_page_in_which_a_crawl_ends_is_kept_as_far_as_it_goes(tmp_path, when):
    whole = warc_of(*RECORDS[:2], LAST, packed=False)
    (tmp_path / "cut.warc").write_bytes(whole[: whole.rindex("明天".encode())])
    _, page, reject = read([tmp_path / "cut.warc"], **when)
    assert (page.title, page.text) == ("最后一页", "今天下雨，气温降到十五度，")
    assert "33 bytes missing of https://a.example/9" in reject.reason
