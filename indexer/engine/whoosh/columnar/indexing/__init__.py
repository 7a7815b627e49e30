"""Documents become a committed segment.

In the order of the flow:

- ``writer``: Whoosh's writer, which also takes batches;
- ``batch``: a batch, checked as a whole;
- ``segment_buffer``, ``token_buffer``, ``vocabulary``: documents in memory, as postings and sorted terms;
- ``flush``: full buffers become segments;
- ``merge_policy``, ``merge``: which segments become one, and how;
- ``commit``: the commit point, and what is cleaned up behind it.
"""
