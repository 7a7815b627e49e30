"""What a reader is told about a question: data alone, which ``presentation.messages`` puts into their language."""

from dataclasses import dataclass
from typing import Literal as OneOf

NoteCode = OneOf[
    "variants",  # other spellings of a name were searched as well
    "partial",  # nothing matched all of it: these articles match parts of it
    "few_match",  # few articles match all of it: those that match parts of it are shown with them
    "dates",  # a date in the text also stands for the articles published then
    "corrected",  # nothing was found: these articles are those of what was more likely meant
    "to_blame",  # without these words of the question some articles would match, or many more
    "dropped_words",  # function words were left out of an unspaced run
    "excluding_only",  # only excluding clauses: everything else was found
    "nothing_to_search",  # the text holds no letter, digit or symbol that could be searched
    "unbalanced_quote",  # an opening quote without a closing one: it runs to the end
    "unbalanced_parenthesis",  # a parenthesis was ignored
    "dangling_operator",  # OR, NOT or - without an operand was ignored
    "too_long",  # the text was cut
    "too_many_terms",  # further terms were ignored
    "vanished",  # articles that the index still holds were deleted meanwhile
]


@dataclass(frozen=True, slots=True)
class Note:
    """How the question was understood, or what was done about it.

    ``terms`` are the words that are meant; of ``corrected`` what was asked and what is shown, of ``dates``
    the date and its days as in filters. ``count`` is how many:
    characters or words used (``too_long``, ``too_many_terms``), articles (``vanished``, ``to_blame``,
    ``few_match``), or parts of ``of`` that an article holds at least (``partial``).
    """

    code: NoteCode
    terms: tuple[str, ...] = ()
    count: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Included:
    """Spellings that were searched because ``term`` stands in the question, ``term`` itself left out."""

    term: str
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A restriction in force that was typed into the query text (``source:联合早报``) or chosen by a parameter.

    ``field`` is ``title``, ``source``, ``author``, ``site``, ``lang``, ``before``, ``after``, ``date``, ``is``, ``tag``
    or ``without`` (a spelling).
    Dates are ISO days, both ends inclusive: ``2020-09-01..2020-09-30``, ``2020-09-01..``, ``..2020-09-30``.
    ``parameter`` names the parameter that it came from (``from``, ``to``, ``source``, ``lang``, ``without``), and is
    ``""`` for the query text.
    """

    field: str
    value: str
    excluded: bool = False
    parameter: str = ""
