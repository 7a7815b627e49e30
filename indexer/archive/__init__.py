"""The archive: every article ever read, kept once, with the order in which things changed.

It is the truth that any search index can be rebuilt from. SQLite in one file by default, the same code on PostgreSQL.
"""

from indexer.archive.history import History, Revision
from indexer.archive.identity import article_id
from indexer.archive.pages import Page, PageCounts, Pages
from indexer.archive.readers.accounts import Account, Accounts
from indexer.archive.readers.marks import ArticleMarks, Hidden, HiddenSource, Mark, MarkKind, Marks
from indexer.archive.readers.outbox import Delivery, Outbox
from indexer.archive.readers.watches import Draft, Finding, Match, Watch, Watches
from indexer.archive.store import Archive, Change, Counts, Statistics
from indexer.archive.stories import Fingerprinted, Pending, Stories
from indexer.archive.subscriptions import Subscription, Subscriptions
from indexer.archive.tombstones import Tombstone

__all__ = [
    "Account",
    "Accounts",
    "Archive",
    "ArticleMarks",
    "Change",
    "Counts",
    "Delivery",
    "Draft",
    "Finding",
    "Fingerprinted",
    "Hidden",
    "HiddenSource",
    "History",
    "Mark",
    "MarkKind",
    "Marks",
    "Match",
    "Outbox",
    "Page",
    "PageCounts",
    "Pages",
    "Pending",
    "Revision",
    "Statistics",
    "Stories",
    "Subscription",
    "Subscriptions",
    "Tombstone",
    "Watch",
    "Watches",
    "article_id",
]
