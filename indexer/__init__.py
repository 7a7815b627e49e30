"""Keeping: from sources through the archive to the index."""
