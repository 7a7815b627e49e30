"""Measurements for developers: speed and size beside other engines (``python -m benchmarks``), and how good the order
of articles is (``python -m benchmarks.relevance``).
"""
