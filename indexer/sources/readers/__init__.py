"""Readers of formats that fewer people keep; ``indexer.sources.detect`` tells them apart.

``export``: what ``xunwen export`` writes. ``warc``: web archives. ``mail``: letters and pages saved as letters.
``org``: notes in Org mode. ``table``: CSV. ``board``: posts of bulletin boards. ``dumps``: what databases wrap around
articles. ``shells``: pages that are none of an article.
"""
