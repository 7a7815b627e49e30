"""What a reader keeps and takes along: marks on articles, and how an article is cited. No Flask in here."""
