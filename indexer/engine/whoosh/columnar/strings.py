"""Byte strings in compressed chunks: the terms of a field, the values of a column, stored documents.

A chunk is a fixed number of strings: one byte for the width of a length (1, 2 or 4), their lengths, then the strings
themselves, compressed with zlib. Neighbouring terms share most of their bytes, so that a term of 6 bytes takes about
2.5, as little as front coding gives, and a chunk unpacks without a loop in Python over its strings. The first string
of every chunk also stands in ``heads``, uncompressed, and its first eight bytes as a number in ``keys``, so that a
binary search is one ``np.searchsorted``, a look at the few heads that begin alike, and one chunk to unpack.

(``marisa-trie`` was tried for the terms. On 876,000 bigrams it takes 1.9 MB instead of 2.4 and looks a term up in 0.7
microseconds instead of 3, but numbers terms in an order of its own: a prefix or a range would be no slice of the
postings, or need a permutation of 2.2 MB; and it can only be checked and read as a whole.)

Sections of ``x``: ``x.chunks``, ``x.ends`` (u64, where each chunk ends); if searchable ``x.heads``, ``x.head_ends`` and
``x.keys`` (u64).
"""

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np

from .format import File, FileWriter

#: Chunks kept unpacked for each sequence.
_CACHED_CHUNKS = 128
_LEVEL = 3


class StringsWriter:
    """Appends byte strings. ``searchable`` ones must come sorted, each once."""

    def __init__(self, out: FileWriter, name: str, *, per_chunk: int, searchable: bool) -> None:
        self._out = out
        self._name = name
        self._per_chunk = per_chunk
        self._chunks = out.section(f"{name}.chunks")
        self._heads: list[bytes] | None = [] if searchable else None
        self._ends: list[int] = []
        self._size = 0
        self._rest: list[bytes] = []
        self.count = 0

    def append(self, strings: Iterable[bytes]) -> None:
        rest = self._rest
        rest.extend(strings)
        whole = len(rest) // self._per_chunk * self._per_chunk
        for start in range(0, whole, self._per_chunk):
            self._write(rest[start : start + self._per_chunk])
        del rest[:whole]

    def _write(self, strings: list[bytes]) -> None:
        lengths = np.fromiter(map(len, strings), np.uint32, len(strings))
        dtype = np.dtype(np.min_scalar_type(int(lengths.max()))).newbyteorder("<")
        plain = bytes((dtype.itemsize,)) + lengths.astype(dtype).tobytes() + b"".join(strings)
        chunk = zlib.compress(plain, _LEVEL)
        self._chunks.write(chunk)
        self._size += len(chunk)
        self._ends.append(self._size)
        if self._heads is not None:
            self._heads.append(strings[0])
        self.count += len(strings)

    def finish(self) -> None:
        if self._rest:
            self._write(self._rest)
            self._rest = []
        name = self._name
        self._out.put(f"{name}.ends", np.array(self._ends, np.uint64))
        if self._heads is not None:
            ends = np.cumsum([len(head) for head in self._heads], dtype=np.uint64)
            self._out.put(f"{name}.head_ends", ends)
            self._out.section(f"{name}.heads").write(b"".join(self._heads))
            self._out.put(f"{name}.keys", np.array([_key(head) for head in self._heads], np.uint64))


class Strings(Sequence[bytes]):
    """A sequence of byte strings in chunks."""

    def __init__(self, file: File, name: str, count: int, per_chunk: int) -> None:
        self._file = file
        self._count = count
        self._per_chunk = per_chunk
        self._ends = file.array(f"{name}.ends", np.uint64)
        self._start = file.offset(f"{name}.chunks")
        self._heads = _Heads(file, name) if f"{name}.heads" in file else None
        self._cache: dict[int, _Chunk] = {}

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._count)
            return self._between(start, stop)[::step] if step > 0 else [self[i] for i in range(start, stop, step)]
        if index < 0:
            index += self._count
        if not 0 <= index < self._count:
            raise IndexError(index)
        string: bytes = self._chunk(index // self._per_chunk)[index % self._per_chunk]
        return string

    def _between(self, start: int, stop: int) -> list[bytes]:
        if stop <= start:
            return []
        first, last = start // self._per_chunk, (stop - 1) // self._per_chunk
        if first == last:
            strings = self._chunk(first).all()
        else:
            strings = [string for chunk in range(first, last + 1) for string in self._read(chunk).all()]
        return strings[start - first * self._per_chunk : stop - first * self._per_chunk]

    def _chunk(self, number: int) -> "_Chunk":
        found = self._cache.get(number)
        if found is None:
            found = self._read(number)
            if len(self._cache) >= _CACHED_CHUNKS:
                self._cache.clear()
            self._cache[number] = found
        return found

    def _read(self, number: int) -> "_Chunk":
        ends = self._ends.slice(max(number - 1, 0), number + 1).tolist()
        start = ends[0] if number else 0
        plain = zlib.decompress(self._file.bytes_at(self._start + start, self._start + ends[-1]))
        count = min(self._per_chunk, self._count - number * self._per_chunk)
        width = plain[0]
        ends = np.frombuffer(plain, f"<u{width}", count, 1).cumsum(dtype=np.int64)
        ends += 1 + width * count
        return _Chunk(plain, [1 + width * count, *ends.tolist()])

    def _chunk_of(self, string: bytes) -> int:
        """The only chunk that may hold a string; -1 when it is smaller than all."""
        assert self._heads is not None
        keys, key = self._heads.keys.all(), np.uint64(_key(string))
        low, high = int(np.searchsorted(keys, key)), int(np.searchsorted(keys, key, side="right"))
        return bisect_right(self._heads, string, low, high) - 1

    def rank(self, string: bytes) -> int:
        """How many strings are smaller. Searchable sequences only."""
        chunk = self._chunk_of(string)
        if chunk < 0:
            return 0
        return chunk * self._per_chunk + bisect_left(self._chunk(chunk), string)

    def find(self, string: bytes) -> int:
        """The number of a string, or -1. Searchable sequences only."""
        chunk = self._chunk_of(string)
        if chunk < 0:
            return -1
        strings = self._chunk(chunk)
        i = bisect_left(strings, string)
        return chunk * self._per_chunk + i if i < len(strings) and strings[i] == string else -1

    def find_many(self, strings: Sequence[bytes]) -> dict[bytes, int]:
        """The numbers of those that are there. Each chunk is unpacked once, however many are in it."""
        assert self._heads is not None
        heads, keys = self._heads.keys.all(), np.array([_key(string) for string in strings], np.uint64)
        lows, highs = np.searchsorted(heads, keys).tolist(), np.searchsorted(heads, keys, side="right").tolist()
        by_chunk: dict[int, list[bytes]] = {}
        for string, low, high in zip(strings, lows, highs, strict=True):
            chunk = low - 1 if low == high else bisect_right(self._heads, string, low, high) - 1
            if chunk >= 0:
                by_chunk.setdefault(chunk, []).append(string)
        found: dict[bytes, int] = {}
        for chunk, wanted in by_chunk.items():
            held = self._chunk(chunk) if len(by_chunk) < _CACHED_CHUNKS else self._read(chunk)
            for string in wanted:
                i = bisect_left(held, string)
                if i < len(held) and held[i] == string:
                    found[string] = chunk * self._per_chunk + i
        return found


class _Chunk(Sequence[bytes]):
    """The strings of one unpacked chunk, cut out when they are asked for: a search looks at few of them."""

    __slots__ = ("_bounds", "_plain")

    def __init__(self, plain: bytes, bounds: list[int]) -> None:
        self._plain = plain
        self._bounds = bounds

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        return self._plain[self._bounds[index] : self._bounds[index + 1]]

    def all(self) -> list[bytes]:
        return list(map(self._plain.__getitem__, map(slice, self._bounds, self._bounds[1:])))


class Fixed(Sequence[bytes]):
    """Byte strings of up to ``width`` bytes, uncompressed in slots of that size: for keys, which are read one by one.

    None may end in a zero byte: zeros fill the slots.
    """

    def __init__(self, file: File, name: str, count: int, width: int) -> None:
        self._file = file
        self._count = count
        self._width = width
        self._start = file.offset(f"{name}.fixed")

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._count))]
        if not 0 <= index < self._count:
            raise IndexError(index)
        start = self._start + index * self._width
        return self._file.bytes_at(start, start + self._width).rstrip(b"\0")


class _Heads(Sequence[bytes]):
    """The first string of every chunk, read where it is mapped."""

    def __init__(self, file: File, name: str) -> None:
        self._file = file
        self.keys = file.array(f"{name}.keys", np.uint64)
        self._ends = file.array(f"{name}.head_ends", np.uint64)
        self._start = file.offset(f"{name}.heads")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        ends = self._ends.slice(max(index - 1, 0), index + 1).tolist()
        return self._file.bytes_at(self._start + (ends[0] if index else 0), self._start + ends[-1])


def _key(string: bytes) -> int:
    """A number that is ordered as strings are, but alike for those that begin alike."""
    return int.from_bytes(string[:8].ljust(8, b"\0"), "big")


def prefix_end(prefix: bytes) -> bytes | None:
    """The smallest string after all that start with ``prefix``; None when there is none."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes((stem[-1] + 1,)) if stem else None
