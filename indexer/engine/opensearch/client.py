"""A connection to a cluster, whose failures are this project's errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
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

from indexer.errors import ConfigError, EngineUnavailable, IndexMissing


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where a cluster is and how to be let in.

    ``urls`` are its nodes (``https://search-1:9200``); ``prefix`` begins the names of everything that is stored there;
    ``ca`` is a file with the certificates to trust instead of the system's.
    """

    urls: tuple[str, ...]
    prefix: str = "xunwen"
    username: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    shards: int = 1
    replicas: int = 0
    timeout: float = 10.0


def connect(cluster: Cluster) -> OpenSearch:
    """A client with a connection pool, safe to use from many threads; it connects at the first call."""
    for url in cluster.urls:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"engine_url: expected http(s)://host:port, not {url!r}")
    credentials = (cluster.username, cluster.password) if cluster.username else None
    return OpenSearch(
        hosts=list(cluster.urls),
        http_auth=credentials,
        ca_certs=str(cluster.ca) if cluster.ca else None,
        timeout=cluster.timeout,
        max_retries=2,
        retry_on_timeout=False,
        http_compress=True,
    )


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Raise what the client raises as this project's errors; ``doing`` completes “cannot …”."""
    try:
        yield
    except (AuthenticationException, AuthorizationException) as error:
        reason = _reason(error)
        if "cluster_block_exception" in reason:
            raise EngineUnavailable(f"cannot {doing}: OpenSearch is read-only ({reason})", retry_after=60) from error
        raise EngineUnavailable(f"cannot {doing}: OpenSearch refuses the credentials", retry_after=60) from error
    except SSLError as error:
        raise EngineUnavailable(
            f"cannot {doing}: the certificate of OpenSearch is not trusted", retry_after=60
        ) from error
    except ConnectionTimeout as error:
        raise EngineUnavailable(f"cannot {doing}: OpenSearch did not answer in time") from error
    except Unreachable as error:
        raise EngineUnavailable(f"cannot {doing}: OpenSearch cannot be reached") from error
    except NotFoundError as error:
        if "index_not_found" in _reason(error) or "aliases_not_found" in _reason(error) or "alias [" in _reason(error):
            raise IndexMissing("there is no index yet; run “xunwen rebuild”") from error
        raise EngineUnavailable(f"cannot {doing}: {_reason(error)}") from error
    except TransportError as error:
        raise EngineUnavailable(f"cannot {doing}: OpenSearch answered {_reason(error)}") from error
    except OpenSearchException as error:
        raise EngineUnavailable(f"cannot {doing}: {error}") from error


def check_version(client: OpenSearch) -> None:
    """Refuse a server that is neither OpenSearch 2 or 3 nor Elasticsearch 7 or 8."""
    with translated("ask for the version"):
        version = client.info()["version"]
    number, distribution = version["number"], version.get("distribution", "elasticsearch")
    if number.split(".")[0] not in {"opensearch": ("2", "3"), "elasticsearch": ("7", "8")}.get(distribution, ()):
        raise EngineUnavailable(f"{distribution} {number} is not supported; OpenSearch 2 and 3 are", retry_after=3600)


def _reason(error: TransportError) -> str:
    """Status, type and reason of a refusal, in one line."""
    info = error.info if isinstance(error.info, dict) else {}
    cause = info.get("error", {})
    if isinstance(cause, dict):
        roots: Sequence[dict[str, str]] = cause.get("root_cause") or [cause]
        cause = f"{roots[0].get('type', '')}: {roots[0].get('reason', '')}" if roots else ""
    return f"{error.status_code} {cause or error.error}".replace("\n", " ")[:300]
