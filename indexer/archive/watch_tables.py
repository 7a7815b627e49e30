"""The tables of watches: what is asked again and again, what it found, and what of that is to be delivered."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from indexer.archive.columns import Moment, Number, metadata

# ``query`` is the question as it stands in an address. All changes up to ``sequence`` were looked at, the last of them
# at ``looked``; findings up to the number ``seen`` were shown to somebody. Hours are those of a day in the configured
# zone: that of the digest, and from when until when nothing is sent.
watches = Table(
    "watches",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("place", BigInteger, nullable=False),
    Column("query", Text, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("email", Text, nullable=False),
    Column("webhook", Text, nullable=False),
    Column("notify", Text, nullable=False, server_default=""),
    Column("digest", Integer),
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("created", Moment, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("looked", Moment, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("problem", Text, nullable=False),
)

# A story that a watch reported, by its first article that was found; kept, for it is not reported again.
findings = Table(
    "findings",
    metadata,
    Column("number", Number, primary_key=True),
    Column("watch", String(16), nullable=False),
    Column("story", String(16), nullable=False, index=True),
    Column("article", String(16), nullable=False, index=True),
    Column("found", Moment, nullable=False),
    Index("findings_by_watch", "watch", "number"),
    Index("findings_once", "watch", "story", unique=True),
    sqlite_autoincrement=True,
)

# The outbox. A delivery has the findings of its watch from the number ``first`` to ``last``; it is tried at ``due``
# until it is ``done``. Once it was tried, nothing is added to it.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("watch", String(16), nullable=False, index=True),
    Column("channel", String(8), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("due", Moment, nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("done", Moment),
)
