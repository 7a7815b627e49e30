"""Who asks, from where, how often, and whether they may change something.

``site`` says how this archive is served, ``proxy`` who really asks, ``hosts`` under which names, ``budgets`` how much,
``secret`` and ``session`` who has signed in, ``permission`` who may change something.
"""
