"""One reader a format, each yielding articles; ``read`` finds the right one for any input. In the order of the flow:

- ``files`` opens files, folders and archives, ``encoding`` makes text of bytes, ``detect`` tells the format;
- ``feed``, ``json_feed``, ``jsonl``, ``post`` (with ``front_matter`` and ``markdown``) and ``pages`` (with
  ``article_regions`` and ``page_authors``) read one format each, ``opml`` reads lists of feeds;
- ``processes`` read on all cores, within bounds of time and memory;
- ``readers/`` hold the formats that few have, and what an export of this program is;
- ``labels`` knows what stands before dates, sources and authors;
- ``draft`` makes the ``Article``, with what ``indexer.extraction`` makes of its markup.
"""

from indexer.sources.detect import Found, read
from indexer.sources.files import Reject

__all__ = ["Found", "Reject", "read"]
