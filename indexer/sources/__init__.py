"""One reader a format, each yielding articles; ``read`` finds the right one for any input. In the order of the flow:

- ``files`` opens files, folders and archives, ``encoding`` makes text of bytes, ``detect`` tells the format;
- ``feed``, ``json_feed``, ``jsonl``, ``post`` (with ``front_matter`` and ``markdown``), ``pages`` (with
  ``article_regions`` and ``page_authors``) and ``warc`` read one format each, ``opml`` reads lists of feeds;
- ``draft`` makes the ``Article``, with what ``indexer.extraction`` makes of its markup.
"""

from indexer.sources.detect import read
from indexer.sources.files import Reject

__all__ = ["Reject", "read"]
