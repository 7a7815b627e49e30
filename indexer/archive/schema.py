"""The archive's tables, and how an older archive becomes today's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    false,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from indexer.archive.columns import Compressed, Moment, Number, metadata
from indexer.archive.derived.entity_table import article_names
from indexer.archive.identity import fingerprint, keys
from indexer.archive.page_table import pages
from indexer.archive.watch_tables import deliveries, findings, watches
from indexer.article import Article
from indexer.errors import ArchiveError


def _words_of_an_article() -> list[Column[Any]]:
    """What a revision keeps. The long columns come last: a scan of the short ones doesn't read them."""
    return [
        Column("source", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("language", String(35), nullable=False),
        Column("published", Moment),
        Column("title", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("html", Compressed, nullable=False),
        Column("captions", Text, nullable=False, server_default=""),
        Column("furniture", Text, nullable=False, server_default=""),
    ]


WORDS = tuple(column.name for column in _words_of_an_article())
"""The columns of an article's own words, which a revision keeps."""

# One row: which version of this file made the tables, and the last number given to a change. Whoever changes articles
# holds a lock on this row from beginning to end, so changes become visible in the order of their numbers.
state = Table(
    "archive",
    metadata,
    Column("schema", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("told", BigInteger, nullable=False, server_default="0"),
)
"""``told``: the last change that ``fingerprints`` has taken in, and all before it."""

articles = Table(
    "articles",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", String(16), nullable=False, unique=True),
    Column("fingerprint", String(32), nullable=False),
    Column("discovered", Moment, nullable=False),
    Column("url", Text, nullable=False),
    Column("guid", Text, nullable=False),
    *_words_of_an_article(),
    Column("part", Text, nullable=False, server_default=""),
    Column("origin", Text, nullable=False, server_default=""),
    Index("articles_by_source", "source", "published"),
)

# What each article may be recognised by, and was (``indexer.archive.identity.Keys``). A key may be that of several, and
# outlives the article: one that was deleted and is read again has its old id.
identities = Table(
    "identities",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(16), primary_key=True),
)

# The last change of each article that was ever here; ``deleted`` ones are gone from ``articles``. ``came`` is the
# change that it came with, 0 where that was before anybody wrote it down.
changes = Table(
    "changes",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("sequence", BigInteger, nullable=False, unique=True),
    Column("deleted", Boolean, nullable=False),
    Column("came", BigInteger, nullable=False, server_default="0"),
)

revisions = Table(
    "revisions",
    metadata,
    Column("number", Number, primary_key=True),
    Column("id", String(16), nullable=False, index=True),
    Column("fingerprint", String(32), nullable=False),
    Column("replaced", Moment, nullable=False),
    *_words_of_an_article(),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("url", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("last_fetched", Moment),
    Column("next_fetch", Moment),
    Column("last_error", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("full_text", Boolean, nullable=False, server_default=false()),
    Column("folder", Text, nullable=False, server_default=""),
    Column("paused", Boolean, nullable=False, server_default=false()),
)

# Who may sign in. ``hash`` is that of the password as ``indexer.archive.readers.credentials`` writes it.
users = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("hash", Text, nullable=False),
    Column("created", Moment, nullable=False),
)

# What programs show instead. The key itself is kept nowhere.
api_keys = Table(
    "api_keys",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created", Moment, nullable=False),
)

# What readers marked. ``tag`` and ``note`` are empty but for marks of those kinds. No foreign key: a mark is its
# reader's own, and is there again when an article that was deleted is read again under its old id.
marks = Table(
    "marks",
    metadata,
    Column("number", Number, primary_key=True),
    Column("reader", String(64), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("id", String(16), nullable=False),
    Column("tag", String(64), nullable=False),
    Column("made", Moment, nullable=False),
    Column("note", Text, nullable=False),
    Index("marks_once", "reader", "id", "kind", "tag", unique=True),
    Index("marks_by_kind", "reader", "kind", "tag", "number"),
)

# Publishers whose articles readers hid.
hidden_sources = Table(
    "hidden_sources",
    metadata,
    Column("number", Number, primary_key=True),
    Column("reader", String(64), nullable=False),
    Column("source", Text, nullable=False),
    Column("made", Moment, nullable=False),
    Index("hidden_sources_once", "reader", "source", unique=True),
)

# Derived: what tells which articles are alike (``indexer.stories``), and the story of each. ``sequence`` is the change
# of the article that this was made from.
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("moment", BigInteger, nullable=False, index=True),
    Column("story", String(16), nullable=False, index=True),
    Column("fingerprint", LargeBinary, nullable=False),
)

# Derived: pairs that are alike, each in both directions.
likenesses = Table(
    "likenesses",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("other", String(16), primary_key=True),
    Column("kind", String(8), nullable=False),
)

# What is left of articles that were forgotten (``indexer.archive.tombstones``): nothing that they said.
tombstones = Table(
    "tombstones",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("forgotten", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("published", Moment),
)

# What each of them may be recognised by, as ``identities`` for those that are kept.
tombstone_keys = Table(
    "tombstone_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String(16), primary_key=True, index=True),
)

Migration = Callable[[Connection], None]


def _recognise_articles(connection: Connection) -> None:
    """Schema 2: an article is recognised by several keys, and may be one of several at its address."""
    connection.execute(text("ALTER TABLE articles ADD COLUMN part TEXT DEFAULT '' NOT NULL"))
    identities.create(connection)
    names = ("number", "id", "fingerprint", "url", "guid", "source", "title")
    # The text only counts as one: reading it all would take minutes.
    columns = [articles.c[name] for name in names] + [func.substr(articles.c.text, 1, 1).label("text")]
    last = 0
    while True:
        page = connection.execute(
            select(*columns).where(articles.c.number > last).order_by(articles.c.number).limit(_PAGE)
        ).all()
        if not page:
            return
        rows = []
        for row in page:
            article = Article(url=row.url, title=row.title, text=row.text, guid=row.guid, source=row.source)
            rows += [{"key": key, "id": row.id} for key in dict.fromkeys(keys(article, row.fingerprint).lasting())]
        connection.execute(insert(identities), rows)
        last = page[-1].number


_PAGE = 5_000  # articles


def _add_accounts(connection: Connection) -> None:
    """Schema 3: readers and keys."""
    for table in (users, api_keys):
        table.create(connection)


def _add_stories(connection: Connection) -> None:
    """Schema 4: stories; they are made when the index is next brought up to date."""
    connection.execute(text("ALTER TABLE archive ADD COLUMN told BIGINT DEFAULT 0 NOT NULL"))
    for table in (fingerprints, likenesses):
        table.create(connection)


def _part_articles(connection: Connection) -> None:
    """Schema 5: the body stands apart from captions and furniture, in what articles said before too.

    What they say is read again from what is kept, so that the same file read again is no change; what happened to them
    does not change, and so neither do their numbers in the change sequence. An older program's words end here.
    """
    for table in (articles, revisions):
        for name in ("captions", "furniture"):
            connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {name} TEXT DEFAULT '' NOT NULL"))
    connection.execute(text("ALTER TABLE articles ADD COLUMN origin TEXT DEFAULT '' NOT NULL"))
    for table in (articles, revisions):
        _part_again(connection, table)


_PARTED = ("source", "author", "language", "published", "title", "text", "captions", "furniture")


def _part_again(connection: Connection, table: Table) -> None:
    """Part every row of articles or revisions, and write what it may be recognised by now."""
    last = 0
    columns = [table.c[name] for name in ("number", "id", "html", *_PARTED)]
    if table is articles:
        columns += [table.c[name] for name in ("url", "guid", "part")]
    # Only an archive that becomes a newer one needs all the rules of wording.
    from indexer.extraction.rereading import reread

    while True:
        rows = connection.execute(
            select(*columns).where(table.c.number > last).order_by(table.c.number).limit(_PARTED_AT_ONCE)
        ).all()
        if not rows:
            return
        changed, known = [], []
        for row in rows:
            members = row._asdict()
            number = members.pop("number")
            article = reread(Article(**({"url": ""} | members)))
            mark = fingerprint(article)
            words = {name: getattr(article, name) for name in _PARTED}
            changed.append({"row": number, "fingerprint": mark, **words})
            if table is articles:
                known += [(key, article.id) for key in dict.fromkeys(keys(article, mark).lasting())]
        values: dict[str, Any] = {name: bindparam(name) for name in ("fingerprint", *_PARTED)}
        connection.execute(update(table).where(table.c.number == bindparam("row")).values(values), changed)
        there = set(connection.execute(select(identities).where(identities.c.key.in_({key for key, _ in known}))))
        if new := [{"key": key, "id": id} for key, id in dict.fromkeys(known) if (key, id) not in there]:
            connection.execute(insert(identities), new)
        last = rows[-1].number


_PARTED_AT_ONCE = 200  # articles


def _add_tombstones(connection: Connection) -> None:
    """Schema 6: articles that were forgotten for good."""
    for table in (tombstones, tombstone_keys):
        table.create(connection)


def _add_marks(connection: Connection) -> None:
    """Schema 7: what readers marked."""
    marks.create(connection)


def _add_watches(connection: Connection) -> None:
    """Schema 8: watches, what they found, and what is to be delivered; which change an article came with."""
    connection.execute(text("ALTER TABLE changes ADD COLUMN came BIGINT DEFAULT 0 NOT NULL"))
    for table in (watches, findings, deliveries):
        table.create(connection)


def _add_hiding_and_folders(connection: Connection) -> None:
    """Schema 9: sources that readers hid; feeds have a folder, and may rest."""
    hidden_sources.create(connection)
    connection.execute(text("ALTER TABLE subscriptions ADD COLUMN folder TEXT DEFAULT '' NOT NULL"))
    connection.execute(text("ALTER TABLE subscriptions ADD COLUMN paused BOOLEAN DEFAULT FALSE NOT NULL"))


def _add_pages(connection: Connection) -> None:
    """Schema 10: feeds whose articles' pages are fetched, and which of these wait."""
    connection.execute(text("ALTER TABLE subscriptions ADD COLUMN full_text BOOLEAN DEFAULT FALSE NOT NULL"))
    pages.create(connection)


def _add_entities(connection: Connection) -> None:
    """Schema 11: the names in articles; they are found when the index is next brought up to date."""
    article_names.create(connection)


def _add_messages(connection: Connection) -> None:
    """Schema 12: watches that tell by a messaging service. Those that schema 8 just made know it already."""
    if "notify" not in {column["name"] for column in inspect(connection).get_columns(watches.name)}:
        connection.execute(text("ALTER TABLE watches ADD COLUMN notify TEXT DEFAULT '' NOT NULL"))


# ``MIGRATIONS[n]`` turns schema n + 1 into n + 2. A change of the tables above adds one here; none is ever edited.
MIGRATIONS: list[Migration] = [
    _recognise_articles,
    _add_accounts,
    _add_stories,
    _part_articles,
    _add_tombstones,
    _add_marks,
    _add_watches,
    _add_hiding_and_folders,
    _add_pages,
    _add_entities,
    _add_messages,
]

# Any number will do, as long as nothing else in the database uses it: ASCII "xunwen".
_MIGRATION_LOCK = 0x78756E77656E


def is_current(connection: Connection) -> bool:
    """Whether the tables are there as this program knows them. Raises ``ArchiveError`` when they are newer."""
    if not inspect(connection).has_table(state.name):
        return False
    schema, newest = _version(connection), len(MIGRATIONS) + 1
    if schema > newest:
        raise ArchiveError(
            f"The archive has schema {schema}, made by a newer version of this program, which knows schema {newest} "
            "and older: upgrade the program"
        )
    return schema == newest


def migrate(connection: Connection) -> None:
    """Create the tables, or bring older ones up to date, in the caller's transaction for writing."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    newest = len(MIGRATIONS) + 1
    if not inspect(connection).has_table(state.name):
        metadata.create_all(connection)
        connection.execute(insert(state).values(schema=newest, sequence=0))
    elif not is_current(connection):
        for migration in MIGRATIONS[_version(connection) - 1 :]:
            migration(connection)
        connection.execute(update(state).values(schema=newest))


def _version(connection: Connection) -> int:
    return int(connection.scalars(select(state.c.schema)).one())
