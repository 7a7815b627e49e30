"""Feeds from the network: polite, bounded, on a schedule. The modules, in the order of the flow:

- ``schedule``: which feeds are due, and when each is next; what its headers and failures say about that.
- ``fetcher``: one run over the feeds that are due, each step of each feed in a ``worker`` within limits.
- ``download``: an address to the bytes of the last answer, redirects included; ``transport`` connects, ``addresses``
  tells which addresses may be connected to, ``unpacking`` bounds what packed bytes become.
- ``storing``: results into the archive.
- ``pages``: addresses that a person names, for ``xunwen import --urls``.
- ``discovery``: the feeds that a page names, for ``xunwen subscribe``.

Nothing is imported here: a worker, which needs two of these modules, starts the sooner.
"""
