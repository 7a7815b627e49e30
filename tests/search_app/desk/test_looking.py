"""What watches find: what is new, what a search would show of it, and each story once."""

import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.config import Config
from indexer.engine.index import SearchRequest
from indexer.engine.query import And, IdIn
from indexer.errors import QueryError
from indexer.installation import Installation
from search_app.desk import looking
from search_app.desk.watches import parameters_of
from tests.search_app.desk.conftest import Desk

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
STORY = "河湾大桥今天正式通车，市民排起长队步行过桥，第一班公交车于清晨六点开出，全程需要二十分钟。" * 4


def article(number: int, title: str = "", text: str = "", **members: object) -> Article:
    given = {"source": "江城日报", "published": NOON + timedelta(minutes=number)} | members
    return Article(url=f"https://example.com/{number}", title=title, text=text or title, **given)


def test_what_came_since_is_told_once(desk):
    desk.put(article(1, "河湾大桥动工"))
    desk.watch("河湾大桥")
    assert desk.news() == []
    desk.put(article(2, "河湾大桥通车"), article(3, "菜价"))
    assert desk.news() == [("河湾大桥", "河湾大桥通车")]
    assert desk.news() == []


def test_a_name_means_all_its_spellings(desk):
    (desk.installation.config.data).mkdir(exist_ok=True)
    desk.installation.variants_file.write_text("特朗普, 川普\n", "utf-8")
    desk.watch("川普")
    desk.watch('"川普"')
    desk.put(article(1, "特朗普访华"))
    assert desk.news() == [("川普", "特朗普访华")]


def test_a_group_means_its_publishers_also_those_that_come_later_and_tells_when_it_is_gone(desk):
    desk.installation.publisher_groups_file.parent.mkdir(exist_ok=True)
    desk.installation.publisher_groups_file.write_text("江城|river\t江城日报\t江城晚报\n", "utf-8")
    desk.watch("publisher:river 大桥")
    desk.put(article(1, "大桥动工"), article(2, "大桥", source="晨报"))
    assert desk.news() == [("publisher:river 大桥", "大桥动工")]
    desk.put(article(3, "晚报说大桥", source="江城晚报"))
    assert desk.news() == [("publisher:river 大桥", "晚报说大桥")]
    desk.installation.publisher_groups_file.unlink()
    desk.put(article(4, "大桥又动工"))
    assert desk.news() == []
    assert "unknown_group" in desk.archive.watches.all()[0].problem


def test_a_story_is_told_once_however_many_copies_come(desk):
    desk.watch("河湾大桥")
    desk.put(article(1, "大桥通车", STORY), article(2, "大桥通车了", STORY + "（转载）", source="晨报"))
    assert len(desk.news()) == 1
    desk.put(article(3, "大桥今通车", STORY + "本报综合", source="晚报"))
    assert desk.news() == []


def test_a_revision_is_news_only_where_it_did_not_match_before(desk):
    desk.put(article(1, "大桥限行三天"), article(2, "公告"))
    desk.watch("大桥")
    desk.put(article(1, "大桥限行五天"), article(2, "大桥公告"))
    assert desk.news() == [("大桥", "大桥公告")]
    desk.put(article(2, "公告又改了"))
    desk.put(article(2, "大桥公告再改"))
    assert desk.news() == []


def test_a_paused_watch_does_not_look_and_goes_on_from_now(desk):
    paused = desk.watch("大桥", paused="1")
    desk.put(article(1, "大桥一号"))
    assert desk.news() == []
    assert desk.archive.watches.change(paused.id, desk.draft("大桥"))
    assert desk.news() == []
    desk.put(article(2, "大桥二号的消息"))
    assert desk.news() == [("大桥", "大桥二号的消息")]


def test_a_question_that_cannot_be_asked_any_more_is_told_and_holds_up_nobody(desk):
    watch = desk.watch("大桥")
    desk.watch("通车")
    desk.archive.watches.change(watch.id, replace(desk.draft("大桥"), query="q=大桥&from=soon"))
    desk.put(article(1, "大桥通车"))
    assert desk.news() == [("通车", "大桥通车")]
    told = desk.archive.watches.get(watch.id).problem
    assert told
    desk.archive.delete([next(desk.archive.iterate()).id])
    desk.index()
    assert desk.news() == []
    assert desk.archive.watches.get(watch.id).problem == told


def test_deleted_articles_are_no_news(desk):
    desk.watch("大桥")
    desk.archive.put([article(1, "大桥通车")])
    desk.archive.delete([next(desk.archive.iterate()).id])
    desk.index()
    assert desk.news() == []


def test_many_changes_are_looked_at_in_windows(desk, monkeypatch):
    monkeypatch.setattr(looking, "WINDOW", 3)
    desk.watch("大桥")
    desk.put(*(article(n, f"大桥消息之{chr(0x4E00 + 7 * n)}") for n in range(11)))
    assert len(desk.news()) == 11


WORDS = ["特朗普", "川普", "河湾大桥", "大桥", "通车", "疫苗", "Trump", "限行"]
QUERIES = st.one_of(
    st.sampled_from(WORDS),
    st.tuples(
        st.sampled_from(WORDS), st.sampled_from([" ", " OR ", " -", " source:晨报 "]), st.sampled_from(WORDS)
    ).map("".join),
    st.sampled_from(["source:晨报", '"大桥通车"', "title:大桥", "-疫苗", "疫*", "site:example.com", "date:2026-11"]),
)
TEXTS = st.lists(st.sampled_from([*WORDS, "，", "。", "和"]), min_size=1, max_size=6).map("".join)


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, max_size=4), st.lists(TEXTS, min_size=1, max_size=5), st.lists(QUERIES, min_size=1, max_size=4))
def test_a_watch_finds_what_a_search_shows_among_what_is_new(old, new, queries):
    with tempfile.TemporaryDirectory() as folder, Installation(Config(data=Path(folder))) as installation:
        installation.variants_file.write_text("特朗普, 川普\n", "utf-8")
        desk = Desk(installation)
        sources = ("晨报", "晚报")
        # Each is a story of its own: what is like another is another test's matter.
        desk.archive.put(article(n, text, f"{text}。第{n}号。", source=sources[n % 2]) for n, text in enumerate(old))
        known = {each.id for each in desk.archive.iterate()}
        watches = [desk.watch(query) for query in queries]
        desk.put(*(article(n, text, f"{text}。第{n}号。", source=sources[n % 2]) for n, text in enumerate(new, 100)))
        fresh = tuple(each.id for each in desk.archive.iterate() if each.id not in known)
        found = looking.look(desk.library)
        stories = desk.archive.stories.of(fresh)
        for watch in watches:
            match = desk.library.ask(parameters_of(watch.query)).match
            hits = installation.index.search(SearchRequest(match=And((match, IdIn(fresh))), limit=50)).hits
            expected = {stories[hit.id] for hit in hits}
            assert {each.story for each in found if each.watch == watch.id} == expected


KILLED = """
import os, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
at, count = int(sys.argv[2]), 0
def before(*arguments):
    global count
    count += 1
    if count == at:
        os.kill(os.getpid(), 9)
from indexer.config import Config
from indexer.installation import Installation
from search_app.search.library import Library
from search_app.desk.looking import look
from search_app.desk.delivery import deliver
config = Config(data=Path(sys.argv[1]), webhook_hosts="127.0.0.1", smtp_from="a@example.org")
with Installation(config) as installation:
    library = Library(installation)
    library.archive
    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "commit", before)
    look(library)
    deliver(library)
"""


def test_whatever_moment_it_is_killed_at_each_story_is_reported_once_and_queued_once(desk):
    first, second = desk.watch("大桥", webhook="https://127.0.0.1:1/hook"), desk.watch("通车")
    desk.put(article(1, "大桥通车"), article(2, "大桥限行的消息"))
    desk.archive.watches.change(second.id, desk.draft("通车", email="a@example.org", digest="0", name="通车"))
    killed = 0
    for at in range(1, 200, 3):
        command = [sys.executable, "-c", KILLED, str(desk.installation.config.data), str(at)]
        status = subprocess.run(command, check=False, capture_output=True).returncode
        killed += status == -9
        if status == 0:
            break
    assert killed > 3
    reported = desk.archive.watches
    assert len(reported.findings(first.id)) == 2
    assert len(reported.findings(second.id)) == 1
    [waiting] = desk.archive.outbox.failing()
    assert (waiting.channel, waiting.watch) == ("webhook", first.id)
    assert waiting.last - waiting.first <= 2


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ({"query": ""}, "watch_asks_nothing"),
        ({"query": "sort=newest&limit=5"}, "watch_asks_nothing"),
        ({"query": "q=" + "桥" * 5000}, "watch_too_long"),
        ({"query": "&".join(f"q={n}" for n in range(999))}, "watch_too_long"),
        ({"query": "q=桥&from=soon"}, "bad_date"),
        ({"query": "q=桥&tz=Mars"}, "bad_zone"),
        ({"name": "桥" * 101}, "watch_too_long"),
        ({"paused": "yes"}, "bad_choice"),
        ({"digest": "24"}, "bad_hour"),
        ({"digest": "-1"}, "bad_hour"),
        ({"digest": "８"}, "bad_hour"),
        ({"quiet": "22"}, "bad_hours"),
        ({"quiet": "7-7"}, "bad_hours"),
        ({"email": "a@b\r\nBcc: c@d"}, "bad_email"),
        ({"email": "李 <a@example.org>"}, "bad_email"),
        ({"email": "a@b,c@d"}, "bad_email"),
        ({"webhook": "file:///etc/passwd"}, "bad_webhook"),
        ({"webhook": "https://"}, "bad_webhook"),
    ],
)
def test_what_cannot_be_a_watch_is_refused(desk, wishes, code):
    from search_app.desk.watches import draft_of

    desk.put(article(1, "桥"))
    with pytest.raises(QueryError) as refused:
        draft_of({"query": "q=桥"} | wishes, desk.library, "桥")
    assert refused.value.code == code


def test_a_name_is_one_line(desk):
    assert desk.watch("桥", name="一\r\nBcc: x@example.org\x1b[31m").name == "一 Bcc: x@example.org [31m"
