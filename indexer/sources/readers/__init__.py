"""Readers of formats that are told by more than their first characters.

``export``: what ``xunwen export`` writes, revisions and subscriptions too.
"""
