"""Sentences in the API: a page of them, or all as a stream."""

from collections.abc import Iterable, Mapping
from itertools import chain

from flask import Response

from search_app.access.permission import keeper
from search_app.api.endpoints import Endpoints
from search_app.api.export import Row, stream
from search_app.api.views import FORMAT
from search_app.presentation.json_encoding import encode, members
from search_app.presentation.page import current_library
from search_app.query.parameters import Given
from search_app.search.sentences.finding import (
    SENTENCE_PARAMETERS,
    Sentence,
    SentenceQuestion,
    Sentences,
    all_sentences,
    sentences,
)

endpoint = Endpoints()

_TABLE = ["speaker", *(name for name, _ in members(Sentence) if name not in ("quotes", "copies"))]
"""The columns of CSV."""


@endpoint("/sentences", Sentences, (*SENTENCE_PARAMETERS, FORMAT), streams=("text/csv", "application/jsonl"))
def list_sentences(asked: Given) -> Sentences | Response:
    """Sentences that hold all that is asked, each in its article

    A sentence that several articles of one story have counts once. `format=csv` and `format=jsonl` stream every
    sentence instead.
    """
    question, form = SentenceQuestion.parse(asked), FORMAT.value(asked)
    library = current_library()
    if form == "json":
        return sentences(library, question, keeper())
    pages = all_sentences(library, question, keeper())

    def begun() -> tuple[Iterable[Row], Mapping[str, str]]:
        first = next(pages)
        write = _cells if form == "csv" else _row
        return (write(each) for page in chain((first,), pages) for each in page.sentences), {}

    return stream(begun, _TABLE, form, "xunwen-sentences")


def _row(sentence: Sentence) -> Row:
    row: Row = encode(sentence, str)
    return row


def _cells(sentence: Sentence) -> Row:
    """The same as a line of a table: who is quoted in one cell."""
    return {**_row(sentence), "speaker": "; ".join(dict.fromkeys(q.speaker for q in sentence.quotes if q.speaker))}
