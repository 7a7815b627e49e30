"""Did you mean: other spellings of a question that found little.

Han characters are taken for others that sound alike (特郎普), nearly alike (z and zh, n and ng, as southern accents
have it) or look alike; Latin words for others a letter or two away; and a Latin word for the pinyin of Han characters.
Only words of the lexicon and of the tables of names are proposed, and only what would find many more articles.
Real words that the archive has are not changed, and nothing is changed into what looks misprinted itself.
"""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import accumulate, chain, islice, product
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.text.characters import is_han, look_alikes
from indexer.text.fold import fold, fold_with_offsets
from indexer.text.lexicon import Lexicon
from indexer.text.pinyin import readings
from indexer.text.variants import Variants
from search_app.query.words.completion import Completer, Suggestion

LONGEST = 64
"""Characters of a question that is looked at; for a longer one nothing is proposed."""

FEW = 20
"""A question with at most so many hits is one that may be misspelt: so is the archive, here and there."""

_TIMES = 10
"""How many times as many articles as the question a proposal must find."""

_MOST_ASKED = 8
"""Proposals whose hits are counted for one question."""

_MOST_SYLLABLES = 4
"""Pieces of pinyin between blanks that are one word, at most."""

SHORT = 3
"""Han characters of a question that may well stand inside something longer."""

_LONGEST_ENTRY = 8
_MOST_KEYS = 8
"""Combinations of readings of one entry."""


class Words(Protocol):
    """Which words there are: ``indexer.text.analyser.Analyser``, or a test's own."""

    def cut(self, text: str) -> list[str]: ...

    def has_word(self, text: str) -> bool: ...


class SpellingSuggester:
    """Proposals from one lexicon and the names of a table. Immutable; safe to use from many threads."""

    def __init__(self, lexicon: Lexicon, variants: Variants, completer: Completer, words: Words) -> None:
        self._names = frozenset(s for group in variants.groups for s in group.spellings if not s[0].isascii())
        forms = (form for group in variants.groups for form in (*group.spellings, *group.asked) if form.isascii())
        latin = (word for word in chain.from_iterable(map(str.split, forms)) if word.isalpha())
        self._counts = dict.fromkeys((*self._names, *latin), 1) | lexicon.counts
        self._completer = completer
        self._words = words
        self._latin = sorted(entry for entry in self._counts if entry[0].isascii() and len(entry) > 3)
        self._sounds: dict[str, list[str]] = {}
        for entry in self._counts:
            if not entry[0].isascii() and len(entry) <= _LONGEST_ENTRY:
                for key in _sound_keys(entry):
                    self._sounds.setdefault(key, []).append(entry)

    def propose(self, asked: str, hits: int, count: Callable[[str], int], limit: int = 3) -> list[Suggestion]:
        """Other ways to write ``asked``, which found ``hits`` articles, with what they find; the likeliest first.

        ``count`` tells how many articles a question finds; it is asked a few times at most, and not at all when there
        are more than ``FEW`` hits.
        """
        folded = fold_with_offsets(asked)
        if hits > FEW or not 1 < len(folded.text) <= LONGEST:
            return []
        likely: dict[str, float] = {}
        for start, end, entry, cost in self._replacements(folded.text, hits):
            if entry != folded.text[start:end] and not self._is_misprint(entry):
                first, last = folded.original(start, end)
                text = asked[:first] + entry + asked[last:]
                likely[text] = min(cost, likely.get(text, cost))
        if spoken := self._spoken(asked):
            likely[spoken] = 0.0
        order = sorted(likely, key=lambda text: (likely[text], text))[:_MOST_ASKED]
        counted = [Suggestion(text, count(text)) for text in order]
        # What finds next to nothing beside another is a misprint of it itself.
        least = max((each.count for each in counted), default=0) / _TIMES
        return [each for each in counted if each.count > _TIMES * hits and each.count >= least][:limit]

    def is_unknown(self, asked: str) -> bool:
        """Whether a question is a few Han characters that are no word or name that anything tells of.

        It may stand in many articles as a part of something longer (普金 in 霍普金斯), which tells nothing of it.
        """
        run = fold_with_offsets(asked).text
        return 1 < len(run) <= SHORT and all(map(is_han, run)) and run not in self._counts and not self._is_real(run)

    def _is_real(self, piece: str) -> bool:
        return piece in self._names or self._words.has_word(piece)

    def _spoken(self, asked: str) -> str | None:
        """The question when some of it is written in pinyin, with blanks between words or between syllables.

        Other words of it must be Han, or Latin words that are known.
        """
        syllables = asked.split()
        words: list[str] = []
        start = 0
        while start < len(syllables):
            most = start + 1
            while most < min(len(syllables), start + _MOST_SYLLABLES) and syllables[most].isascii():
                most += 1
            for end in range(most, start, -1):
                typed = "".join(syllables[start:end])
                if not all(map(is_han, typed)) and (sounding := self._completer.sounding(typed)):
                    words.append(sounding[0])
                    start = end
                    break
            else:
                if syllables[start].isascii() and fold(syllables[start]) not in self._counts:
                    return None
                words.append(syllables[start])
                start += 1
        return " ".join(words) if words != syllables else None

    def _replacements(self, text: str, hits: int) -> Iterator[tuple[int, int, str, float]]:
        """Pieces of the text, what may be meant by each, and how unlikely that is."""
        for start, end in _runs(text):
            if text[start].isascii():
                for entry, cost in self._near_latin(text[start:end]):
                    yield start, end, entry, cost
                continue
            words = self._words.cut(text[start:end])
            edges = list(accumulate(map(len, words), initial=start))
            # No piece begins or ends inside a word: 洲人 of 欧洲人权.
            inside = {at for low, word in zip(edges, words, strict=False) for at in self._inside(word, low)}
            # Lone characters are what segmentation makes of what it does not know.
            odd = [low for low, word in zip(edges, words, strict=False) if not (len(word) > 1 and self._is_real(word))]
            for low in range(start, end):
                for high in range(low + 2, min(end, low + _LONGEST_ENTRY) + 1):
                    piece = text[low:high]
                    if low in inside or high in inside:
                        continue
                    if (hits or piece in self._counts) and not any(low <= place < high for place in odd):
                        continue
                    # A wrong piece is likelier when it covers more of what was written.
                    missing = (end - start - (high - low)) / (end - start)
                    for entry, cost in self._near_han(piece, much=not hits):
                        yield low, high, entry, cost + missing

    def _inside(self, word: str, start: int) -> range:
        return range(start + 1, start + len(word)) if self._is_real(word) else range(0)

    def _near_han(self, piece: str, *, much: bool = False) -> Iterator[tuple[str, float]]:
        """Entries that sound or look like the piece, and how unlikely each is. Half of the characters stay, or with
        ``much`` their sound does. Two characters must sound the same, or be a name."""
        known = self._counts.get(piece, 0)
        for key in _sound_keys(piece):
            for entry in self._sounds.get(key, ()):
                if entry != piece and self._counts[entry] >= _TIMES * known:
                    changed = sum(a != b for a, b in zip(entry, piece, strict=True))
                    accents = sum(not _share_reading(a, b) for a, b in zip(entry, piece, strict=True))
                    if changed > len(piece) // 2 and (accents or not much):
                        continue
                    if accents and len(piece) == 2 and not much and entry not in self._names:
                        continue
                    yield entry, 0.1 * changed + 0.3 * accents + self._rarity(entry)
        for place, character in enumerate(piece):
            for other in look_alikes().get(character, ()):
                entry = piece[:place] + other + piece[place + 1 :]
                if self._counts.get(entry, -1) >= _TIMES * known:
                    yield entry, 0.4 + self._rarity(entry)

    def _near_latin(self, word: str) -> Iterator[tuple[str, float]]:
        if len(word) > 3:
            furthest = 1 if len(word) < 8 else 2
            near = process.extract(word, self._latin, scorer=OSA.distance, score_cutoff=furthest, limit=5)
            for entry, distance, _ in near:
                if self._counts[entry] >= _TIMES * self._counts.get(word, 0):
                    yield entry, 0.3 * distance + self._rarity(entry)
        for entry in self._completer.sounding(word)[:3]:
            yield entry, 0.2 + self._rarity(entry)

    def _is_misprint(self, entry: str) -> bool:
        """Whether an entry that nothing else vouches for is far rarer than a word that is nearly the same."""
        count = self._counts[entry]
        if entry[0].isascii() or self._is_real(entry):
            return False
        return any(self._counts[near] >= _TIMES * count for near, _ in self._near_han(entry))

    def _rarity(self, entry: str) -> float:
        return 1 / (1 + self._counts[entry])


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """The runs of Han characters and of Latin letters in a text."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or _kind(text[end]) != _kind(text[start]):
            if _kind(text[start]) and end - start > 1:
                yield start, end
            start = end


def _kind(character: str) -> str:
    if "a" <= character <= "z":
        return "latin"
    return "han" if is_han(character) else ""


_ACCENTS = str.maketrans({"v": "u"})


@cache
def _accented(reading: str) -> str:
    """The reading as most accents of Chinese pronounce it: zh as z, ng as n, and so on."""
    for standard, accent in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        reading = reading.replace(standard, accent)
    return reading.translate(_ACCENTS)


def _sound_keys(han: str) -> list[str]:
    """What the characters sound like, in every usual reading, as keys to compare."""
    alternatives = [dict.fromkeys(map(_accented, readings(character))) for character in han]
    return [" ".join(choice) for choice in islice(product(*alternatives), _MOST_KEYS)]


def _share_reading(one: str, other: str) -> bool:
    return not set(readings(one)).isdisjoint(readings(other))
