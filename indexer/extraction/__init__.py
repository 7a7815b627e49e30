"""What of a page, a post or an item of a feed is the article.

- ``markup`` makes lines of HTML, without what surrounds an article on its page;
- ``publishers`` knows whose article it is.
"""
