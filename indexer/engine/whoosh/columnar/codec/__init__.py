"""Whoosh's seam: its own writers, readers and searchers work on columnar segments through it.

- ``codec``: the codec and its segments;
- ``per_document``, ``columns``: stored fields, lengths, vectors and columns;
- ``terms``, ``posting_values``: terms and postings, one by one;
- ``matcher``: postings for Whoosh's matchers;
- ``segment_arrays``: the way from a reader of Whoosh to the arrays;
- ``compat``: all of Whoosh that is not public.
"""
