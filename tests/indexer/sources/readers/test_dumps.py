"""What databases and programs wrap around articles."""

import json

import pytest

from indexer.sources import Reject

ARTICLE = {
    "title": "老码头",
    "content": "改造完工。",
    "url": "https://a.example/1",
    "pub_time": "2024-01-05 08:00",
    "source": "早报",
}
ELASTIC = {"_index": "news", "_type": "_doc", "_id": "17", "_score": 1, "_source": ARTICLE}
POST = {"id": "5", "title": "老码头", "html": "<p>改造完工。</p>", "published_at": "2024-01-05T00:00:00.000Z",
        "lexical": "{…}", "mobiledoc": None, "slug": "pier", "status": "published",
        "canonical_url": "https://a.example/1"}  # fmt: skip
WECHAT = {
    "comm_msg_info": {"id": 1, "datetime": 1704412800},
    "app_msg_ext_info": {
        "title": "老码头", "digest": "改造完工。", "content_url": "https://a.example/1", "author": "张三",
        "multi_app_msg_item_list": [{"title": "书店", "digest": "开业。", "content_url": "https://a.example/2"}],
    },
}  # fmt: skip


def text(value):
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize(
    "dump",
    [
        text(ELASTIC) + "\n",
        text({"took": 1, "hits": {"total": 1, "hits": [ELASTIC]}}),
        text([ELASTIC]),
        text({"_index": "news", "_id": "17", "fields": {name: [found] for name, found in ARTICLE.items()}}) + "\n",
        text({"_id": {"$oid": "65"}, **ARTICLE, "pub_time": {"$date": "2024-01-05T00:00:00Z"}}),
        text({"_id": {"$oid": "65"}, **ARTICLE, "pub_time": {"$date": {"$numberLong": "1704412800000"}}}) + "\n",
        text({"db": [{"meta": {"version": "5"}, "data": {"posts": [POST], "users": [{"name": "x"}], "tags": []}}]}),
        text({"db": [{"data": {"posts": [POST | {"html": None, "plaintext": "改造完工。"}]}}]}),
        text([{"href": "https://a.example/1", "description": "老码头", "extended": "改造完工。", "hash": "1b",
               "time": "2024-01-05T00:00:00Z", "shared": "yes", "toread": "no", "tags": "a b"}]),
        text({"app_msg_list": [{"aid": "1_1", "title": "老码头", "digest": "改造完工。",
                                "link": "https://a.example/1", "create_time": 1704412800, "cover": "https://a.example/c.png"}]}),
    ],
)  # fmt: skip
def test_the_article_is_taken_out(read_file, dump):
    (article,) = read_file("dump.json", dump)
    assert (article.title, article.text, article.url) == ("老码头", "改造完工。", "https://a.example/1")
    assert article.published.isoformat() == "2024-01-05T00:00:00+00:00"


def test_a_message_of_wechat_may_hold_several(read_file):
    one, two = read_file("dump.json", text({"ret": 0, "general_msg_list": {"list": [WECHAT, {"comm_msg_info": {}}]}}))
    assert [(one.title, one.url), (two.title, two.url)] == [
        ("老码头", "https://a.example/1"),
        ("书店", "https://a.example/2"),
    ]
    assert one.published == two.published is not None


def test_a_post_in_a_format_of_its_own_alone_is_told(read_file):
    (reject,) = read_file("dump.json", text({"db": [{"data": {"posts": [{"title": "老码头", "lexical": "{}"}]}}]}))
    assert isinstance(reject, Reject)
