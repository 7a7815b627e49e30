"""Fixtures of the databases that hold an archive."""

from tests.databases import location, postgresql, postgresql_server  # noqa: F401 (fixtures)
