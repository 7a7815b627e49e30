"""Which names are one entity's: all spellings of a name, in every script and region, with and without what may be left
out of it.

Spellings come from the tables of names, CLDR and what was learned from the archive (``Variants.groups``); a name
belongs to the first group that has it. 武汉市 is 武汉 where an archive has both. A full name is the last name's where
most full names with it are that one: 唐纳德·特朗普 is 特朗普, and 梅拉尼娅·特朗普 is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from indexer.entities.known import Kind
from indexer.entities.personal_names import DOT, DOTS
from indexer.text.fold import fold
from indexer.text.gaps import close_gaps
from indexer.text.groups import Group
from indexer.text.names.built_in import SYNONYMS, TRANSLATED
from indexer.text.names.mining import ORIGIN as LEARNED
from indexer.text.names.regional import ORIGIN as REGIONAL

Key = tuple[Kind, str]
"""An entity: its kind, and the folded spelling that stands for all."""

_MAIN = 0.5
"""Share of the articles with a full name that one of them must exceed to be meant by the last name alone."""

_LEFT_OUT = ("特区", "地区", "市", "省", "县", "州")
_SHORTEST_STATE = 3
"""Characters of a state's name without 州: 纽约州 is not 纽约."""

_SAME_NAME = frozenset(["华盛顿"])
"""Cities that have a state's name."""

_OTHER_WORDS = frozenset([REGIONAL, SYNONYMS, TRANSLATED])
"""Origins of groups that tell no names."""


class Identities:
    """Tells which entity a name is of. ``articles`` are the names of an archive with how many articles have each."""

    def __init__(self, groups: Iterable[Group], articles: Mapping[tuple[Kind, str], int]) -> None:
        """Names may be written in any way; see ``folded_names``."""
        self._first: dict[str, str] = {}
        for group in groups:
            if group.origin not in _OTHER_WORDS:
                members = (*group.spellings, *group.found, *group.asked)
                # A gloss of Beau Biden as 拜登 makes him no Joe Biden.
                is_anothers = group.origin == LEARNED and members[0] in self._first
                for spelling in members[: -len(group.asked)] if is_anothers and group.asked else members:
                    self._first.setdefault(spelling, members[0])
        self._here = {name for kind, name in articles if kind == "place"}
        self._last = self._last_names(articles)

    def key(self, kind: Kind, name: str) -> Key:
        """The entity of a folded name."""
        if kind == "person" and DOT in name:
            return kind, self._last.get(self._spelling(name)) or self._spelling(name)
        if kind == "place":
            return kind, self._place(name)
        return kind, self._spelling(name)

    def _spelling(self, name: str) -> str:
        """The first spelling of a name's group, and of that one's."""
        for _ in range(2):
            name = self._first.get(name, name)
        return name

    def _place(self, name: str) -> str:
        first = self._spelling(name)
        for end in _LEFT_OUT if first == name else ():
            stem = name.removesuffix(end)
            enough = _SHORTEST_STATE if end == "州" else 2
            if stem != name and len(stem) >= enough and stem in self._here and (end != "州" or stem not in _SAME_NAME):
                return self._spelling(stem)
        return first

    def _last_names(self, articles: Mapping[tuple[Kind, str], int]) -> dict[str, str]:
        """The full names that are the last name's, by their first spellings."""
        full: defaultdict[str, Counter[str]] = defaultdict(Counter)
        alone: Counter[str] = Counter()
        for (kind, name), count in articles.items():
            if kind == "person":
                if DOT in name:
                    full[self._spelling(name.rpartition(DOT)[2])][self._spelling(name)] += count
                else:
                    alone[self._spelling(name)] += count
        found = {}
        for last, names in full.items():
            name, count = max(names.items(), key=lambda item: (item[1], item[0]))
            if alone[last] and count > _MAIN * names.total():
                found[name] = last
        return found


def folded_names(names: Sequence[str]) -> list[str]:
    """The forms in which names are compared."""
    return [close_gaps(each) for each in fold("\n".join(names)).translate(DOTS).split("\n")] if names else []
