"""Pages of what was found: an article, what it said before, its story."""
