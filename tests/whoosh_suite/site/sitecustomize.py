"""Makes the columnar codec Whoosh's default, in every Python process of a test run, spawned ones too.

``WHOOSH_SUITE`` says how: ``codec`` puts it under Whoosh's own writer, ``writer`` also replaces that by the columnar
writer.
"""

import os

import whoosh.codec
import whoosh.index

from indexer.engine.whoosh.columnar import ColumnarCodec, ColumnarWriter

whoosh.codec.default_codec = ColumnarCodec

if os.environ["WHOOSH_SUITE"] == "writer":
    _stock_writer = whoosh.index.FileIndex.writer

    def _writer(self, procs=1, **options):
        if procs > 1 or "codec" in options:
            return _stock_writer(self, procs, **options)
        return ColumnarWriter(self, **options)

    whoosh.index.FileIndex.writer = _writer
