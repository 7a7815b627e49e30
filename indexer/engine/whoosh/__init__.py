"""The engine of a folder on the local disk: a Whoosh index with columnar segments, searched as arrays.

Writing, in the order of the flow:

- ``generations``: the folders of an index, one of them live, and the locks on them;
- ``schema``: the fields, and a batch as tokens and columns of them;
- ``writer``: one change, and the building of a new generation.

Asking:

- ``index``: ``WhooshIndex``, the engine itself;
- ``commit``: the newest commit, opened for reading;
- ``query_evaluator``: which articles match;
- ``scoring``: in which order they come;
- ``article_columns``: dates, sources, languages and lengths as arrays;
- ``collector``: the response, from the articles that match and their scores.

``columnar`` is the codec below all of this. It knows nothing of articles.
"""
