"""The files of a segment and what lies in them, each with a writer and a reader.

From the bytes up:

- ``errors``: ``CorruptIndex``;
- ``container``: a file of named sections in checksummed pages;
- ``small_ints``, ``sorted_lists``, ``byte_strings``: sequences in sections;
- ``postings``: how the postings of a field are stored; ``postings_writer`` and ``postings_reader``;
- ``doc_values``: one value for each document.
"""
