"""Stories: which articles are copies of one another, and which report one event.

In the order of the flow: ``weights`` says how much a word tells, ``spellings`` which words are one name, whatever the
archive; ``profile`` keeps of an article what it can be compared by; ``fingerprint`` keeps little of that, enough to
find who may be alike (``candidates``); ``likeness`` judges two profiles; ``grouping`` makes stories of all that are
alike; ``update`` does this for what has changed in an archive. All but the last are pure functions.
"""
