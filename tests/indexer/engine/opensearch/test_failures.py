"""What goes wrong on a cluster is said in one line, and never answered with nothing."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner, Result

from indexer.archive import Archive
from indexer.article import Article
from indexer.config import Config
from indexer.engine.index import SearchIndex, SearchRequest
from indexer.engine.opensearch import OpenSearchIndex
from indexer.engine.opensearch.client import Cluster
from indexer.engine.query import MatchAll, Not, Or, Phrase, PhraseScore, ProximityScore, TermScore
from indexer.errors import ConfigError, EngineUnavailable, IndexLocked, IndexMissing, StampMismatch
from search_app import create_app
from search_app.cli import main
from tests.indexer.engine.documents import STAMP, Doc, batch, build, found, put
from tests.indexer.engine.opensearch.cluster import LocalCluster
from tests.indexer.engine.opensearch.proxy import LOST, Proxy

ONE, TWO = Doc("1", "中美"), Doc("2", "美国")


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    """Answers like a web server that is not OpenSearch."""
    with Proxy() as proxy:
        yield proxy


@pytest.fixture
def before_node(opensearch_node: LocalCluster) -> Iterator[Proxy]:
    """Stands before a real node that holds nothing."""
    opensearch_node.clear()
    with Proxy(opensearch_node.urls[0]) as proxy:
        yield proxy


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


Run_ = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run_:
    """A command with the cluster at ``url``, over an archive of one article."""
    with Archive(tmp_path / "data" / "archive.sqlite3") as archive:
        archive.put([Article(url="https://example.com/1", title="中美关系", text="正文")])

    def run(url: str, *arguments: str, status: int) -> Result:
        environment = {"XUNWEN_DATA": str(tmp_path / "data"), "XUNWEN_ENGINE": "opensearch", "XUNWEN_ENGINE_URL": url}
        result = CliRunner().invoke(main, arguments, env=environment)
        assert isinstance(result.exception, SystemExit | None), result.exception
        assert result.exit_code == status, result.output
        return result

    return run


def opened(*urls: str, **settings: object) -> OpenSearchIndex:
    return OpenSearchIndex(Cluster(urls, **settings), STAMP)  # type: ignore[arg-type]


def every_call(index: SearchIndex) -> Iterator[Callable[[], object]]:
    yield index.info
    yield lambda: index.search(SearchRequest())
    yield lambda: index.doc_freqs(["中美"])
    yield lambda: put(index, [ONE])
    yield lambda: build(index, [ONE])


def test_a_cluster_that_is_away(nobody: str) -> None:
    with closing(opened(nobody)) as index:
        for call in every_call(index):
            with pytest.raises(EngineUnavailable, match="cannot be reached"):
                call()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"version": {"number": "8.15.0"}}, "elasticsearch 8.15.0 is not supported"),
        ({"version": {"number": "1.3.20", "distribution": "opensearch"}}, "opensearch 1.3.20 is not supported"),
        ({"version": {"number": "2.3.0", "distribution": "opensearch"}}, "from 2.4 to 3.x"),
        ({"version": {"number": "4.0.0", "distribution": "opensearch"}}, "opensearch 4.0.0 is not supported"),
        ({"version": {"number": "snapshot", "distribution": "opensearch"}}, "snapshot is not supported"),
        ({"hello": "world"}, "not OpenSearch"),
        (["hello"], "not OpenSearch"),
    ],
)
def test_a_server_that_this_program_does_not_know(proxy: Proxy, answer: object, message: str) -> None:
    proxy.trouble = lambda method, path: (200, answer)
    with closing(opened(proxy.url)) as index:
        for call in every_call(index):
            with pytest.raises(EngineUnavailable, match=message):
                call()


def test_a_web_server_at_the_address(proxy: Proxy) -> None:
    with closing(opened(proxy.url)) as index:
        for call in every_call(index):
            with pytest.raises(EngineUnavailable, match="cannot ask for the version"):
                call()


def test_wrong_credentials_and_what_is_sent_of_right_ones(proxy: Proxy) -> None:
    refusal = {"error": {"type": "security_exception", "reason": "no permissions"}, "status": 403}
    for status, message in ((401, "refuses the credentials"), (403, "security_exception: no permissions")):
        proxy.trouble = lambda method, path, status=status: (status, refusal)  # type: ignore[misc]
        with closing(opened(proxy.url, username="xunwen", password="secret")) as index:
            for call in every_call(index):
                with pytest.raises(EngineUnavailable, match=message) as raised:
                    call()
                assert "secret" not in str(raised.value)
    assert {authorization for _, _, authorization in proxy.seen} == {"Basic eHVud2VuOnNlY3JldA=="}


def test_a_certificate_is_checked_against_the_given_ones(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    (tmp_path / "broken.pem").write_text("no certificate")
    names = {"127.0.0.1": None, "search.example.com": "not trusted"}
    for name, message in names.items():
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(tls)
        with Proxy(tls=tls) as proxy:
            proxy.trouble = lambda method, path: (200, {"version": {"number": "8.15.0"}})
            with closing(opened(proxy.url)) as index, pytest.raises(EngineUnavailable, match="not trusted"):
                index.info()
            refusal = pytest.raises(EngineUnavailable, match=message or "elasticsearch 8.15.0 is not supported")
            with closing(opened(proxy.url, ca=tmp_path / "ca.pem")) as index, refusal:
                index.info()
            for file in ("broken.pem", "missing.pem"):
                with pytest.raises(ConfigError, match=f"engine_ca: .*{file} cannot be read"):
                    opened(proxy.url, ca=tmp_path / file)


def test_a_cluster_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with closing(opened(url, timeout=0.2)) as index:
            with pytest.raises(EngineUnavailable, match="did not answer in time"):
                index.info()
            with pytest.raises(EngineUnavailable, match="did not answer in time"):
                index.search(SearchRequest())


def test_commands_end_with_one_line(run: Run_, nobody: str) -> None:
    for command in (["search", "中美"], ["index"], ["rebuild"]):
        result = run(nobody, *command, status=1)
        assert result.stdout == ""
        assert result.stderr == "Error: cannot ask for the version: OpenSearch cannot be reached\n"
    assert "OpenSearch cannot be reached" in run(nobody, "stats", status=0).stdout
    report = run(nobody, "doctor", status=1).stdout
    assert "WRONG  index: cannot ask for the version: OpenSearch cannot be reached" in report
    assert "start the engine, or correct the settings" in report


def test_pages_are_unavailable_and_say_for_how_long(tmp_path: Path, nobody: str) -> None:
    app = create_app(Config(data=tmp_path, engine="opensearch", engine_url=nobody))
    client = app.test_client()
    for path in ("/?q=中美", "/api/v1/search?q=中美", "/healthz"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/api/v1/search?q=中美").json["error"]["code"] == "engine_unavailable"
    english = {"Accept-Language": "en"}
    assert "does not answer now" in client.get("/healthz", headers=english).json["error"]["message"]


# -- on a real node ----------------------------------------------------------------------------------------------------


def test_commands_and_pages_before_the_first_index(run: Run_, tmp_path: Path, opensearch_node: LocalCluster) -> None:
    opensearch_node.clear()
    url = opensearch_node.urls[0]
    assert run(url, "search", "中美", status=1).stderr == "Error: there is no index yet; run “xunwen rebuild”\n"
    assert "run “xunwen index”" in run(url, "doctor", status=1).stdout
    client = create_app(Config(data=tmp_path / "data", engine="opensearch", engine_url=url)).test_client()
    assert client.get("/healthz").status_code == client.get("/?q=中美").status_code == 503
    assert "the index holds 1 (generation 1)" in run(url, "index", status=0).stdout
    assert "index: up to date, 1 article, generation 1" in run(url, "doctor", status=0).stdout
    assert "中美关系" in run(url, "search", "中美", status=0).stdout
    assert client.get("/healthz").json["documents"] == 1


def test_a_read_only_index_answers_and_says_what_is_wrong(
    run: Run_, tmp_path: Path, opensearch_node: LocalCluster
) -> None:
    """As OpenSearch makes it when a disk is full."""
    opensearch_node.clear()
    url = opensearch_node.urls[0]
    run(url, "index", status=0)
    with Archive(tmp_path / "data" / "archive.sqlite3") as archive:
        archive.put([Article(url="https://example.com/2", title="美国新闻", text="正文")])
    block = {"index.blocks.read_only_allow_delete": True}
    opensearch_node.send(0, "PUT", "/xunwen/_settings", block)
    try:
        assert "read-only, is a disk full?" in run(url, "index", status=1).stderr
        assert "中美关系" in run(url, "search", "中美", status=0).stdout
        report = run(url, "doctor", status=1).stdout
        assert "WRONG  index: OpenSearch blocks the index (read_only_allow_delete); is a disk full?" in report
        assert "1 change of the archive is not in it" in report
        app = create_app(Config(data=tmp_path / "data", engine="opensearch", engine_url=url))
        assert "read_only_allow_delete" in app.test_client().get("/healthz").json["warnings"][0]
    finally:
        opensearch_node.send(0, "PUT", "/xunwen/_settings", dict.fromkeys(block))
    assert "indexed 1 article" in run(url, "index", status=0).stdout
    assert "美国新闻" in run(url, "search", "美国", status=0).stdout


@pytest.mark.parametrize(
    ("method", "ending"),
    [
        ("PUT", "/_doc/writer"),
        ("PUT", "/_doc/rebuild"),
        ("PUT", "xunwen-gen-1"),
        ("PUT", "xunwen-gen-2"),
        ("POST", "/_bulk"),
        ("POST", "/_refresh"),
        ("PUT", "/_mapping"),
        ("POST", "/_aliases"),
        ("DELETE", "/xunwen-gen-1"),
    ],
)
def test_an_answer_that_got_lost_harms_nothing(before_node: Proxy, method: str, ending: str) -> None:
    """What was sent is done, the client does not know, and sends it again."""
    with closing(opened(before_node.url)) as index:
        before_node.once(method, ending, LOST)
        build(index, [ONE], 1)
        put(index, [TWO], 2)
        build(index, [ONE, TWO], 3)
        assert before_node.left == []
        assert set(found(index)) == {"1", "2"}
        assert (index.info().sequence, index.info().documents) == (3, 2)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_cluster_is_asked_again(before_node: Proxy, status: int) -> None:
    with closing(opened(before_node.url)) as index:
        build(index, [ONE])
        before_node.once("POST", "/_bulk", (status, {"error": {"type": "busy", "reason": "later"}, "status": status}))
        put(index, [TWO], 2)
        item = {"_id": "2", "status": status, "error": {"type": "busy", "reason": "later"}}
        before_node.once("POST", "/_bulk", (200, {"errors": True, "items": [{"index": item}]}))
        put(index, [TWO], 3)
        assert before_node.left == []
        assert set(found(index)) == {"1", "2"}


def test_articles_that_are_refused_are_named_and_nothing_is_committed(before_node: Proxy) -> None:
    with closing(opened(before_node.url)) as index:
        build(index, [ONE])
        items = [
            {"index": {"_id": "1", "status": 201}},
            {"index": {"_id": "2", "status": 400, "error": {"type": "mapper_parsing_exception", "reason": "too odd"}}},
        ]
        before_node.once("POST", "/_bulk", (200, {"errors": True, "items": items}))
        with pytest.raises(EngineUnavailable, match=r"refused 1 articles, the first: 2: 400 mapper_parsing.*too odd"):
            put(index, [ONE, TWO], 2)
        assert index.info().sequence == 1
        put(index, [ONE, TWO], 2)
        assert set(found(index)) == {"1", "2"}


def test_a_question_is_asked_again_when_that_may_help(before_node: Proxy, opensearch_node: LocalCluster) -> None:
    with closing(opened(before_node.url)) as index:
        build(index, [ONE])
        assert found(index) == ["1"]
        opensearch_node.send(0, "DELETE", "/_search/point_in_time/_all")
        assert found(index) == ["1"]
        gone = {"error": {"type": "search_phase_execution_exception", "reason": "all shards failed"}, "status": 503}
        before_node.once("POST", "/_search", (503, gone), times=3)
        assert found(index) == ["1"]
        busy = {"error": {"type": "circuit_breaking_exception", "reason": "too much data"}, "status": 429}
        before_node.once("POST", "/_search", (429, busy), times=2)
        assert found(index) == ["1"]
        before_node.once("POST", "/_search", (503, gone), times=100)
        with pytest.raises(EngineUnavailable, match="all shards failed"):
            index.search(SearchRequest())


def test_points_in_time_are_given_back(opensearch_node: LocalCluster) -> None:
    def held() -> int:
        return len(opensearch_node.get(0, "/_search/point_in_time/_all")["pits"])  # type: ignore[arg-type]

    opensearch_node.clear()
    before = held()
    index = opened(opensearch_node.urls[0])
    build(index, [ONE])
    for sequence in range(2, 12):
        put(index, [TWO], sequence)
        index.search(SearchRequest())
    assert 0 < held() - before <= 8
    index.close()
    assert held() == before


def test_what_somebody_else_did_first_is_no_failure(before_node: Proxy) -> None:
    """Points in time that are gone when they are given back, and a place for leases that is there when it is made."""
    index = opened(before_node.url)
    build(index, [ONE])
    assert found(index) == ["1"]
    before_node.once("HEAD", "/xunwen-leases", (404, {}))
    put(index, [TWO], 2)
    assert set(found(index)) == {"1", "2"}
    before_node.once("DELETE", "/point_in_time", (404, {"pits": []}))
    index.close()
    assert before_node.left == []


def test_a_writer_that_crashed_is_succeeded_when_its_lease_has_run_out(opensearch_node: LocalCluster) -> None:
    opensearch_node.clear()
    cluster = Cluster(opensearch_node.urls)
    now = time.time()
    with (
        closing(OpenSearchIndex(cluster, STAMP, clock=lambda: now)) as index,
        closing(OpenSearchIndex(cluster, STAMP, clock=lambda: now + 29)) as early,
        closing(OpenSearchIndex(cluster, STAMP, clock=lambda: now + 31)) as late,
    ):
        build(index, [ONE])
        crashed = index.write(2)
        crashed.__enter__()
        crashed.put(batch([TWO]))
        with pytest.raises(IndexLocked, match="another writer is at work"):
            put(early, [TWO], 3)
        put(late, [Doc("3")], 4)
        # It was only asleep: now it finds that it lost its lease, at the latest when it renews it.
        now += 31
        with pytest.raises(EngineUnavailable, match="lease was lost"):
            crashed.__exit__(None, None, None)
        assert set(found(index)) == {"1", "3"}
        assert index.info().sequence == 4


def test_a_generation_that_was_replaced_is_not_written_to(opensearch_node: LocalCluster) -> None:
    """A rebuild may end while the old generation is written; no index may come to life by that."""
    opensearch_node.clear()
    with closing(opened(*opensearch_node.urls)) as index:
        build(index, [ONE])
        with pytest.raises(IndexLocked, match="rebuilt meanwhile"), index.write(2) as writer:
            writer.put(batch([TWO]))
            writer.delete(["1"])
            build(index, [ONE], 3)
        assert found(index) == ["1"]
        state = opensearch_node.get(0, "/_cluster/state/metadata?filter_path=metadata.indices.*.state")
        assert set(state["metadata"]["indices"]) == {"xunwen-gen-2", "xunwen-leases"}  # type: ignore[index]


def test_what_a_crashed_rebuild_left_is_removed_by_the_next(opensearch_node: LocalCluster) -> None:
    opensearch_node.clear()
    with closing(opened(*opensearch_node.urls)) as index:
        build(index, [ONE])
        opensearch_node.send(0, "PUT", "/xunwen-gen-7")
        build(index, [TWO], 2)
        assert (found(index), index.info().generation) == (["2"], 8)
        state = opensearch_node.get(0, "/_cluster/state/metadata?filter_path=metadata.indices.*.state")
        assert set(state["metadata"]["indices"]) == {"xunwen-gen-8", "xunwen-leases"}  # type: ignore[index]


def test_searches_go_on_through_rebuilds(opensearch_node: LocalCluster) -> None:
    """None fails, none is empty, each process sees whole generations alone."""
    opensearch_node.clear()
    done = threading.Event()
    ids = [f"{n:02}" for n in range(30)]

    def ask() -> int:
        asked = 0
        with closing(opened(*opensearch_node.urls)) as index:
            while not done.is_set():
                answer = index.search(SearchRequest(limit=40, facets=("source",)))
                assert answer.total == len(answer.hits) == 30
                assert [count for _, count in answer.facets["source"]] == [30]
                assert list(index.doc_freqs(["新闻"])) == [30]
                asked += 1
        return asked

    with closing(opened(*opensearch_node.urls)) as index:
        build(index, [Doc(id, "新闻") for id in ids])
        with ThreadPoolExecutor(2) as pool:
            clients = [pool.submit(ask) for _ in range(2)]
            try:
                for sequence in range(2, 8):
                    build(index, [Doc(id, "新闻", source=str(sequence)) for id in ids], sequence)
            finally:
                done.set()
            assert all(client.result() for client in clients)


def test_questions_as_large_as_they_can_be(opensearch_node: LocalCluster) -> None:
    """Two thousand characters, and a first character that thousands of tokens have."""
    opensearch_node.clear()
    han = [chr(0x4E00 + n) for n in range(3000)]
    with closing(opened(*opensearch_node.urls)) as index:
        docs = [
            Doc(f"{n:03}", "", "。".join(f"第5季一{c}国co{c}" for c in han[n * 30 : n * 30 + 30])) for n in range(100)
        ]
        build(index, [*docs, Doc("long", "", "".join(han[:2000]))])
        one = Phrase(("一",), prefix=True)
        assert index.search(SearchRequest(one, (PhraseScore(one), ProximityScore(one, Phrase(("季一",)))))).total == 101
        assert (
            index.search(
                SearchRequest(Phrase(("5", "季"), prefix=True), (PhraseScore(Phrase(("5", "季"), prefix=True)),))
            ).total
            == 100
        )
        assert index.search(SearchRequest(Phrase(("国", "c"), prefix=True))).total == 100
        long = Phrase(tuple(first + second for first, second in pairwise(han[:2000])))
        features = (*(TermScore("early", gram) for gram in long.grams), PhraseScore(long))
        answer = index.search(SearchRequest(Or((long, Not(MatchAll()))), features))
        assert [hit.id for hit in answer.hits] == ["long"]


def test_an_index_made_by_somebody_else_is_told_apart(opensearch_node: LocalCluster) -> None:
    opensearch_node.clear()
    opensearch_node.send(0, "PUT", "/xunwen")
    with (
        closing(opened(*opensearch_node.urls)) as index,
        pytest.raises(Exception, match="does not say how it was made"),
    ):
        index.info()
    with closing(opened(*opensearch_node.urls, prefix="other")) as index:
        with pytest.raises(IndexMissing):
            index.info()
        build(index, [ONE])
        other = OpenSearchIndex(Cluster(opensearch_node.urls, prefix="other"), STAMP.__class__(2, 1, "test"))
        with closing(other), pytest.raises(StampMismatch):
            other.info()
