"""Archives as older programs left them."""

from pathlib import Path

from sqlalchemy import create_engine, text

ADDED = {
    2: ["DROP TABLE identities", "ALTER TABLE articles DROP COLUMN part"],
    3: ["DROP TABLE users", "DROP TABLE api_keys"],
    4: ["DROP TABLE fingerprints", "DROP TABLE likenesses", "ALTER TABLE archive DROP COLUMN told"],
    5: [
        "ALTER TABLE articles DROP COLUMN origin",
        *(f"ALTER TABLE {table} DROP COLUMN captions" for table in ("articles", "revisions")),
        *(f"ALTER TABLE {table} DROP COLUMN furniture" for table in ("articles", "revisions")),
    ],
    6: ["DROP TABLE tombstones", "DROP TABLE tombstone_keys"],
    7: ["DROP TABLE marks"],
    8: [
        "ALTER TABLE changes DROP COLUMN came",
        *(f"DROP TABLE {table}" for table in ("watches", "findings", "deliveries")),
    ],
    9: [
        "DROP TABLE hidden_sources",
        *(f"ALTER TABLE subscriptions DROP COLUMN {name}" for name in ("folder", "paused")),
    ],
    10: ["DROP TABLE pages", "ALTER TABLE subscriptions DROP COLUMN full_text"],
    11: ["DROP TABLE article_names"],
    12: ["ALTER TABLE watches DROP COLUMN notify"],
}
"""What takes back each version of the schema."""


def make_older(location: str | Path, version: int) -> None:
    """Take an archive back to a version of the schema."""
    engine = create_engine(f"sqlite:///{location}" if isinstance(location, Path) else location)
    with engine.begin() as connection:
        for added in sorted(ADDED, reverse=True):
            for statement in ADDED[added] if added > version else ():
                connection.execute(text(statement))
        connection.execute(text(f"UPDATE archive SET schema = {version}"))
    engine.dispose()
