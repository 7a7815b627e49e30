"""Names learned from the archive: articles gloss a foreign name as 译名（Latin）, each newsroom with its own 译名.

Putting together what stands before the same Latin name gives its spellings: 纳瓦尔尼, 纳瓦尼, 纳瓦利内 (Navalny). The
difficulty is where the name begins, for Chinese sets no space between 总统 and 川普. Three witnesses decide:

sound
    a transliteration sounds like one of the Latin words; each character too many or too few sounds worse
    (``transliteration``);
words
    a name doesn't begin inside a word of the dictionary: not 统川普 in 总统川普;
company
    elsewhere in the same article the name stands after other characters. What nearly always has the same character
    before it is the end of something longer (达伟 of 史达伟); what often stands without its first character has one too
    many.

Characters that hardly any transliteration has (长, 员, 的) end what stands before the name in any case.

A name that sounds like nothing in the Latin (贺锦丽, Kamala Harris) is taken on the strength of its company alone, and
only when many articles have it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import rjieba

from indexer import files
from indexer.errors import ArchiveError
from indexer.text.groups import Group, fits, fitting, write_groups
from indexer.text.names.glosses import EDGE, NEVER, Evidence, name_part, read_glosses
from indexer.text.names.ordinary import is_institution, is_nameless, is_ordinary
from indexer.text.names.transliteration import similarities, similarity

ORIGIN = "learned"

MOST_NAMES = 20_000
"""Names that are kept: those with the most articles."""

_HEADER = "# Names learned from the archive's glosses; rewritten by every rebuild. Veto or add in variants.tsv.\n"

_FREE = frozenset(NEVER + EDGE)

_LAST = "last"

_ENOUGH = 4
"""Articles that must gloss a name before its company alone is believed."""

_ALONE = 0.7
"""Share of a last name's articles that one person needs to be meant by the last name alone."""


@dataclass(frozen=True, slots=True)
class LearnedName:
    """What the archive calls one Latin name. ``latin`` and ``spellings`` are folded; the counts are articles, the most
    first. ``asked`` are the Latin forms that mean it. ``example`` is a piece of text with the gloss."""

    latin: str
    spellings: tuple[tuple[str, int], ...]
    asked: tuple[str, ...]
    example: str

    @property
    def articles(self) -> int:
        return sum(count for _, count in self.spellings)

    def group(self) -> Group | None:
        """The spellings as far as a group can hold them, ``None`` if they make none."""
        return fitting(Group(tuple(spelling for spelling, _ in self.spellings), self.asked, (), ORIGIN))


def learn(texts: Iterable[str]) -> list[LearnedName]:
    """The names in these articles (title and text each), the most frequent first. Reads the iterable once."""
    evidence = read_glosses(texts)
    examples = {latin: seen.example for latin, seen in evidence.items()}
    named = {}
    while evidence:
        latin, seen = evidence.popitem()
        if found := _spellings(latin, seen):
            named[latin] = found
    names = [
        LearnedName(latin, tuple(found.items()), asked, examples[latin])
        for latin, found, asked in _with_latin_forms(named)
    ]
    names.sort(key=lambda name: (-name.articles, name.latin, name.spellings))
    return names[:MOST_NAMES]


def _spellings(latin: str, seen: Evidence) -> dict[str, dict[str, int]]:
    """The name's spellings and how many articles gloss each, by the place of the words they stand for."""
    places = _places(latin.replace("'", "").split())
    heard: dict[tuple[str, str], float] = {}
    numbers: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
    unheard: defaultdict[str, set[int]] = defaultdict(set)
    for context, articles_with in seen.contexts.items():
        best = _by_sound(context, places, seen)
        if best is None:
            unheard[name_part(context)] |= articles_with
        else:
            sound, place, spelling = best
            heard[place, spelling] = sound
            numbers[place, spelling] |= articles_with
    found: dict[str, dict[str, int]] = {}
    for place in dict.fromkeys(place for place, _ in heard):
        sounds = {spelling: sound for (where, spelling), sound in heard.items() if where == place}
        articles = {spelling: len(numbers[place, spelling]) for spelling in sounds}
        kept = {spelling: articles[spelling] for spelling in sounds if _believable(spelling, sounds, articles)}
        if kept:
            found[place] = kept
    for spelling, count in _by_company(unheard, seen).items():
        found.setdefault(_LAST, {})[spelling] = count
    return found


def _places(words: list[str]) -> dict[str, str]:
    """What a spelling may sound like -> which of the name's words it then stands for.

    The last name, alone or with what is before it, is one place; each other word is one.
    """
    places = {word: word for word in words[:-1] if len(word) > 1}
    return places | {"".join(words[start:]): _LAST for start in range(len(words))}


def _believable(spelling: str, sounds: dict[str, float], articles: dict[str, int]) -> bool:
    """Whether a spelling found by sound is a name of its own, and seen often enough for how well it sounds."""
    sound, seen = sounds[spelling], articles[spelling]
    if is_nameless(spelling):
        return False
    for other in _parts(spelling):
        if (its_sound := sounds.get(other)) is not None:
            better = sound - its_sound > (0.06 if spelling.endswith(other) else 0.02)
            if not (better or (sound >= its_sound and seen > articles[other])):
                return False
    if seen == 1:
        return sound >= 0.92 and len(spelling) > 2
    word = len(spelling) == 2 and rjieba.cut(spelling, False) == [spelling]
    return sound >= (0.85 if word else 0.76 if seen < 8 else 0.7)


def _by_sound(context: str, places: dict[str, str], seen: Evidence) -> tuple[float, str, str] | None:
    """How the end of a context sounds best, which place of the Latin name it stands for, and the spelling."""
    part = name_part(context)
    starts = _word_starts(context)
    best: tuple[float, int, str, str] | None = None
    for word, place in places.items():
        for size, sound in enumerate(similarities(part, word), 1):
            inside = len(part) > size and len(context) - size not in starts
            score = sound - (0.12 if inside else 0) + (0.05 if place == _LAST else 0)
            if size > 1 and sound >= 0.7 and (best is None or score > best[0]):
                best = score, size, place, word
    if best is None:
        return None
    _, size, place, word = best
    sounds = similarities(part, word)
    while size > 2 and _too_long(part[-size:], seen) and sounds[size - 2] > sounds[size - 1] - 0.12:
        size -= 1
    while size < len(sounds) and len(context) - size - 1 in starts and _too_short(part[-size:], part[-size - 1], seen):
        size += 1
    sound = sounds[size - 1] - (0.1 if len(part) > size and len(context) - size not in starts else 0)
    return (sound, place, part[-size:]) if sound >= 0.7 else None


def _word_starts(context: str) -> set[int]:
    """Where the dictionary's words begin in a context."""
    starts, place = set(), 0
    for word in rjieba.cut(context, False):
        starts.add(place)
        place += len(word)
    return starts


def _too_long(spelling: str, seen: Evidence) -> bool:
    """Whether the spelling stands without its first character more often than with it, and where names do begin."""
    before = seen.before(spelling[1:])
    free = sum(count for character, count in before.items() if character in _FREE)
    return before[spelling[0]] < 0.5 * before.total() and free >= 0.2 * before.total()


def _too_short(spelling: str, character: str, seen: Evidence) -> bool:
    """Whether the spelling hardly ever stands without that character before it."""
    before = seen.before(spelling)
    return before.total() > 2 and before[character] >= 0.9 * before.total()


def _by_company(contexts: Mapping[str, set[int]], seen: Evidence) -> dict[str, int]:
    """The spellings that sound like nothing but are names by the company they keep, and their articles."""
    by_ending: defaultdict[str, list[str]] = defaultdict(list)
    for context in contexts:
        if len(context) > 1:
            by_ending[context[-2:]].append(context)
    found: dict[str, int] = {}
    for alike in by_ending.values():
        longest = max(alike, key=len)
        size = 2
        while size < min(len(longest), 5) and _too_short(longest[-size:], longest[-size - 1], seen):
            size += 1
        spelling = longest[-size:]
        glossed = set().union(*(contexts[context] for context in alike if context.endswith(spelling)))
        before = seen.before(spelling)
        usual = max((count for character, count in before.items() if character != EDGE), default=0)
        varied = len(before) > 2 and usual <= 0.6 * before.total()
        if len(glossed) >= _ENOUGH and varied and any(len(word) == 1 for word in rjieba.cut(spelling, False)):
            found[spelling] = len(glossed)
    return {name: count for name, count in found.items() if found.keys().isdisjoint(_parts(name))}


def _parts(spelling: str) -> Iterator[str]:
    """Whatever stands in the spelling and is shorter."""
    for start in range(len(spelling)):
        for end in range(start + 1, len(spelling) + 1):
            if end - start < len(spelling):
                yield spelling[start:end]


def _with_latin_forms(
    named: dict[str, dict[str, dict[str, int]]],
) -> Iterator[tuple[str, dict[str, int], tuple[str, ...]]]:
    """Each name's Latin form, its spellings, and the Latin forms that may be asked for it.

    The full form means the place with the most articles (Melania Trump is 梅拉尼娅, not 特朗普). One word of it alone
    means the name only when no other name has much of that word, and when it is none of English and no syllable of
    Chinese; a first name only where the last name is written too, for 陆克文 is no Kevin.
    """
    totals: Counter[str] = Counter()
    for latin, places in named.items():
        for place, spellings in places.items():
            totals[latin.split()[-1] if place == _LAST else place] += sum(spellings.values())
    for latin, places in named.items():
        main = max(places, key=lambda place: sum(places[place].values()))
        for place, spellings in places.items():
            word = latin.split()[-1] if place == _LAST else place
            alone = len(word) > 3 and sum(spellings.values()) >= _ALONE * totals[word]
            alone = alone and (place == _LAST or len(places) > 1) and not any(map(is_institution, spellings))
            heard = alone and max(similarity(spelling, word.replace("'", "")) for spelling in spellings) >= 0.7
            forms = dict.fromkeys([latin] * (place == main) + [word] * heard)
            asked = tuple(form for form in forms if fits(form) and not is_ordinary(form))
            ordered = dict(sorted(spellings.items(), key=lambda item: (-item[1], item[0])))
            if len(ordered) > 1 or asked:
                yield latin, ordered, asked


def save_learned(names: Sequence[LearnedName], path: Path) -> None:
    """Replace the file of learned groups in one step; ``ArchiveError`` when it cannot be written."""
    groups = (group for name in names if (group := name.group()))
    try:
        files.replace_file(path, write_groups(groups, _HEADER).encode())
    except OSError as error:
        raise ArchiveError(f"cannot write the learned names: {error}") from error
