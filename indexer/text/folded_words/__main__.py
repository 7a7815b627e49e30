"""``python -m indexer.text.folded_words``: write ``words.tsv`` anew."""

from indexer.text.folded_words import write

write()
