"""Keeping: from sources through the archive to the index.

In the order of the flow: ``fetching`` brings what is new from the network; ``sources`` reads each format into an
``article``; ``archive`` keeps the articles; ``text`` turns them into tokens; ``build`` brings an ``engine``'s index up
to date with the archive. ``installation`` opens all of them for one data folder, ``commands`` is the command line.
"""

__version__ = "0.1.0"
