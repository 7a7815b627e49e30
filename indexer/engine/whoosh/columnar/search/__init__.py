"""The segments of a commit as one, read with arrays.

From the question to the page:

- ``snapshot``: segments joined, with global document numbers;
- ``terms``, ``positions``, ``phrases``: where tokens stand, alone and one after another;
- ``doc_sets``: sets of documents;
- ``top_docs``, ``local_days``: the first documents, counts of values, days in a zone;
- ``cache``: what is kept of all that, within a bound.
"""
