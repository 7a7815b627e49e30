"""Organisations' names: words that end as such names do, from a name that they begin with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from indexer.entities.known import Known, is_common, is_organisation
from indexer.entities.tokens import Claim, Tokens
from indexer.entities.words import listed

_WITHIN = frozenset(["", "n", "vn", "b", "j", "nz", "ns", "nt", "nr", "nrt", "x", "a", "l", "an", "c", "p", "f"])
"""Tags of what an organisation's name may consist of."""

_PROPER = frozenset(["nr", "nrt", "nz", "nt", "x"])
_JOINING = frozenset(["与", "和", "暨", "及"])
_UNITS = frozenset("省市县区州")

_LONGEST = 5
"""Words before the last of an organisation's name."""


def is_head(word: str, tag: str, known: Known) -> bool:
    """Whether an organisation's name may end with this word, or be it."""
    heads, kind = listed("organisation heads"), known.names.get(word)
    if kind is not None:
        return kind == "organisation"
    if word in heads or (word[0] in _UNITS and word[1:] in heads):
        return True
    return tag in _WITHIN and is_organisation(word)


class Organisations:
    """The organisations' names in one text."""

    def __init__(self, tokens: Tokens, known: Known) -> None:
        self._tokens = tokens
        self._known = known
        self._names = known.names

    def ending_with(self, places: Iterable[int]) -> Iterator[Claim]:
        """The names that end with these tokens."""
        for place in places:
            word, tag = self._tokens.words[place], self._tokens.tags[place]
            first = self._beginning(place)
            if first < place or self._names.get(word) == "organisation" or (tag == "nt" and is_organisation(word)):
                yield Claim(first, place + 1, "organisation")

    def _beginning(self, head: int) -> int:
        """The first word of the name that ends with this one; ``head`` where nothing before belongs to it."""
        word = self._tokens.words[head]
        if word in self._names and word not in listed("organisation heads"):
            return head
        reach = 1 if word in listed("next to a country") or word in self._names else _LONGEST
        first, proper = head, False
        for place in range(head - 1, max(-1, head - 1 - reach), -1):
            if self._tokens.tags[place] == "eng":
                return place
            if self._tokens.words[place] == " ":
                continue
            if not self._tokens.is_han(place) or self._tokens.tags[place] not in _WITHIN:
                break
            kind, before = self._names.get(self._tokens.words[place]), self._tokens.words[place]
            if kind == "person" and place == head - 1 and word in listed("named after people"):
                return place
            if kind == "person" or (self._tokens.tags[place] in ("c", "p") and not self._joins(place)):
                break
            if kind == "organisation":
                # 外交部 of 中国外交部 is a name by itself; what stands before two of them is the first one's.
                return place if word not in self._names and place == head - 1 else first
            if first < head and before == self._tokens.words[first]:
                break
            if kind == "place" or (self._tokens.tags[place] == "nz" and not is_common(before, tagged=False)):
                first = place
            proper = proper or (kind is None and self._tokens.tags[place] in _PROPER)
        return head if first < head and not proper and self._is_any(first, word, head - first) else first

    def _joins(self, place: int) -> bool:
        """Whether an “and” stands within a name (疾病控制与预防中心) rather than between two."""
        return self._tokens.words[place] in _JOINING and self._tokens.word(place - 1) not in listed(
            "organisation heads"
        )

    def _is_any(self, first: int, head: str, words: int) -> bool:
        """Whether a place and the end of organisations' names are no name together: 美国公司 is any of that country."""
        if self._tokens.words[first] in self._known.countries and head in listed("any of a country"):
            return True
        return words == 1 and head in listed("any of a place") and self._names.get(self._tokens.words[first]) == "place"
