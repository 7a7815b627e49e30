"""Spellings: a name counts as the same word however a newsroom writes it.

Only the tables that come with the program, not what was learned from an archive: two articles are as alike today as
tomorrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache

from indexer.text.fold import fold
from indexer.text.names.built_in import name_groups
from indexer.text.names.regional import regional_groups


@cache
def usual_spellings() -> Mapping[str, str]:
    """The most usual spelling of each folded word that has a more usual one and can be of one name alone."""
    groups = [tuple(map(fold, group.spellings)) for group in (*name_groups(), *regional_groups())]
    # 强生 is Boris Johnson in one place and a maker of vaccines in another.
    often = Counter(spelling for group in groups for spelling in set(group))
    return {
        spelling: group[0]
        for group in groups
        for spelling in group[1:]
        if often[spelling] == 1 and often[group[0]] == 1
    }
