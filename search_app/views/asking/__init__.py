"""Pages that answer a question: hits, sentences, words, the timeline, a search as a feed; and how one asks.

``home`` is what ``/`` shows where nothing was asked.
"""
