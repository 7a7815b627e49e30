"""Settings: ``xunwen.toml`` beside the data folder, then the environment, then flags; the later wins."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from typing import Literal as OneOf
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from indexer import zones
from indexer.errors import ConfigError
from indexer.redaction import without_secrets

FILE_NAME = "xunwen.toml"
ENVIRONMENT_PREFIX = "XUNWEN_"

Engine = OneOf["whoosh", "opensearch"]
_ENGINES: tuple[Engine, ...] = ("whoosh", "opensearch")


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set; ``Config()`` holds the defaults. ``docs/configuration.md`` explains each."""

    data: Path = Path("index_data")
    """The folder of the archive, the index and ``rejects.jsonl``."""

    archive: str = ""
    """A path or an address such as ``postgresql+psycopg://…``; empty is ``archive.sqlite3`` in the data folder."""

    engine: Engine = "whoosh"

    engine_url: str = "http://127.0.0.1:9200"
    """Where the nodes of OpenSearch answer, separated by commas. The Whoosh engine needs none of the ``engine_…``."""

    engine_username: str = ""
    engine_password: str = field(default="", repr=False)

    engine_ca: Path | None = None
    """Certificates to trust instead of the system's."""

    engine_prefix: str = "xunwen"
    """What the names of everything stored on the cluster begin with."""

    engine_shards: int = 1
    engine_replicas: int = 0

    hosts: str = ""
    """The names of the site, separated by commas, when it is served to others than this machine."""

    trusted_proxy: str = ""
    """Addresses or networks, separated by commas, of the proxies that are believed about who asks."""

    trusted_header: str = ""
    """The header in which a trusted proxy names the reader who has signed in with it."""

    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    """The zone of days, of "today", and of publication dates that name none."""

    fetch_private: bool = False
    """Whether feeds may come from addresses that are not public: this machine, the local network, through a proxy."""

    smtp: str = field(default="", repr=False)
    """The server that takes letters: ``smtps://user:password@mail.example.org``; without it, none are sent."""

    smtp_from: str = ""
    """The address that letters come from."""

    webhook_secret: str = field(default="", repr=False)
    """What posts of watches are signed with; without it, they are not."""

    webhook_hosts: str = ""
    """Hosts, separated by commas, that watches may post to although their addresses are not public."""

    backup: Path | None = None
    """Where “xunwen run” backs up every night; without it, it does not."""

    user_dictionary: Path | None = None
    """Words beyond jieba's dictionary, in jieba's format."""

    synonyms: Path | None = None
    """Spellings that mean the same, one group a line."""

    @property
    def archive_location(self) -> str | Path:
        """Where the archive is: an address, or a path."""
        return self.archive if "://" in self.archive else Path(self.archive or self.data / "archive.sqlite3")

    @property
    def index_folder(self) -> Path:
        """Where the embedded engine keeps its files."""
        return self.data / "index"


def load(flags: Mapping[str, str | None] | None = None, environment: Mapping[str, str] = os.environ) -> Config:
    """The settings that hold. ``flags`` has the members of ``Config`` as names; ``None`` is a flag not given.

    Paths in the file are relative to the file, others to the working directory. Raises ``ConfigError`` that names the
    setting, where it was found, and what is allowed.
    """
    given: dict[str, tuple[Any, str]] = {}
    for name in _READERS:
        if value := environment.get(ENVIRONMENT_PREFIX + name.upper()):
            given[name] = value, ENVIRONMENT_PREFIX + name.upper()
    for name, flag in (flags or {}).items():
        if flag is not None:
            given[name] = flag, "--" + name.replace("_", "-")
    values = {name: _READERS[name](value, where, Path()) for name, (value, where) in given.items()}
    data = values.get("data", Config().data)
    return Config(**_read_file(data.absolute().parent / FILE_NAME) | values)


def _read_file(path: Path) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error
    allowed = sorted(_READERS.keys() - {"data"})
    for name in settings:
        if name == "data":
            raise ConfigError(
                f"{path} is found beside the data folder, so it cannot name it: use {ENVIRONMENT_PREFIX}DATA"
            )
        if name not in allowed:
            raise ConfigError(f"{path}: there is no setting “{name}”; allowed: {', '.join(allowed)}")
    return {name: _READERS[name](value, f"{path}: {name}", path.parent) for name, value in settings.items()}


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{where} is {without_secrets(repr(value))}; allowed: text in quotes")
    return value.strip()


def _read_path(value: object, where: str, folder: Path) -> Path:
    return folder / Path(_text(value, where)).expanduser()


def _read_archive(value: object, where: str, folder: Path) -> str:
    location = _text(value, where)
    return location if "://" in location else str(_read_path(location, where, folder))


def _read_text(value: object, where: str, folder: Path) -> str:
    return _text(value, where)


def _read_password(value: object, where: str, folder: Path) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{where} is not what is allowed: text in quotes")
    return value.strip()


def _read_count(value: object, where: str, folder: Path) -> int:
    if isinstance(value, bool) or not str(value).isdecimal() or len(str(value)) > 4:
        raise ConfigError(f"{where} is {value!r}; allowed: a whole number from 0 to 9999")
    return int(str(value))


def _read_switch(value: object, where: str, folder: Path) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise ConfigError(f"{where} is {value!r}; allowed: true, false")
    return str(value).lower() == "true"


def _read_prefix(value: object, where: str, folder: Path) -> str:
    if not isinstance(value, str) or not re.fullmatch("[a-z][a-z0-9_-]{0,99}", value):
        raise ConfigError(f"{where} is {value!r}; allowed: small letters, digits, - and _, a letter first")
    return value


def _read_engine(value: object, where: str, folder: Path) -> Engine:
    for engine in _ENGINES:
        if value == engine:
            return engine
    raise ConfigError(f"{where} is {value!r}; allowed: {', '.join(_ENGINES)}")


def _read_urls(value: object, where: str, folder: Path) -> str:
    urls = [url.strip() for url in _text(value, where).split(",")]
    if not all(url.startswith(("http://", "https://")) for url in urls):
        raise ConfigError(
            f"{where} is {without_secrets(repr(value))}; allowed: addresses that begin with http:// or https://"
        )
    return ",".join(urls)


def _read_hosts(value: object, where: str, folder: Path) -> str:
    names = [name.strip().lower() for name in _text(value, where).split(",")]
    try:
        hosts = [name.encode("idna").decode() for name in names]
    except UnicodeError:
        hosts = []
    if not hosts or not all(re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", host) for host in hosts):
        raise ConfigError(f"{where} is {value!r}; allowed: names such as news.example.org, without port")
    return ",".join(hosts)


def _read_private_hosts(value: object, where: str, folder: Path) -> str:
    hosts = [name.strip().lower() for name in _text(value, where).split(",")]
    if not all(re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[?[0-9a-f:]+\]?", host) for host in hosts):
        raise ConfigError(f"{where} is {value!r}; allowed: names or addresses such as hooks.lan, 127.0.0.1, ::1")
    return ",".join(host.strip("[]") for host in hosts)


def _read_smtp(value: object, where: str, folder: Path) -> str:
    text = value.strip() if isinstance(value, str) else ""
    try:
        url = urlsplit(text)
        is_good = url.scheme in ("smtp", "smtps") and bool(url.hostname) and url.port != 0 and url.path in ("", "/")
    except ValueError:
        is_good = False
    if not is_good:
        raise ConfigError(
            f"{where} is not what is allowed: smtps://user:password@mail.example.org, smtp://localhost:25"
        )
    return text


def _read_mailbox(value: object, where: str, folder: Path) -> str:
    if not is_mailbox(text := _text(value, where)):
        raise ConfigError(f"{where} is {value!r}; allowed: an address such as news@example.org")
    return text


def is_mailbox(text: str) -> bool:
    """Whether this is an address of mail as HTML's ``<input type="email">`` allows it: nothing that ends a header."""
    return len(text) <= 254 and _MAILBOX.fullmatch(text) is not None


_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


def _read_networks(value: object, where: str, folder: Path) -> str:
    networks = [network.strip() for network in _text(value, where).split(",")]
    try:
        return ",".join(str(ip_network(network)) for network in networks)
    except ValueError:
        raise ConfigError(f"{where} is {value!r}; allowed: addresses or networks: 10.0.0.7, 172.16.0.0/12") from None


def _read_header(value: object, where: str, folder: Path) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Za-z][A-Za-z0-9-]{0,63}", value):
        raise ConfigError(f"{where} is {value!r}; allowed: the name of a header, such as Remote-User")
    return value


def _read_zone(value: object, where: str, folder: Path) -> ZoneInfo:
    name = _text(value, where)
    try:
        return zones.zone_named(name)
    except ValueError:
        raise ConfigError(f"{where} is {value!r}; allowed: {zones.ALLOWED}") from None


_READERS: dict[str, Callable[[object, str, Path], Any]] = {
    "data": _read_path,
    "archive": _read_archive,
    "engine": _read_engine,
    "engine_url": _read_urls,
    "engine_username": _read_text,
    "engine_password": _read_password,
    "engine_ca": _read_path,
    "engine_prefix": _read_prefix,
    "engine_shards": _read_count,
    "engine_replicas": _read_count,
    "hosts": _read_hosts,
    "trusted_proxy": _read_networks,
    "trusted_header": _read_header,
    "timezone": _read_zone,
    "fetch_private": _read_switch,
    "smtp": _read_smtp,
    "smtp_from": _read_mailbox,
    "webhook_secret": _read_password,
    "webhook_hosts": _read_private_hosts,
    "backup": _read_path,
    "user_dictionary": _read_path,
    "synonyms": _read_path,
}

SETTINGS = tuple(setting.name for setting in fields(Config))
"""The name of every setting."""
