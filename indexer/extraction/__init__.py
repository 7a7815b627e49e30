"""What of a page, a post or an item of a feed is the article.

- ``parting`` parts an article into its body, captions and furniture: the one place where that is decided, from
- ``lines``, which makes lines of a page, and ``markup``, which knows tags from words; by
- ``furniture`` and ``captions``, the rules of wording;
- ``bylines`` tells who wrote it, ``publishers`` whose it is, ``own_publishers`` what a user says of that,
  ``publisher_groups`` who belongs together;
- ``learned`` knows what else recurs around a publisher's articles, from the archive;
- ``rereading`` does all this for articles that were kept before their parts were told apart.
"""
