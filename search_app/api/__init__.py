"""The same answers as JSON: ``views`` are the addresses under ``/api/v1``, ``openapi`` describes them, and
``export`` streams all that matches.
"""
