from __future__ import annotations

import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from indexer.config import SETTINGS, Config, load
from indexer.errors import ConfigError

DOCUMENT = Path(__file__).parents[2] / "docs" / "configuration.md"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_needs_to_be_set() -> None:
    config = load(environment={})
    assert config == Config()
    assert config.archive_location == Path("index_data/archive.sqlite3")
    assert config.index_folder == Path("index_data/index")
    assert config.timezone == ZoneInfo("Asia/Shanghai")


def test_the_later_of_file_environment_and_flags_wins(folder: Path) -> None:
    (folder / "xunwen.toml").write_text('timezone = "Asia/Tokyo"\n')
    assert load(environment={}).timezone.key == "Asia/Tokyo"
    assert load(environment={"XUNWEN_TIMEZONE": "Asia/Taipei"}).timezone.key == "Asia/Taipei"
    assert load({"timezone": "UTC"}, {"XUNWEN_TIMEZONE": "Asia/Taipei"}).timezone.key == "UTC"
    assert load({"timezone": None}, {"XUNWEN_TIMEZONE": ""}).timezone.key == "Asia/Tokyo"


def test_the_file_is_found_beside_the_data_and_its_paths_start_there(folder: Path) -> None:
    (folder / "news").mkdir()
    (folder / "news" / "xunwen.toml").write_text('archive = "kept/all.db"\nuser_dictionary = "words.txt"\n')
    config = load({"data": "news/data"}, {})
    assert config.data == Path("news/data")
    assert config.archive_location == folder / "news/kept/all.db"
    assert config.user_dictionary == folder / "news/words.txt"


def test_a_cluster_is_described_by_file_and_environment(folder: Path) -> None:
    (folder / "xunwen.toml").write_text(
        'engine = "opensearch"\nengine_url = "https://one:9200, https://two:9200"\n'
        'engine_shards = 3\nengine_ca = "ca.pem"\n'
    )
    config = load(environment={"XUNWEN_ENGINE_PASSWORD": "secret", "XUNWEN_ENGINE_REPLICAS": "2"})
    assert config.engine_url == "https://one:9200,https://two:9200"
    assert (config.engine_shards, config.engine_replicas) == (3, 2)
    assert (config.engine_ca, config.engine_password) == (folder / "ca.pem", "secret")
    assert "secret" not in repr(config)


def test_names_and_proxies_are_read(folder: Path) -> None:
    (folder / "xunwen.toml").write_text(
        'hosts = "News.Example, 新闻.example"\ntrusted_proxy = "10.0.0.7, fd00::/8"\ntrusted_header = "Remote-User"\n'
    )
    config = load(environment={})
    assert config.hosts == "news.example,xn--efvy88h.example"
    assert config.trusted_proxy == "10.0.0.7/32,fd00::/8"
    assert config.trusted_header == "Remote-User"


def test_paths_of_the_environment_start_at_the_working_directory() -> None:
    config = load(environment={"XUNWEN_DATA": "/srv/news", "XUNWEN_ARCHIVE": "all.db"})
    assert config.archive_location == Path("all.db")
    assert config.index_folder == Path("/srv/news/index")


def test_an_archive_may_have_an_address(folder: Path) -> None:
    (folder / "xunwen.toml").write_text('archive = "postgresql+psycopg://host/news"\n')
    assert load(environment={}).archive_location == "postgresql+psycopg://host/news"


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (
            'zone = "UTC"',
            "no setting “zone”; allowed: archive, backup, engine, .*, synonyms, timezone, .*, user_dictionary",
        ),
        ('data = "x"', "cannot name it: use XUNWEN_DATA"),
        ('engine = "solr"', "engine is 'solr'; allowed: whoosh, opensearch"),
        ("engine = 7", "engine is 7; allowed: whoosh, opensearch"),
        ('engine_url = "localhost:9200"', "allowed: addresses that begin with http:// or https://"),
        ('engine_url = "https://a,b"', "allowed: addresses that begin with http:// or https://"),
        ('engine_prefix = "新闻"', "allowed: small letters, digits, - and _, a letter first"),
        ("engine_shards = -1", "engine_shards is -1; allowed: a whole number from 0 to 9999"),
        ("engine_shards = true", "allowed: a whole number from 0 to 9999"),
        ('engine_replicas = "many"', "allowed: a whole number from 0 to 9999"),
        ('hosts = "https://news.example"', "allowed: names such as news.example.org, without port"),
        ('hosts = "news.example:8000"', "allowed: names such as news.example.org, without port"),
        ('hosts = "a..example"', "allowed: names such as news.example.org, without port"),
        ('hosts = "*"', "allowed: names such as news.example.org, without port"),
        ('trusted_proxy = "proxy"', "allowed: addresses or networks"),
        ('trusted_proxy = "10.0.0.7/8"', "allowed: addresses or networks"),
        ('trusted_header = "Remote_User"', "allowed: the name of a header"),
        ('trusted_header = ""', "allowed: the name of a header"),
        ('timezone = "Beijing"', "timezone is 'Beijing'; allowed: a name such as Asia/Shanghai"),
        ('timezone = "../../etc/passwd"', "allowed: a name such as Asia/Shanghai"),
        ('timezone = ""', "allowed: text in quotes"),
        ("user_dictionary = false", "user_dictionary is False; allowed: text in quotes"),
        ('fetch_private = "maybe"', "fetch_private is 'maybe'; allowed: true, false"),
        ("fetch_private = 1", "fetch_private is 1; allowed: true, false"),
        ("timezone", r"xunwen\.toml cannot be read"),
    ],
)
def test_a_wrong_setting_names_what_is_allowed(folder: Path, file: str, message: str) -> None:
    (folder / "xunwen.toml").write_text(file)
    with pytest.raises(ConfigError, match=message):
        load(environment={})


@pytest.mark.parametrize(("value", "allowed"), [("true", True), ("false", False), ('"True"', True)])
def test_a_switch_is_true_or_false(folder: Path, value: str, allowed: bool) -> None:
    (folder / "xunwen.toml").write_text(f"fetch_private = {value}")
    assert load(environment={}).fetch_private is allowed
    assert load(environment={"XUNWEN_FETCH_PRIVATE": "false"}).fetch_private is False


@pytest.mark.parametrize(
    "file",
    [
        'engine_url = "ftp://me:SECRET@search:9200"',
        'engine_url = "https://a:9200,me:SECRET@search"',
        'engine_password = ["SECRET"]',
        'archive = ["postgresql://me:SECRET@host/news?password=SECRET"]',
    ],
)
def test_a_wrong_value_is_told_without_its_secrets(folder: Path, file: str) -> None:
    (folder / "xunwen.toml").write_text(file)
    with pytest.raises(ConfigError) as caught:
        load(environment={})
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("content", [b"timezone = '\xff'", b"\0"])
def test_a_file_that_is_no_text_is_an_error(folder: Path, content: bytes) -> None:
    (folder / "xunwen.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"xunwen\.toml cannot be read"):
        load(environment={})


def test_a_wrong_value_says_where_it_was_found() -> None:
    with pytest.raises(ConfigError, match="XUNWEN_ENGINE is 'solr'"):
        load(environment={"XUNWEN_ENGINE": "solr"})
    with pytest.raises(ConfigError, match="--engine is 'solr'"):
        load({"engine": "solr"}, {})


def test_every_setting_is_documented_with_its_environment_variable() -> None:
    text = DOCUMENT.read_text("utf-8")
    for name in SETTINGS:
        assert f"| `{name}` | `XUNWEN_{name.upper()}` |" in text


def test_the_example_of_the_document_can_be_read(folder: Path) -> None:
    example = DOCUMENT.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    (folder / "xunwen.toml").write_text(example)
    config = load(environment={})
    assert tomllib.loads(example).keys() == {"timezone", "user_dictionary"}
    assert (config.timezone.key, config.user_dictionary) == ("Asia/Taipei", folder / "words.txt")
