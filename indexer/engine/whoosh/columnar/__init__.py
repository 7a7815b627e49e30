"""A columnar codec for Whoosh: segments as checked, compressed, memory-mapped NumPy arrays."""
