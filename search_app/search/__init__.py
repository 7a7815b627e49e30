"""A question -> what was found, as data. Pure: no Flask.

In the order of the flow: ``library`` is what pages and interfaces ask; its ``searcher`` puts a question to the engine
and makes ``results`` with ``snippets``, continuing at a ``cursor``; ``index_cache`` keeps what is the same until the
index changes; ``publishers`` knows who of a group is in it. Made from searches: ``coverage`` over time in ``bins``,
``related`` articles, ``significant_terms``, and the ``front`` page. ``stories`` are read from the archive.
"""
