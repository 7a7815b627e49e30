"""The table of the names that articles have."""

from sqlalchemy import BigInteger, Column, String, Table, Text

from indexer.archive.columns import metadata

# Derived: the names in each article (``indexer.entities``), a line each. ``sequence`` is the change of the article that
# they were found in, ``stamp`` tells by which rules; ``version`` rises whenever any are kept.
article_names = Table(
    "article_names",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("stamp", String(16), nullable=False),
    Column("version", BigInteger, nullable=False, index=True),
    Column("names", Text, nullable=False),
)
