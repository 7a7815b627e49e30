"""The fields of the index, and where each part of the contract stands in them."""

from typing import Final

from indexer.engine.query import TextField

SCHEMA_VERSION: Final = 1
"""Changes with every change of the fields or of the file format: an index of another version must be rebuilt."""

GRAMS: Final[dict[TextField, str]] = {"text": "grams", "title": "title_grams"}
"""The field that holds the gram stream of each text field."""

WORDS: Final = "words"
ID: Final = "id"
SOURCE: Final = "source"
SITE: Final = "site"
LANGUAGE: Final = "language"
PUBLISHED: Final = "published"
DISCOVERED: Final = "discovered"
