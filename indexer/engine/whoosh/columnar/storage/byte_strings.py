"""Byte strings in chunks: the terms of a field, the values of a column, stored documents.

A chunk is a fixed number of strings. *Sorted* strings, which are searched, share most of their bytes: a chunk holds the
prefix that all have in common and then the rest of each. A term of 6 bytes takes about 3.5, hardly more than compressed
by zlib, and a chunk in which all are of one length (bigrams are) is searched by ``bytes.find``, without unpacking.
Other strings are compressed with zlib.

::

    sorted chunk     u8 bytes of the prefix, u8 width of a length (0, 1, 2 or 4), for width 0 a u8 that is the length of
                     all; the prefix; lengths of the rests, for another width; the rests
    other chunk      zlib of: u8 width of a length (1, 2 or 4), lengths, strings

The first string of every sorted chunk also stands in ``heads``, and its first eight bytes as a number in ``keys``, so
that a binary search is one ``np.searchsorted``, a look at the few heads that begin alike, and one chunk.

(``marisa-trie`` was tried for the terms. On 876,000 bigrams it takes 1.9 MB instead of 3 and looks a term up in 0.7
microseconds instead of 3, but numbers terms in an order of its own: a prefix or a range would be no slice of the
postings, or need a permutation of 2.2 MB; and it can only be checked and read as a whole.)

Sections of ``x``: ``x.chunks``, ``x.ends`` (u64, where each chunk ends); if sorted ``x.heads``, ``x.head_ends`` and
``x.keys`` (u64).
"""

import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate, takewhile
from typing import overload

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.columnar.storage.container import ContainerReader, ContainerWriter

_CACHED_CHUNKS = 128
"""Chunks kept unpacked for each sequence."""
_LEVEL = 3


class ByteStringsWriter:
    """Appends byte strings. ``searchable`` ones must come sorted, each once."""

    def __init__(self, out: ContainerWriter, name: str, *, per_chunk: int, searchable: bool) -> None:
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
        chunk = zlib.compress(_plain(strings), _LEVEL) if self._heads is None else _front_coded(strings)
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


class ByteStrings(Sequence[bytes]):
    """A sequence of byte strings in chunks."""

    def __init__(self, file: ContainerReader, name: str, count: int, per_chunk: int) -> None:
        self._file = file
        self._count = count
        self._per_chunk = per_chunk
        self._ends = file.array(f"{name}.ends", np.uint64)
        self._start = file.offset(f"{name}.chunks")
        self._heads = _Heads(file, name) if f"{name}.heads" in file else None
        self._cache: dict[int, _Chunk] = {}

    @cached_property
    def _bounds(self) -> list[int]:
        """Where in the file each chunk begins and the last one ends. Read as a whole: every search needs some."""
        return [self._start, *(self._ends.all() + np.uint64(self._start)).tolist()]

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
        return self._chunk(index // self._per_chunk)[index % self._per_chunk]

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
        data = self._data(number)
        count = min(self._per_chunk, self._count - number * self._per_chunk)
        return _Chunk(data, count) if self._heads is not None else _Chunk(zlib.decompress(data), count, is_sorted=False)

    def _data(self, number: int) -> bytes:
        return self._file.bytes_at(self._bounds[number], self._bounds[number + 1])

    def _chunk_of(self, string: bytes) -> int:
        """The only chunk that may hold a string; -1 when it is smaller than all."""
        assert self._heads is not None
        keys, key = self._heads.keys, _key(string)
        low = bisect_left(keys, key)
        if low == len(keys) or keys[low] != key:
            return low - 1
        return bisect_right(self._heads, string, low, bisect_right(keys, key)) - 1

    def rank(self, string: bytes) -> int:
        """How many strings are smaller. Sorted sequences only."""
        chunk = self._chunk_of(string)
        if chunk < 0:
            return 0
        return chunk * self._per_chunk + self._chunk(chunk).rank(string)

    def find(self, string: bytes) -> int:
        """The number of a string, or -1. Sorted sequences only."""
        chunk = self._chunk_of(string)
        if chunk < 0:
            return -1
        first = chunk * self._per_chunk
        i = _find(self._data(chunk), min(self._per_chunk, self._count - first), string)
        return i if i < 0 else first + i


def _plain(strings: list[bytes]) -> bytes:
    lengths = np.fromiter(map(len, strings), np.uint32, len(strings))
    dtype = np.dtype(np.min_scalar_type(int(lengths.max()))).newbyteorder("<")
    return bytes((dtype.itemsize,)) + lengths.astype(dtype).tobytes() + b"".join(strings)


def _front_coded(strings: list[bytes]) -> bytes:
    """A chunk of sorted strings."""
    pairs = zip(strings[0][:255], strings[-1], strict=False)
    size = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    rests = [string[size:] for string in strings]
    length = len(rests[0])
    if length < 256 and all(len(rest) == length for rest in rests):
        head = bytes((size, 0, length)) + strings[0][:size]
        return head + b"".join(rests)
    plain = _plain(rests)
    return bytes((size, plain[0])) + strings[0][:size] + plain[1:]


def _find(data: bytes, count: int, string: bytes) -> int:
    """The number of a string in a sorted chunk of ``count``, or -1.

    One search for bytes in the whole chunk; a match that does not begin where a string begins is skipped.
    """
    size, width = data[0], data[1]
    at = 2 if width else 3
    base = at + size
    if not string.startswith(data[at:base]):
        return -1
    rest = string[size:]
    if not width:
        length = data[2]
        if len(rest) != length:
            return -1
        if not length:
            return 0
        at = data.find(rest, base)
        while at >= 0 and (at - base) % length:
            at = data.find(rest, at + 1)
        return at if at < 0 else (at - base) // length
    lengths: Sequence[int] = data[base : base + count]
    if width > 1:
        lengths = np.frombuffer(data, f"<u{width}", count, base).tolist()
    if not rest:
        # They are sorted, each once, so only the first may be empty.
        return -1 if lengths[0] else 0
    base += width * count
    at = data.find(rest, base)
    ends: list[int] = []
    while at >= 0:
        ends = ends or list(accumulate(lengths))
        # As many strings end before the match as are in front of it.
        i = bisect_right(ends, at - base)
        if lengths[i] == len(rest) and ends[i] - lengths[i] == at - base:
            return i
        at = data.find(rest, at + 1)
    return -1


class _Chunk:
    """The strings of one chunk, cut out when they are asked for: a search looks at few of them."""

    __slots__ = ("_base", "_bounds", "_count", "_data", "_length", "_prefix")

    def __init__(self, data: bytes, count: int, *, is_sorted: bool = True) -> None:
        self._data = data
        self._count = count
        if is_sorted:
            size, width = data[0], data[1]
            at = 2 if width else 3
            self._prefix = data[at : at + size]
            at += size
        else:
            width, at = data[0], 1
            self._prefix = b""
        # Where the first string begins, and the length of all, or None and where each begins.
        self._base = at + width * count
        self._length = None if width else data[2]
        self._bounds: list[int] = []
        if width == 1:
            self._bounds = list(accumulate(data[at : at + count], initial=self._base))
        elif width:
            lengths = np.frombuffer(data, f"<u{width}", count, at).tolist()
            self._bounds = list(accumulate(lengths, initial=self._base))

    def __getitem__(self, i: int) -> bytes:
        return self._prefix + self._rest(i)

    def _rest(self, i: int) -> bytes:
        if self._length is None:
            return self._data[self._bounds[i] : self._bounds[i + 1]]
        start = self._base + i * self._length
        return self._data[start : start + self._length]

    def all(self) -> list[bytes]:
        prefix, data = self._prefix, self._data
        if self._length is None:
            rests = map(data.__getitem__, map(slice, self._bounds, self._bounds[1:]))
            return list(map(prefix.__add__, rests)) if prefix else list(rests)
        return list(map(self.__getitem__, range(self._count)))

    def rank(self, string: bytes) -> int:
        """How many are smaller."""
        return bisect_left(range(self._count), string, key=self.__getitem__)


class FixedByteStrings(Sequence[bytes]):
    """Byte strings of up to ``width`` bytes, uncompressed in slots of that size: for keys, which are read one by one.

    None may end in a zero byte: zeros fill the slots.
    """

    def __init__(self, file: ContainerReader, name: str, width: int) -> None:
        self._array = file.array(f"{name}.fixed", f"S{width}")

    @cached_property
    def _slots(self) -> NDArray[np.bytes_]:
        slots: NDArray[np.bytes_] = self._array.all()
        return slots

    def __len__(self) -> int:
        return len(self._array)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        found: bytes | list[bytes] = self._slots[index].tolist()
        return found

    def take(self, numbers: NDArray[np.integer]) -> list[bytes]:
        found: list[bytes] = self._slots[numbers].tolist()
        return found


class _Heads:
    """The first string of every chunk, read where it is mapped."""

    def __init__(self, file: ContainerReader, name: str) -> None:
        self._file = file
        self._keys = file.array(f"{name}.keys", np.uint64)
        self._ends = file.array(f"{name}.head_ends", np.uint64)
        self._start = file.offset(f"{name}.heads")

    @cached_property
    def keys(self) -> list[int]:
        """Read as a whole, the first time: every search looks at them."""
        keys: list[int] = self._keys.all().tolist()
        return keys

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> bytes:
        ends = self._ends.slice(max(index - 1, 0), index + 1).tolist()
        return self._file.bytes_at(self._start + (ends[0] if index else 0), self._start + ends[-1])


def _key(string: bytes) -> int:
    """The first eight bytes as a number, which sorts as the strings do."""
    return int.from_bytes(string[:8].ljust(8, b"\0"), "big")


def prefix_end(prefix: bytes) -> bytes | None:
    """The smallest string after all that start with ``prefix``; None when there is none."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes((stem[-1] + 1,)) if stem else None
