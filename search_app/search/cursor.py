"""Cursors: where a page ended, as an opaque string that belongs to one question.

A cursor holds what the next page must see as the first one did: the place in the order, the state of the index, the
moment that "today" and recency are counted from, and how many parts a partial match must hold. Its check sum covers the
question too, so that a cursor that was changed, cut or used with another question is refused. There is nothing secret
in it: whoever computes a valid one can do no more than ask.

Layout: base64url of 8 bytes BLAKE2b and a JSON array ``[version, key, id, snapshot, now, at_least, shown]``.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Self

from indexer.engine.index import SearchAfter
from indexer.errors import QueryError
from search_app.query.interpreter import MAX_CONCEPTS
from search_app.query.parameters import SearchParameters

VERSION = 2
_CHECK_BYTES = 8
_LONGEST = 8_192
_LARGEST = 2**37
"""No score and no second of the years 1 to 6325 is larger."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """``now`` is the UTC epoch second of the first page; ``at_least`` is 0 unless matches are partial."""

    after: SearchAfter
    now: int
    at_least: int = 0

    def encode(self, parameters: SearchParameters, zone: str) -> str:
        """``zone`` is the one that days are counted in."""
        values = [
            VERSION,
            self.after.key,
            self.after.id,
            self.after.snapshot,
            self.now,
            self.at_least,
            self.after.shown,
        ]
        payload = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(_check(payload, parameters, zone) + payload).decode().rstrip("=")

    @classmethod
    def decode(cls, parameters: SearchParameters, zone: str) -> Self | None:
        """The question's cursor, ``None`` if it has none. Raises ``QueryError`` ``bad_cursor``."""
        if not parameters.cursor:
            return None
        try:
            if len(parameters.cursor) > _LONGEST:
                raise ValueError("too long")
            padding = "=" * (-len(parameters.cursor) % 4)
            raw = base64.b64decode(parameters.cursor + padding, altchars=b"-_", validate=True)
            check, payload = raw[:_CHECK_BYTES], raw[_CHECK_BYTES:]
            if check != _check(payload, parameters, zone):
                raise ValueError("does not belong to this question")
            return cls._read(json.loads(payload))
        # ValueError: also bad base64 and bad JSON; RecursionError: lists in lists.
        except (ValueError, RecursionError) as error:
            raise QueryError("bad_cursor", field="cursor") from error

    @classmethod
    def _read(cls, values: object) -> Self:
        """The check sum has no key, so whoever likes can make one: every value must be what ``encode`` writes."""
        match values:
            case [
                version,
                (int() | float() | None) as key,
                str() as id,
                str() as snapshot,
                int() as now,
                int() as held,
                int() as shown,
            ]:
                whole = not any(isinstance(value, bool) for value in values)
                bounded = (key is None or abs(key) < _LARGEST) and 0 <= now < _LARGEST and 0 <= held <= MAX_CONCEPTS
                bounded = bounded and 0 <= shown < _LARGEST
                if version == VERSION and whole and bounded and (id + snapshot).isascii():
                    return cls(SearchAfter(key, id, snapshot, shown), now, held)
        raise ValueError("not what was written")


def _check(payload: bytes, parameters: SearchParameters, zone: str) -> bytes:
    """Covers everything that decides which articles come in which order; pages may differ in size and form."""
    asked = replace(parameters, cursor="", limit=1, facets_of="articles", explain=False, fields=())
    return hashlib.blake2b(payload + repr((asked, zone)).encode(), digest_size=_CHECK_BYTES).digest()
