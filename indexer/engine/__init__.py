"""Search engines: they store analysed articles and answer Query trees with ids, scores, counts and days.

In the order of the flow:

- ``document``: what is stored, a batch of analysed articles;
- ``index``: the ``SearchIndex`` protocol, with the shapes of requests and responses;
- ``query``: what is asked, nodes that say which articles match and features that say in which order;
- ``bm25``: constants and formulas that all engines share;
- ``whoosh``: the engine of a folder on the local disk;
- ``opensearch``: the engine of a cluster.

An engine knows nothing of Chinese, of the archive, or of what a reader typed.
"""
