"""Cursors that somebody else made: the check sum has no key, so it may be right and the rest wrong."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.index import SearchAfter
from indexer.errors import QueryError
from search_app.query.parameters import SearchParameters
from search_app.search.cursor import VERSION, Cursor, _check

ZONE = "Asia/Shanghai"
ASKED = SearchParameters(text="疫苗")
GOOD = [VERSION, 1.5, "00", "1.1", 1_600_000_000, 0, 20]
ODD = ["x", None, [], {}, [1], 1e30, -1, -(10**18), 10**400, float("nan"), float("inf"), True, 2**37, "\ud800"]


def made(payload):
    return base64.urlsafe_b64encode(_check(payload, ASKED, ZONE) + payload).decode().rstrip("=")


def read(payload):
    return Cursor.decode(SearchParameters(text="疫苗", cursor=made(payload)), ZONE)


def test_a_cursor_comes_back():
    assert read(json.dumps(GOOD).encode()) == Cursor(SearchAfter(1.5, "00", "1.1", 20), 1_600_000_000, 0)


FORGED = [[*GOOD[:place], odd, *GOOD[place + 1 :]] for place in range(len(GOOD)) for odd in ODD]
SHAPES = [GOOD[:-1], [*GOOD, 0], [], {}, "1abcde", None, dict(enumerate(GOOD))]


@pytest.mark.parametrize("values", [*FORGED, *SHAPES], ids=repr)
def test_forged_values_are_answered_like_any_other_question(client, values):
    payload = json.dumps(values).encode()
    for path in ("/api/v1/search", "/", "/feed.atom"):
        for sort in ("relevance", "newest", "oldest"):
            asked = SearchParameters(text="关税", sort=sort)
            cursor = base64.urlsafe_b64encode(_check(payload, asked, ZONE) + payload).decode().rstrip("=")
            answer = client.get(path, query_string={"q": "关税", "sort": sort, "cursor": cursor})
            assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    "payload", [b"[" * 6000, b"\xff\xfe", b"", b'[1,1,"a","b",' + b"9" * 5000 + b",0]", b"NaN", b"[1,1e999]"]
)
def test_what_is_no_cursor_is_refused(payload):
    with pytest.raises(QueryError, match="bad_cursor"):
        read(payload)


@given(st.recursive(st.none() | st.integers() | st.floats() | st.text(), lambda each: st.lists(each, max_size=7)))
def test_whatever_is_signed_is_read_or_refused(values):
    try:
        cursor = read(json.dumps(values).encode())
    except QueryError as error:
        assert error.code == "bad_cursor"
    else:
        assert isinstance(cursor, Cursor)
