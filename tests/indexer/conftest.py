"""Fixtures of the databases that hold an archive."""

from tests.databases import location, postgresql  # noqa: F401 (fixtures)
