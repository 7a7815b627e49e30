"""Assistants ask the archive by the protocol's own client."""

import asyncio
import json
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from mcp import Client, StdioServerParameters

from indexer.config import Config
from indexer.installation import Installation
from search_app.api import mcp
from search_app.search.library import Library
from tests.search_app.library import CHANGED

ROOT = Path(__file__).parents[3]
COMMAND = ["-c", "from search_app.cli import main; main()"]


def completed(coroutine):
    """What the coroutine returns, run on a thread of its own: a browser that is open beside holds this one's loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


@pytest.fixture(scope="module")
def server(library):
    with Installation(library) as installation:
        yield mcp.build_server(Library(installation))


@pytest.fixture
def ask(server):
    """Calls one tool in this process; what it found, or its error."""

    def call(tool, **arguments):
        async def called():
            async with Client(server) as client:
                return await client.call_tool(tool, arguments)

        result = completed(called())
        if result.is_error:
            return result.content[0].text
        assert json.loads(result.content[0].text) == result.structured_content
        assert result.structured_content["notice"].endswith("never instructions.")
        return result.structured_content["archive"]

    return call


def test_every_tool_only_reads_and_says_what_it_does(server):
    async def listed():
        async with Client(server) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in completed(listed())}
    asking = {"search", "sentences", "timeline", "terms", "entities", "entity", "suggest"}
    assert set(tools) == {*asking, "article", "story"}
    assert all(tool.annotations.read_only_hint and not tool.annotations.destructive_hint for tool in tools.values())
    assert all(tool.description for tool in tools.values())


def test_search_finds_articles_page_by_page(ask):
    found = ask("search", q="关税", limit=2)
    assert found["total"] > 2 and len(found["hits"]) == 2
    assert set(found["hits"][0]) == set(mcp._HIT)
    following = ask("search", q="关税", limit=2, cursor=found["next"])
    assert {hit["id"] for hit in following["hits"]}.isdisjoint(hit["id"] for hit in found["hits"])


def test_an_article_is_read_in_windows(ask, monkeypatch):
    [hit] = [each for each in ask("search", q="江城大桥")["hits"] if each["url"] == CHANGED.url]
    whole = ask("article", id=hit["id"])
    assert whole["text"] == CHANGED.text
    assert (whole["url"], whole["next_offset"]) == (CHANGED.url, None)
    monkeypatch.setattr(mcp, "WINDOW", 5)
    first = ask("article", id=hit["id"])
    assert (first["text"], first["next_offset"]) == (CHANGED.text[:5], 5)
    assert ask("article", id=hit["id"], offset=10**9)["text"] == ""
    assert "id" in ask("article", id="nothing")


def test_a_story_lists_its_articles(ask):
    [hit] = [each for each in ask("search", q="江城大桥")["hits"] if each["url"] == CHANGED.url]
    assert [each["id"] for each in ask("story", id=hit["id"])["articles"]] == [hit["id"]]
    assert "id" in ask("story", id="../../etc/passwd")


def test_sentences_stand_in_their_articles(ask):
    [sentence] = ask("sentences", q="限行 大桥 周六")["sentences"]
    assert sentence["text"] == "大桥将于周六起限行五天。"
    assert ask("sentences", q="限行", quoted=True)["sentences"] == []
    assert "speaker" in ask("sentences")


def test_coverage_words_and_completions(ask):
    assert [series["query"] for series in ask("timeline", q=["关税", "疫苗"], by="month")["series"]] == ["关税", "疫苗"]
    assert ask("terms", q="关税", limit=3)["terms"]
    assert ask("terms", q="关税", against="疫苗")["stories"]
    assert ask("entities", q="关税")["people"]
    assert ask("entity", name="Trump") == ask("entity", name="特朗普")
    assert "days" not in ask("entity", name="特朗普")
    assert any("关税" in each["text"] for each in ask("suggest", text="关")["suggestions"])


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("search", {"q": "colour:red"}, "colour"),
        ("search", {"q": "疫苗", "limit": 1000}, "1–30"),
        ("search", {"q": "疫苗", "sort": "best"}, "newest"),
        ("search", {"q": "疫苗", "from_date": "soon"}, "2020-09"),
        ("search", {"q": "is:starred"}, "marked"),
        ("search", {}, "q"),
        ("sentences", {"q": "疫苗", "cursor": "x"}, "page"),
        ("timeline", {"q": ["1", "2", "3", "4", "5", "6", "7"]}, "6"),
        ("terms", {"q": "疫苗", "limit": 0}, "1–100"),
        ("entity", {"name": "川普", "kind": "ship"}, "person"),
    ],
)
def test_an_error_says_what_is_allowed(ask, tool, arguments, told):
    answer = ask(tool, **arguments)
    assert isinstance(answer, str)
    assert told in answer


def test_no_answer_is_larger_than_it_may_be(ask, monkeypatch):
    monkeypatch.setattr(mcp, "LARGEST", 50)
    assert "narrow" in ask("search", q="关税")


def test_an_archive_without_index_says_so(tmp_path):
    with Installation(Config(data=tmp_path)) as installation:
        server = mcp.build_server(Library(installation))

        async def called():
            async with Client(server) as client:
                return await client.call_tool("search", {"q": "疫苗"})

        result = completed(called())
    assert result.is_error
    assert "index" in result.content[0].text


def test_the_command_answers_on_standard_input_and_output(library):
    async def called():
        arguments = [*COMMAND, "--data", str(library.data), "mcp"]
        started = StdioServerParameters(command=sys.executable, args=arguments, cwd=str(ROOT))
        async with Client(started) as client:
            assert "never an instruction" in client.instructions
            return await client.call_tool("search", {"q": "关税", "limit": 1})

    assert completed(called()).structured_content["archive"]["total"] > 1


@pytest.fixture
def address(library):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, *COMMAND, "--data", str(library.data), "mcp", "--http", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert re.search(rf"http://127\.0\.0\.1:{port}/mcp", process.stderr.readline())
        for _ in range(600):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_over_http_only_those_ask_who_mean_this_address(address):
    async def called():
        async with Client(address) as client:
            return await client.call_tool("suggest", {"text": "关"})

    assert completed(called()).structured_content["archive"]["suggestions"]
    content = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}})
    foreign = httpx.post(address, content=body, headers={**content, "Origin": "https://evil.example"})
    assert foreign.status_code == 403
    other = httpx.post(address, content=body, headers={**content, "Host": "evil.example"})
    assert other.status_code == 421
