"""A connection to a cluster, whose failures are this project's errors."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import (
    AuthenticationException,
    AuthorizationException,
    ConnectionTimeout,
    NotFoundError,
    OpenSearchException,
    SSLError,
    TransportError,
)
from opensearchpy.exceptions import ConnectionError as Unreachable
from urllib3 import Timeout

from indexer.errors import ConfigError, EngineUnavailable, IndexMissing, Unsupported
from indexer.redaction import without_secrets

_SHAKE_HANDS = 3.0
"""Seconds to connect within; a machine that is switched off refuses nothing, it is silent."""

_OLDEST = (2, 4)
"""The first OpenSearch that has points in time."""

_NEWEST = 3


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster is and how to be let in.

    ``urls`` are its nodes (``https://search-1:9200``); ``prefix`` begins the names of everything that is stored there;
    ``ca`` is a file with the certificates to trust instead of the system's. ``timeout`` is what an answer to a question
    may take, ``patience`` what a step of writing may, both in seconds: a cluster that lost a node takes some to choose
    new primaries, which a user does not wait for and an indexer does.
    """

    urls: tuple[str, ...]
    prefix: str = "xunwen"
    username: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    shards: int = 1
    replicas: int = 0
    timeout: float = 10.0
    patience: float = 90.0


def connect(cluster: Cluster, *, wait: float, insist: bool = False) -> OpenSearch:
    """A client with a connection pool, safe to use from many threads; it connects at the first call.

    ``wait`` is how many seconds an answer may take. A node that cannot be reached is left out for a while and the next
    one is asked. A client that insists sends again also what was not answered in time, so it must be safe to do twice.
    """
    encrypted = False
    for url in cluster.urls:
        encrypted |= _scheme(url) == "https"
    try:
        trust = ssl.create_default_context(cafile=cluster.ca) if encrypted else None
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"engine_ca: {cluster.ca} cannot be read as certificates: {error}") from error
    return OpenSearch(
        hosts=list(cluster.urls),
        http_auth=(cluster.username, cluster.password) if cluster.username else None,
        ssl_context=trust,
        timeout=Timeout(connect=_SHAKE_HANDS, read=wait),
        max_retries=5 if insist else 2,
        retry_on_timeout=insist,
    )


def _scheme(url: str) -> str:
    """Raises ``ConfigError`` for an address that names no server; the message shows no password."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        # A port that is no number or too large, half a bracket.
        sound = False
    if not sound:
        raise ConfigError(f"engine_url: expected http(s)://host:port, not {without_secrets(url)!r}")
    return parts.scheme


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Raise what the client raises as this project's errors; ``doing`` completes “cannot …”."""
    try:
        yield
    except AuthenticationException as error:
        raise EngineUnavailable(f"cannot {doing}: OpenSearch refuses the credentials", retry_after=60) from error
    except SSLError as error:
        raise EngineUnavailable(
            f"cannot {doing}: the certificate of OpenSearch is not trusted", retry_after=60
        ) from error
    except ConnectionTimeout as error:
        raise EngineUnavailable(f"cannot {doing}: OpenSearch did not answer in time") from error
    except Unreachable as error:
        raise EngineUnavailable(f"cannot {doing}: OpenSearch cannot be reached") from error
    except TransportError as error:
        raise _translation(error, doing) from error
    except OpenSearchException as error:
        # An answer that is no JSON.
        raise EngineUnavailable(f"cannot {doing}: what answers is not OpenSearch", retry_after=60) from error


def _translation(error: TransportError, doing: str) -> Exception:
    reason = f"{error.status_code} {reason_of(error.info)}".rstrip()
    if is_read_only(reason):
        return read_only(doing, reason)
    if isinstance(error, AuthorizationException):
        return EngineUnavailable(f"cannot {doing}: OpenSearch does not allow it ({reason})", retry_after=60)
    if isinstance(error, NotFoundError) and "not_found" in reason:
        return IndexMissing("there is no index yet; run “xunwen rebuild”")
    if "too_many_clauses" in reason or "too many terms" in reason:
        return Unsupported("the question has more parts than OpenSearch is set to evaluate")
    return EngineUnavailable(f"cannot {doing}: OpenSearch answered {reason}")


def is_read_only(reason: str) -> bool:
    """Whether something was refused since its index is blocked, as it is when a disk is full."""
    return "cluster_block" in reason and ("read-only" in reason or "read_only" in reason)


def read_only(doing: str, reason: str) -> EngineUnavailable:
    """What to raise then."""
    return EngineUnavailable(f"cannot {doing}: the index is read-only, is a disk full? ({reason})", retry_after=60)


def reason_of(info: Any) -> str:
    """Type and reason of a refusal, in one line; ``info`` is an error's body, or one item's ``error``."""
    cause = info.get("error", info) if isinstance(info, dict) else info
    causes = [cause]
    if isinstance(cause, dict):
        causes = [*(cause.get("root_cause") or [cause]), cause.get("caused_by")]
    parts = [
        f"{each.get('type')}: {each.get('reason')}" if isinstance(each, dict) else str(each or "") for each in causes
    ]
    return " ".join("; ".join(dict.fromkeys(filter(None, parts))).split())[:300]


def check_version(client: OpenSearch) -> None:
    """Refuse a server that is not OpenSearch, or not of a version that this program knows."""
    with translated("ask for the version"):
        answer = client.info()
    version = answer.get("version") if isinstance(answer, dict) else None
    if not isinstance(version, dict) or "number" not in version:
        raise EngineUnavailable("what answers at engine_url is not OpenSearch", retry_after=60)
    number, distribution = str(version["number"]), version.get("distribution", "elasticsearch")
    major, minor, *_ = [*(int(part) for part in number.split(".")[:2] if part.isdecimal()), 0, 0]
    if distribution != "opensearch" or not _OLDEST <= (major, minor) < (_NEWEST + 1, 0):
        oldest = ".".join(map(str, _OLDEST))
        raise EngineUnavailable(
            f"{distribution} {number} is not supported; OpenSearch from {oldest} to {_NEWEST}.x is", retry_after=3600
        )
