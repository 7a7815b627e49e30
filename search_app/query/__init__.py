"""What was typed -> ``Query`` nodes and features. Pure: no Flask, no engine, no archive.

In the order of the flow: ``parameters`` reads what stands in an address; ``syntax`` makes a tree of the text;
``dates`` reads dates; ``words`` cuts runs of Chinese and knows spellings; ``marks`` and
``publishers`` tell fields what others know of articles and sources; ``interpreter`` turns
the tree into an ``interpretation``, with ``notes`` on what was done; ``ranking`` says by which features the articles
are ordered.
"""
