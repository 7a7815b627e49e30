"""Every error that Xunwen raises on purpose.

::

    XunwenError
    ├── ConfigError            xunwen.toml, an environment variable or a flag is wrong
    ├── SourceError            an input could not be read as an article, a feed or an archive file
    ├── FetchError             a feed could not be fetched
    ├── DeliveryError          what a watch found could not be delivered
    ├── CallFailed             what was called in a process of its own went beyond its limits
    ├── ArchiveError           the article store cannot be opened, read or written
    ├── QueryError             what was asked is not a valid question (HTTP 400)
    └── IndexFailure           everything about the search index
        ├── IndexMissing       there is no index yet: build one
        ├── StampMismatch      the index was built by another analyser, dictionary or schema: rebuild
        ├── IndexCorrupt       a file of the index is truncated, foreign or damaged: rebuild
        ├── IndexLocked        another process writes to the index
        ├── Unsupported        the engine lacks a capability that the question needs
        └── EngineUnavailable  the engine cannot answer now (HTTP 503, with Retry-After)
"""

import errno
from collections.abc import Sequence
from typing import Self


class XunwenError(Exception):
    """Base of all errors below. ``str(error)`` is one line fit for a user."""


class ConfigError(XunwenError):
    """A setting is unknown or has a value that is not allowed; the message names what is."""


class SourceError(XunwenError):
    """An input could not be read. The message says why, in words a user understands."""


class FetchError(XunwenError):
    """A feed or a page could not be fetched.

    ``status`` is the server's, 0 where it did not answer; ``retry_after`` is in seconds, when the server gave one.
    """

    def __init__(self, message: str, *, status: int = 0, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class DeliveryError(XunwenError):
    """What a watch found could not be delivered; the message says why, without secrets."""


class CallFailed(XunwenError):
    """A call in a process of its own went beyond its limits, or raised what nobody expected."""


class ArchiveError(XunwenError):
    """The article store cannot be opened, read or written."""


class QueryError(XunwenError):
    """A question that cannot be answered as asked: data, for whoever tells it to a reader in their language.

    ``code`` is stable and machine-readable (``bad_date``, ``unknown_field``, …). ``field`` names the parameter or query
    field at fault, ``given`` is what stood there, ``allowed`` what could stand there instead, or examples of it.
    ``position`` is where it begins in the text ``question``, in characters from 0, if it stands in one.
    """

    def __init__(
        self, code: str, *, field: str = "", given: str = "", allowed: Sequence[str] = (), position: int | None = None
    ) -> None:
        super().__init__(f"{code}: {field} is {given!r}" if field else code)
        self.code = code
        self.field = field
        self.given = given
        self.allowed = tuple(allowed)
        self.position = position
        self.question = ""

    def at(self, position: int) -> Self:
        """This error, of what begins there, if nothing more exact is known."""
        self.position = position if self.position is None else self.position
        return self


class IndexFailure(XunwenError):
    """Base of all errors about the search index."""


class IndexMissing(IndexFailure):
    """No index has been built yet."""


class StampMismatch(IndexFailure):
    """The index was built with other analysis than the running program's; it must be rebuilt."""


class IndexCorrupt(IndexFailure):
    """A file of the index is truncated, foreign or damaged; it must be rebuilt."""


class IndexLocked(IndexFailure):
    """Another process is writing to the index."""


class Unsupported(IndexFailure):
    """The engine lacks a capability that the request needs."""


class EngineUnavailable(IndexFailure):
    """The engine cannot answer now. ``retry_after`` is a hint in seconds."""

    def __init__(self, message: str, *, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def system_reason(error: OSError) -> str:
    """Why the system refused, of which file, and what to do about it."""
    reason = error.strerror or str(error) or type(error).__name__
    if error.filename is not None:
        reason += f" ({error.filename})"
    remedy = REMEDIES.get(error.errno or 0)
    return f"{reason}: {remedy}" if remedy else reason


MAKE_ROOM = "make room on the disk"
LOOK_AFTER_DISK = "look after the disk, then try again"
GIVE_RIGHTS = "give the user of this program the right"
WAIT_FOR_OTHERS = "wait until other processes have ended, then try again"

REMEDIES = {
    errno.ENOSPC: MAKE_ROOM,
    errno.EDQUOT: MAKE_ROOM,
    errno.EIO: LOOK_AFTER_DISK,
    errno.EACCES: GIVE_RIGHTS,
    errno.EPERM: GIVE_RIGHTS,
    errno.EROFS: "choose a place that can be written",
    errno.EMFILE: "let this program open more files (ulimit -n), or end others",
    errno.ENFILE: "end other programs, or let the system open more files",
    errno.ENOMEM: "end other programs: memory is short",
    errno.EAGAIN: WAIT_FOR_OTHERS,
}
