"""The same answers as JSON: ``views``, ``sentences`` and ``watches`` are the addresses under ``/api/v1``, ``endpoints``
how they are read and answered, ``openapi`` describes them, and ``export`` streams all that matches.
"""
