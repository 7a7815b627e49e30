"""Where groups of spellings come from, besides what people write.

``built_in``: the project's own table. ``regional``: OpenCC's words of mainland, Taiwan and Hong Kong. ``glosses`` →
``mining``: names learned from the archive, where ``transliteration`` tells how alike two names sound and
``ordinary`` what is no name.
"""
