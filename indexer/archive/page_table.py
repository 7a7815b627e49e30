"""The table of articles' pages: which are to be fetched for feeds that give less than the whole article."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from indexer.archive.columns import Moment, metadata

# ``said`` is the fingerprint of what the feed says of the article. ``due`` is the earliest time of the next try, and
# NULL when there is none to come; ``taken`` tells that the article says what its page said.
pages = Table(
    "pages",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("feed", Text, nullable=False),
    Column("said", String(32), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Moment),
    Column("taken", Boolean, nullable=False),
    Column("error", Text, nullable=False),
    Index("pages_by_due", "due"),
    Index("pages_by_feed", "feed"),
)
