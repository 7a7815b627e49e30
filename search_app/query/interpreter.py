"""What a question means: from the tree that was typed to Query nodes, and to the words that ranking goes by.

An unspaced run of Chinese is cut into concepts, and an article that holds all of them matches. Every concept is a part
of the run, so an article that holds the run letter for letter always matches too; ranking puts it first. Concepts are

1. names with other spellings (longest first), each standing for any of its spellings;
2. runs of letters, digits and symbols as they are (``COVID-19``);
3. the words of the rest, as ``words.segmentation`` cuts them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from itertools import product
from typing import cast
from zoneinfo import ZoneInfo

from indexer.engine.query import (
    And,
    Author,
    DiscoveredBetween,
    IdIn,
    Language,
    Length,
    MatchAll,
    Not,
    Or,
    Phrase,
    PublishedBetween,
    Query,
    Site,
    Source,
    TextField,
)
from indexer.errors import QueryError
from indexer.text.analyser import Analyser
from indexer.text.grams import grams, phrase_tokens
from indexer.text.variants import Found
from search_app.query.date_words import DateWord, date_words, with_dates
from search_app.query.dates import ANY_DAYS, Days, between, parse_days, parse_range
from search_app.query.interpretation import (
    Concept,
    Interpretation,
    Spelling,
    TextClause,
    all_of,
    contiguous_texts,
)
from search_app.query.marks import Marked, asks_hidden, with_marks
from search_app.query.notes import ActiveFilter, Included, Note
from search_app.query.parameters import SearchParameters, language_tag, length_range, site_host
from search_app.query.placement import in_scope, placed
from search_app.query.publishers import Publishers, with_publishers
from search_app.query.syntax import Parsed, parse
from search_app.query.tree import TEXT_FIELDS, AllOf, AnyOf, Clause, Close, Node, NoneOf, Often, is_plain
from search_app.query.words.names import NameVariants, between_names, is_alone, spellings, with_names
from search_app.query.words.segmentation import HAN_RUN, cut_run, without_function_words

MAX_CONCEPTS = 64
"""Concepts of a whole question; further ones are not required to be in an article."""

_CLAUSES = 128
"""Clauses whose readings are kept."""


class Interpreter:
    """Reads questions with one analyser and one table of names, on one day of ``zone``. May be used from many threads.

    ``variants`` is ``None`` for exactly the spellings typed. Dates in the text are counted from the ``latest`` day of
    the archive, but for those ``unwanted`` (folded); ``None`` takes none for a date. What is not ``ranked`` is told
    which articles match, and not what their order goes by. ``publishers`` knows the groups, ``None`` for no group.
    """

    def __init__(
        self,
        analyser: Analyser,
        variants: NameVariants | None,
        today: date,
        zone: ZoneInfo,
        latest: date | None = None,
        unwanted: Collection[str] = (),
        *,
        ranked: bool = True,
        publishers: Publishers | None = None,
    ) -> None:
        self._analyser = analyser
        self._variants = variants
        self._today = today
        self._latest = latest
        self._unwanted = unwanted
        self._zone = zone
        self._ranked = ranked
        self._publishers = publishers
        # What is proposed for a question differs from it in one clause.
        self._clause = lru_cache(_CLAUSES)(self._clause_read)

    def interpret(self, parameters: SearchParameters, marked: Marked | None = None) -> Interpretation:
        """The text and the dates of ``parameters``; what was selected of sources and languages stays with them.

        ``marked`` tells what the reader marked, ``None`` if that is nobody's to know. What they hid is kept out, unless
        the question asks for it.

        Raises ``QueryError``: ``unknown_field``, ``bad_operator``, ``bad_operand``, ``bad_date``, ``dates_reversed``,
        ``bad_number``, ``bad_site``, ``bad_language``, ``bad_choice``, ``no_marks``, ``unknown_group``,
        ``large_groups``.
        """
        parsed = parse(parameters.text)
        understood = self._text(parameters.text, parsed, marked)
        if marked and not parameters.hidden and not asks_hidden(parsed.tree) and (hidden := marked.hidden):
            understood = replace(understood, hidden=_any_of(hidden.ids, hidden.sources))
        days = between(parameters.from_, parameters.to, self._today)
        if days == ANY_DAYS:
            return understood
        published = PublishedBetween(*days.utc(self._zone))
        return replace(
            understood,
            match=And((understood.match, published)),
            filters=And((understood.filters, published)),
            active_filters=(*understood.active_filters, *_date_filters(days)),
            days=days,
        )

    def _text(self, text: str, parsed: Parsed, marked: Marked | None) -> Interpretation:
        if parsed.tree is None:
            empty = not text.strip()
            notes = () if empty else (Note("nothing_to_search"),)
            return Interpretation(MatchAll() if empty else Or(()), MatchAll(), notes=(*parsed.notes, *notes))
        tree = with_dates(parsed.tree) if self._latest else parsed.tree
        dropped: tuple[str, ...] = ()
        if self._variants:
            tree, dropped = without_function_words(with_names(tree, self._analyser.fold, self._variants))
        tree = with_publishers(with_marks(tree, marked, self._analyser.fold), self._publishers)
        reading = self._read(tree, MAX_CONCEPTS, alone=is_alone(tree))
        reading = replace(reading, dropped=(*dropped, *reading.dropped))
        return Interpretation(
            Or(()) if reading.match is None else reading.match,
            reading.filters,
            tuple(dict.fromkeys(reading.clauses)),
            tuple(dict.fromkeys(reading.included)),
            tuple(dict.fromkeys(reading.active_filters)),
            (*parsed.notes, *_notes(reading)),
            plain=all(map(is_plain, parsed.tree.parts if isinstance(parsed.tree, AllOf) else (parsed.tree,))),
        )

    def _read(self, node: Node, room: int, *, alone: bool, excluded: bool = False) -> "_Reading":
        """``room`` is for how many concepts there is room yet; ``alone``: nothing is asked for beside a clause."""
        match node:
            case Clause():
                return self._clause(node, room, alone, excluded)
            case NoneOf(part):
                return self._read(part, room, alone=alone, excluded=not excluded).negated()
            case AllOf(parts):
                readings = self._read_all(parts, room, alone, excluded)
                return _merged(readings, all_of, [reading.filters for reading in readings])
            case AnyOf(parts):
                readings = self._read_all(parts, room, alone, excluded)
                alternatives = [reading.filters for reading in readings if reading.match is not None]
                return _merged(readings, _or, [_or(alternatives)] if alternatives else [])
            case Close() | Often():
                # Ranked and shown by its parts; where they stand is never given up.
                parts = (node.first, node.second) if isinstance(node, Close) else (node.part,)
                reading = _merged(self._read_all(parts, room, False, excluded), all_of, [])
                query = placed(node, self._ways)
                return replace(reading, match=query, filters=query)

    def _read_all(self, parts: Iterable[Node], room: int, alone: bool, excluded: bool) -> list["_Reading"]:
        readings: list[_Reading] = []
        for part in parts:
            readings.append(self._read(part, room, alone=alone, excluded=excluded))
            room -= min(room, readings[-1].concepts)
        return readings

    def _clause_read(self, clause: Clause, room: int, alone: bool, excluded: bool) -> "_Reading":
        if clause.field not in TEXT_FIELDS:
            try:
                query, value = self._restriction(clause)
            except QueryError as error:
                raise error.at(clause.start) from error.__cause__
            active = (ActiveFilter(clause.field, value, excluded),)
            return _Reading(query, query, active_filters=active, positive=not excluded)
        field: TextField = "title" if clause.field == "title" else "anywhere"
        open_end = clause.kind == "prefix"
        folded, *others = self._analyser.readings(clause.text)
        whole = _spelling(folded, field, open_end=open_end)
        if whole is None:
            return _Reading(None, MatchAll(), positive=not excluded)
        concepts, included, dropped = (
            self._concepts(folded, clause.field, alone, excluded) if clause.kind == "words" else ([], [], ())
        )
        read_otherwise = filter(None, (_spelling(text, field, open_end=open_end) for text in others))
        kept = tuple(concepts[:room]) or (Concept((whole, *read_otherwise)),)
        text = self._text_clause(whole, folded, kept, field)
        match, filters = text.query, cast(Query, MatchAll())
        if clause.field == "lead":
            match = filters = all_of([in_scope(concept.spellings, "lead") for concept in kept])
        return _Reading(
            match,
            filters,
            () if excluded else (text,),
            () if excluded else tuple(included),
            (ActiveFilter(clause.field, clause.text, excluded),) if clause.field else (),
            dropped,
            concepts=len(concepts) or 1,
            positive=not excluded,
            too_many=len(concepts) > room,
        )

    def _ways(self, clause: Clause) -> Iterator[Spelling]:
        """How a clause may stand in a text as it was typed, each name in it in all its spellings."""
        folded, *others = self._analyser.readings(clause.text)
        names = self._variants.find(folded) if self._variants and clause.kind == "words" else []
        find = partial(_spelling, field="text")
        choices: list[Sequence[str | Spelling]] = [
            spellings(piece, find, self._analyser, alone=False) if isinstance(piece, Found) else (piece,)
            for piece in between_names(folded, names)
        ]
        for choice in product(*choices):
            text = "".join(piece if isinstance(piece, str) else piece.text for piece in choice)
            if way := _spelling(text, "text", open_end=clause.kind == "prefix"):
                conditions = [piece.within for piece in choice if isinstance(piece, Spelling)]
                yield replace(way, within=all_of(conditions))
        yield from filter(None, map(find, others))

    def _restriction(self, clause: Clause) -> tuple[Query, str]:
        """The query of a field that is no text, and its value as it was understood."""
        value = clause.text.strip()
        match clause.field:
            case "source":
                return Source(value), value
            case "author":
                return Author(value), value
            case "site":
                host = site_host(value)
                return Site(host), host
            case "lang":
                tag = language_tag(value)
                return Language(tag), tag
            case "words":
                least, most = length_range(value)
                return Length(least, most), value
            case "discovered":
                days = parse_range(value, self._today, "discovered")
                return DiscoveredBetween(*days.utc(self._zone)), str(days)
            case "is" | "tag" | "note" | "publisher":
                return _any_of(clause.ids, clause.sources), value
            case "before":
                days = Days(None, parse_days(value, self._today, "before").to)
            case "after":
                days = Days(parse_days(value, self._today, "after").from_, None)
            case _:
                days = parse_range(value, self._today, "date")
        return PublishedBetween(*days.utc(self._zone)), str(days)

    def _text_clause(self, whole: Spelling, folded: str, concepts: tuple[Concept, ...], field: TextField) -> TextClause:
        if not self._ranked:
            return TextClause(whole, tuple(dict.fromkeys(concepts)), (), (), (), field)
        texts = tuple(dict.fromkeys(contiguous_texts(folded, concepts)))
        return TextClause(
            whole,
            tuple(dict.fromkeys(concepts)),
            tuple(dict.fromkeys(self._analyser.words("\n".join(texts)))),
            tuple(dict.fromkeys(gram for text in texts for gram in grams(text))),
            tuple(dict.fromkeys(character for text in texts for character in text if HAN_RUN.match(character))),
            field,
        )

    def _concepts(
        self, folded: str, clause_field: str, alone: bool, excluded: bool
    ) -> tuple[list[Concept], list[Included], tuple[str, ...]]:
        """The concepts of an unspaced run (none when it is all one), the spellings added, and the words left out."""
        field: TextField = "title" if clause_field == "title" else "anywhere"
        names = self._variants.find(folded) if self._variants else []
        dates = self._dates(folded, names) if not clause_field and not excluded else []
        found: list[Found | DateWord] = sorted([*names, *dates], key=lambda piece: piece.start)
        pieces = between_names(folded, found)
        alone = alone and not any(isinstance(piece, DateWord) or _is_text(piece) for piece in pieces)
        if excluded and any(isinstance(piece, str) and self._analyser.phrase_tokens(piece)[0] for piece in pieces):
            return [], [], ()  # who excludes a run means the whole of it
        concepts: list[Concept] = []
        included: list[Included] = []
        dropped: tuple[str, ...] = ()
        for piece in pieces:
            if isinstance(piece, Found):
                find = partial(_spelling, field=field)
                concepts.append(Concept(spellings(piece, find, self._analyser, alone=alone)))
                included.append(Included(piece.spellings[0], piece.spellings[1:]))
                continue
            if isinstance(piece, DateWord):
                if typed := _spelling(folded[piece.start : piece.end], field):
                    concepts.append(Concept((typed,), dated=piece.dated(self._zone)))
                continue
            cuts, left_out = cut_run(piece, self._analyser, whole=len(pieces) == 1)
            dropped += left_out
            for cut in cuts:
                if spelling := _spelling(cut.text, field):
                    core = _spelling(cut.core, field) if cut.core != cut.text else None
                    concepts.append(Concept((spelling,), core.phrase if core else None))
        return concepts, included, dropped

    def _dates(self, folded: str, names: Sequence[Found]) -> list[DateWord]:
        """The dates in a run that are no part of a name and not unwanted."""
        if self._latest is None:
            return []
        return [
            each
            for each in date_words(folded, self._latest, self._analyser.has_word)
            if folded[each.start : each.end] not in self._unwanted
            and not any(name.start < each.end and each.start < name.end for name in names)
        ]


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a node came to. ``match`` is ``None`` if it holds nothing to search; ``filters`` is it without its text.

    ``concepts`` counts those that it takes up room for; ``positive``: it is not all exclusions.
    """

    match: Query | None
    filters: Query
    clauses: tuple[TextClause, ...] = ()
    included: tuple[Included, ...] = ()
    active_filters: tuple[ActiveFilter, ...] = ()
    dropped: tuple[str, ...] = ()
    concepts: int = 0
    positive: bool = False
    too_many: bool = False

    def negated(self) -> "_Reading":
        if self.match is None:
            return replace(self, filters=MatchAll())
        return replace(self, match=Not(self.match), filters=Not(self.match))


def _spelling(folded: str, field: TextField, *, open_end: bool = False) -> Spelling | None:
    """How to find a folded text, ``None`` if nothing of it can be. ``open_end``: the last word may go on."""
    tokens, prefix = phrase_tokens(folded)
    if not tokens:
        return None
    return Spelling(folded, Phrase(tokens, prefix or (open_end and not HAN_RUN.match(tokens[-1])), field))


def _is_text(piece: object) -> bool:
    return isinstance(piece, str) and bool(piece.strip())


def _merged(
    readings: Sequence[_Reading], join: Callable[[Sequence[Query]], Query], filters: Sequence[Query]
) -> _Reading:
    matches = [reading.match for reading in readings if reading.match is not None]
    return _Reading(
        join(matches) if matches else None,
        all_of(filters),
        tuple(clause for reading in readings for clause in reading.clauses),
        tuple(included for reading in readings for included in reading.included),
        tuple(active for reading in readings for active in reading.active_filters),
        tuple(word for reading in readings for word in reading.dropped),
        sum(reading.concepts for reading in readings),
        any(reading.positive for reading in readings),
        any(reading.too_many for reading in readings),
    )


def _notes(reading: _Reading) -> list[Note]:
    notes: list[Note] = []
    if reading.included:
        also = dict.fromkeys(spelling for each in reading.included for spelling in each.spellings)
        notes.append(Note("variants", tuple(also)))
    for concept in dict.fromkeys(concept for clause in reading.clauses for concept in clause.concepts):
        if concept.dated:
            notes.append(Note("dates", (concept.spellings[0].text, str(concept.dated.days))))
    if reading.dropped:
        notes.append(Note("dropped_words", tuple(dict.fromkeys(reading.dropped))))
    if reading.too_many:
        notes.append(Note("too_many_terms", count=MAX_CONCEPTS))
    if reading.match is None:
        notes.append(Note("nothing_to_search"))
    elif not reading.positive:
        notes.append(Note("excluding_only"))
    return notes


def _date_filters(days: Days) -> tuple[ActiveFilter, ...]:
    """One for each parameter, so that each can be taken away."""
    ends = ((Days(from_=days.from_), "from"), (Days(to=days.to), "to"))
    return tuple(ActiveFilter("date", str(end), parameter=name) for end, name in ends if end != ANY_DAYS)


def _any_of(ids: Iterable[str], sources: Iterable[str]) -> Query:
    """Articles and all those of publishers."""
    return _or([IdIn(tuple(sorted(ids))), *map(Source, sources)])


def _or(parts: Sequence[Query]) -> Query:
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
