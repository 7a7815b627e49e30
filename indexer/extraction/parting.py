"""An article parted: its body, the captions of its pictures, and its furniture.

The one place where it is decided what of a text is which. Nothing is thrown away that could be read as a part of it,
and of what was parted each line says which rule parted it.
"""

import html
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal as OneOf

from indexer.extraction import bylines, captions, furniture
from indexer.extraction.lines import Line, alternatives_in, article_lines, bare_lines, is_sentence
from indexer.extraction.markup import is_markup, parse, squeeze, without_comments
from indexer.extraction.wording import BOTTOM_LINES, LONGEST_BOTTOM, TOP_LINES, Rule, Where

Kind = OneOf["body", "caption", "furniture"]


@dataclass(slots=True)
class Part:
    """A line of an article, or what stood at the edge of one; ``rule`` tells by which rule it is not the body."""

    text: str
    kind: Kind = "body"
    rule: str = ""


@dataclass(slots=True)
class Parted:
    """The parts in the order of the article, and the authors whom they name."""

    parts: list[Part] = field(default_factory=list)
    authors: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body, one paragraph a line."""
        return "\n".join(part.text for part in self.parts if part.kind == "body")

    @property
    def captions(self) -> str:
        """The captions, one a line, each once."""
        return "\n".join(dict.fromkeys(part.text for part in self.parts if part.kind == "caption"))

    @property
    def furniture(self) -> str:
        """The furniture, one piece a line, each once."""
        return "\n".join(dict.fromkeys(part.text for part in self.parts if part.kind == "furniture"))


def part_any(text: str, *, title: str = "") -> Parted:
    """The parts of what may be markup; where it has no tags its entities are characters all the same."""
    if is_markup(text):
        return part_markup(text, title=title)
    return part_text(html.unescape(without_comments(text)), title=title)


def part_markup(markup: str, *, title: str = "") -> Parted:
    """The parts of a page: one paragraph a line, blanks squeezed.

    Inline tags join without a space, and a line break of the source between two Han characters is none in the text. A
    first line that only repeats ``title`` is left out. Any string has an answer; broken markup is read as browsers do.
    """
    root = parse(markup)
    if root is None:
        return Parted()
    return _parted(article_lines(root), title, alternatives_in(root))


def part_text(text: str, *, title: str = "") -> Parted:
    """The parts of text without markup, each of its lines a paragraph."""
    return _parted([Line(line) for line in map(squeeze, text.splitlines()) if line], title, frozenset())


def prose(markup: str, *, title: str = "") -> str:
    """The text of markup that is nothing but the article, such as Markdown makes: only a repeated title goes."""
    root = parse(markup)
    if root is None:
        return ""
    texts = [line.text for line in bare_lines(root)]
    return "\n".join(texts[1:] if texts and _repeats(texts[0], title) else texts)


def _parted(lines: Sequence[Line], title: str, alternatives: frozenset[str]) -> Parted:
    parting = _Parting([Part(line.text) for line in lines])
    parting.mark(captions.is_gallery(lines), "furniture", "gallery")
    parting.mark(captions.is_caption(lines, alternatives), "caption", "caption")
    parting.mark(furniture.is_headline_list(lines), "furniture", "links")
    parting.mark_rest()
    parting.mark_top(title)
    parting.mark_lines()
    parting.trim()
    parting.mark_bottom()
    parting.trim()
    parting.step_back()
    return Parted(parting.parts, bylines.distinct(parting.authors))


class _Parting:
    """The lines of an article while they are told apart."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.authors: list[str] = []

    def _body(self) -> list[Part]:
        return [part for part in self.parts if part.kind == "body"]

    def _take(self, part: Part, rule: str, who: str | None = None) -> None:
        part.kind, part.rule = "furniture", rule
        if who:
            self.authors += bylines.names_in(who)

    def _take_if(self, part: Part, *wheres: str) -> bool:
        """Make a line furniture if a rule for such a place takes it."""
        for rule, match in furniture.whole_line(part.text, *wheres):
            who = match.groupdict().get("who")
            if rule.name != "byline" or not who or _is_byline(who, part.text):
                self._take(part, rule.name, who)
                return True
        return False

    def mark(self, which: Iterable[bool], kind: Kind, rule: str) -> None:
        for part, marked in zip(self.parts, which, strict=True):
            if marked and part.kind == "body":
                part.kind, part.rule = kind, rule

    def mark_rest(self) -> None:
        for number, part in enumerate(self.parts):
            for rule, _ in furniture.whole_line(part.text, Where.REST):
                for each in self.parts[number:]:
                    self._take(each, rule.name)
                return

    def mark_top(self, title: str) -> None:
        """The byline, the date and the title above an article."""
        self._take_title(title)
        top = self._body()[: TOP_LINES + 2]
        for part, below in itertools.pairwise(top):
            if part.kind == below.kind == "body" and bylines.is_name_above_role(part.text, below.text):
                self._take(part, "byline", part.text)
                self._take(below, "byline")
        for number, part in enumerate(top[:TOP_LINES]):
            if _DAY.fullmatch(part.text) and any(
                above.kind == "body" and is_sentence(above.text) for above in top[:number]
            ):
                continue  # it heads a part of the article
            if part.kind == "body" and furniture.is_print_edition(part.text):
                for above in top[:number]:
                    if above.kind == "body" and not is_sentence(above.text):
                        self._take(above, "title" if _repeats(above.text, title) else "headline")
            if part.kind == "body" and self._take_if(part, Where.TOP) and part.rule == "date":
                for above in top[:number]:
                    if above.kind == "body" and bylines.looks_like_byline(above.text):
                        self._take(above, "byline", above.text)
        self._take_title(title)

    def _take_title(self, title: str) -> None:
        body = self._body()
        if body and _repeats(body[0].text.rstrip(" —-"), title):
            self._take(body[0], "title")

    def mark_lines(self) -> None:
        for part in self._body():
            if _TAG.fullmatch(part.text):
                self._take(part, "markup")
            elif not self._take_if(part, Where.ANYWHERE) and (who := furniture.credits_in(part.text)) is not None:
                self._take(part, "credits", who)
        for part, other in itertools.chain.from_iterable(
            ((one, two), (two, one)) for one, two in itertools.pairwise(self.parts)
        ):
            # Where credits stand together, a label and names are enough, also in the middle.
            if part.kind == "body" and other.rule in ("credits", "byline") and bylines.is_labelled(part.text[:12]):
                self._take_if(part, Where.TOP)

    def mark_bottom(self) -> None:
        """The credits and notes below an article; one line among them may be none."""
        missed = False
        body = self._body()[1:]
        bottom = body[-max(BOTTOM_LINES, min(LONGEST_BOTTOM, len(body) // 2)) :]
        for number, part in reversed([*enumerate(bottom)][_references(bottom) :]):
            if self._take_if(part, Where.BOTTOM):
                pass
            elif _LABEL_OF_LINK.fullmatch(part.text) and self._below(part).rule in _LINKS:
                self._take(part, "link")
            elif bylines.is_about(part.text, self.authors):
                self._take(part, "about the author")
            elif not missed and number and bylines.is_signature(part.text) and _is_end(bottom[number - 1].text):
                self._take(part, "byline", part.text)
            elif missed:
                return
            else:
                missed = True

    def _below(self, part: Part) -> Part:
        """What follows a part, or itself."""
        place = next(number for number, each in enumerate(self.parts) if each is part)
        return self.parts[min(place + 1, len(self.parts) - 1)]

    def trim(self) -> None:
        """Make what stands at the edges of lines a part of its own."""
        body = self._body()
        trimmed: list[Part] = []
        for part in self.parts:
            after: list[Part] = []
            if part.kind == "body":
                while part.text and (opened := furniture.opening(part.text, first=part is body[0])):
                    trimmed.append(self._cut(*opened))
                    part.text = part.text[opened[1].end() :]
                while closed := self._closing(part.text, last=part is body[-1]):
                    after.insert(0, self._cut(*closed))
                    part.text = part.text[: closed[1].start()].rstrip()
            trimmed += [*([part] if part.text else []), *after]
        self.parts = trimmed

    def _closing(self, text: str, *, last: bool) -> tuple[Rule, re.Match[str]] | None:
        """What ends a line without being its text; in brackets it is a byline only if it is all names."""
        for rule, match in furniture.closing(text, last=last):
            if rule.name != "byline" or _is_byline(match["who"], match[0].strip()):
                return rule, match
        return None

    def _cut(self, rule: Rule, match: re.Match[str]) -> Part:
        who = match.groupdict().get("who") or ""
        names = bylines.names_in(who)
        # What stands in brackets behind a dateline may be the programme (央视网消息（新闻联播）).
        if rule.name != "dateline" or bylines.is_reporters(who) or bylines.are_surnamed(names):
            self.authors += names
        return Part(match.group().strip(), "furniture", rule.name)

    def step_back(self) -> None:
        """Where nothing is left of the body, what is said of the pictures is the article, or whatever there is."""
        for rules in _STEPS_BACK:
            if not self._body():
                for part in self.parts:
                    if part.rule in rules:
                        part.kind, part.rule = "body", ""


def _references(parts: Sequence[Part]) -> int:
    """How many of the parts a list of references takes up to its end."""
    last = max((number for number, part in enumerate(parts, start=1) if _REFERENCE.match(part.text)), default=0)
    behind = parts[last : last + 1] if last else ()
    return last + any(
        rule.name == "link" for each in behind for rule, _ in furniture.whole_line(each.text, Where.BOTTOM)
    )


def _is_end(text: str) -> bool:
    """Whether an article can end with a line, and somebody sign below it."""
    return is_sentence(text) or next(furniture.whole_line(text, Where.BOTTOM), None) is not None


def _is_byline(who: str, line: str) -> bool:
    """Whether what may be a byline is one: it says so, or is all names, usual ones where brackets say no more."""
    names = bylines.names_in(who, strict=True)
    if bylines.is_labelled(who):
        return True
    is_bare = (line[0] in "（(" or _BARE.fullmatch(who) is not None) and not bylines.is_reporters(who)
    is_bare |= _GLUED.fullmatch(who) is not None
    return bool(names) and (not is_bare or bylines.are_surnamed(names))


_GLUED = re.compile(
    r"[^，。！？：:（）()]{0,16}(?:记者|記者|特派[员員])[\u4e00-\u9fff]{2,3}(?:[\s、]+[\u4e00-\u9fff]{2,3}){0,4}"
)
_BARE = re.compile(r"[\u4e00-\u9fff、，,/／和与與\s]+?[报報][道導导]|[\u4e00-\u9fff]{2,3}")


_TAG = re.compile(r"<(?:img|iframe|script|video|embed)\b[^<>]*\bsrc=.*>")
_DAY = re.compile(r"\d{4}\s?[年./-]\s?\d{1,2}(?:\s?[月./-]\s?\d{1,2}\s?[日号號]?|\s?月)")
_REFERENCE = re.compile(r"[\[［〔]\d{1,3}[\]］〕]")
_LINKS = ("link", "links", "embedded post", "programme")
_LABEL_OF_LINK = re.compile(r"[^。，]{1,40}[:：]")

_STEPS_BACK = (
    ("caption",),
    ("gallery",),
    ("headline",),
    ("about the article", "about the author", "byline", "contact", "credits", "dateline", "programme", "subscription"),
)


def _repeats(line: str, title: str) -> bool:
    """Whether ``line`` is ``title``, or its greater part where a section stands before it (``[01版：要闻] …``)."""
    return bool(title) and title.endswith(line) and len(line) * 2 >= len(title)
