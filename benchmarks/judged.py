"""Judged questions in the layout of BEIR (Thakur et al. 2021, "BEIR: A Heterogeneous Benchmark").

A folder holds ``corpus.jsonl`` (``_id``, ``title``, ``text``), ``queries.jsonl`` (``_id``, ``text``) and ``qrels.tsv``
or ``qrels/test.tsv`` (a heading, then query, document and grade, separated by tabs; a grade of 0 is judged, but not
relevant).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadSet(Exception):
    """The folder does not hold judged questions; the message says which line is wrong and what it should be."""


@dataclass(frozen=True, slots=True)
class Document:
    """``title`` is empty where there is none."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """``grades`` maps a question's id to its documents' grades. Questions without a relevant document are left out."""

    name: str
    documents: tuple[Document, ...]
    questions: dict[str, str]
    grades: dict[str, dict[str, int]]


def read(folder: Path) -> JudgedSet:
    """Read a folder. Raises ``BadSet``."""
    documents = [
        Document(_id(row, where), _text(row, "title", where), _text(row, "text", where))
        for where, row in _rows(folder / "corpus.jsonl")
    ]
    ids = {document.id for document in documents}
    if len(ids) < len(documents):
        raise BadSet(f"{folder / 'corpus.jsonl'}: an _id occurs twice")
    grades = {
        question: of_question
        for question, of_question in _grades(folder).items()
        if any(grade > 0 and document in ids for document, grade in of_question.items())
    }
    questions = {
        id_: _text(row, "text", where)
        for where, row in _rows(folder / "queries.jsonl")
        if (id_ := _id(row, where)) in grades
    }
    if missing := sorted(grades.keys() - questions.keys()):
        raise BadSet(f"{folder / 'queries.jsonl'}: the judged question {missing[0]} is missing")
    if not questions:
        raise BadSet(f"{folder}: no question has a relevant document")
    return JudgedSet(folder.resolve().name, tuple(documents), questions, grades)


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where each line stands, and its object."""
    for where, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadSet(f"{where}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise BadSet(f"{where}: not a JSON object")
        yield where, row


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}, line {number}", line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSet(f"{path} cannot be read: {error}") from error


def _id(row: dict[str, Any], where: str) -> str:
    if not (value := _text(row, "_id", where)):
        raise BadSet(f"{where}: “_id” is missing")
    return value


def _text(row: dict[str, Any], name: str, where: str) -> str:
    """A member that may be missing or empty, as titles are, and a question in one of the public sets."""
    value = row.get(name, "")
    if not isinstance(value, str):
        raise BadSet(f"{where}: “{name}” should be text")
    return value


def _grades(folder: Path) -> dict[str, dict[str, int]]:
    path = folder / "qrels.tsv"
    if not path.exists():
        path = folder / "qrels" / "test.tsv"
    grades: dict[str, dict[str, int]] = {}
    for where, line in list(_lines(path))[1:]:
        try:
            question, document, grade = line.split("\t")
            grades.setdefault(question, {})[document] = int(grade)
        except ValueError as error:
            raise BadSet(f"{where}: expected query-id, corpus-id and a whole number, separated by tabs") from error
    return grades
