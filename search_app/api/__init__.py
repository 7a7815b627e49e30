"""The same answers as JSON: ``views``, ``sentences``, ``subscriptions`` and ``watches`` are the addresses,
``endpoints`` how they are read and answered, ``openapi`` describes them, and ``export`` streams all that matches.
"""
