"""Entities: the people, organisations and places that articles name.

In the order of the flow: ``words`` are the lists by which names are known, ``known`` the names that are known before
anything is read; ``recognition`` finds names in a text, the known ones first, with ``personal_names`` and
``organisations``, which know how names look, over ``tokens``; ``identity`` tells which names are one
entity's; ``update`` does this for what has changed in an archive. All but the last are pure functions.
"""
