"""Cursors: where a page ended, as an opaque string that belongs to one question.

A cursor holds what the next page must see as the first one did: the place in the order, the state of the index, the
moment that "today" and recency are counted from, and how many parts a partial match must hold. Its check sum covers the
question too, so that a cursor that was changed, cut or used with another question is refused. There is nothing secret
in it: whoever computes a valid one can do no more than ask.

Layout: base64url of 8 bytes BLAKE2b and a JSON array ``[version, key, id, snapshot, now, at_least]``.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, replace

from indexer.engine.index import After
from indexer.errors import QueryError
from search_app.query.parameters import Question

VERSION = 1
_CHECK_BYTES = 8
_LONGEST = 8_192


@dataclass(frozen=True, slots=True)
class Cursor:
    """``now`` is the UTC epoch second of the first page; ``at_least`` is 0 unless matches are partial."""

    after: After
    now: int
    at_least: int = 0

    def encode(self, question: Question, zone: str) -> str:
        """``zone`` is the one that days are counted in."""
        values = [VERSION, self.after.key, self.after.id, self.after.snapshot, self.now, self.at_least]
        payload = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(_check(payload, question, zone) + payload).decode().rstrip("=")

    @classmethod
    def decode(cls, question: Question, zone: str) -> "Cursor | None":
        """The question's cursor, ``None`` if it has none. Raises ``QueryError`` ``bad_cursor``."""
        if not question.cursor:
            return None
        try:
            if len(question.cursor) > _LONGEST:
                raise ValueError("too long")
            padding = "=" * (-len(question.cursor) % 4)
            raw = base64.b64decode(question.cursor + padding, altchars=b"-_", validate=True)
            check, payload = raw[:_CHECK_BYTES], raw[_CHECK_BYTES:]
            if check != _check(payload, question, zone):
                raise ValueError("does not belong to this question")
            version, key, id, snapshot, now, at_least = json.loads(payload)
            if version != VERSION:
                raise ValueError(f"version {version}")
        except ValueError as error:  # also bad base64, bad JSON, a wrong number of members
            raise QueryError(
                "bad_cursor",
                "翻页标记无效或不属于这个查询，请从第一页开始",
                field="cursor",
                allowed="同一查询结果里的 next",
            ) from error
        return cls(After(key, id, snapshot), now, at_least)


def _check(payload: bytes, question: Question, zone: str) -> bytes:
    """Covers everything that decides which articles come in which order; pages may differ in size and form."""
    asked = replace(question, cursor="", limit=1, explain=False, fields=())
    return hashlib.blake2b(payload + repr((asked, zone)).encode(), digest_size=_CHECK_BYTES).digest()
