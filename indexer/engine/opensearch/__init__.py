"""The engine for more than one machine: OpenSearch stores and searches, the analysis stays here."""

from indexer.engine.opensearch.index import OpenSearchIndex

__all__ = ["OpenSearchIndex"]
