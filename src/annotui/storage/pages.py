"""Records straight out of the pages of an SQLite file, however damaged the rest of it is.

Every page that looks like one with rows is read by itself, so neither the header nor the schema
nor the way from page to page need be whole. Source: sqlite.org/fileformat2.html, 1.2 to 2.3.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

Value = None | int | float | str | bytes

_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR = 0x0D, 0x0A, 0x02
_PAGE_HEADER = {_TABLE_LEAF: 8, _INDEX_LEAF: 8, _INDEX_INTERIOR: 12}
_FILE_HEADER_LENGTH = 100
_SIZES = (65536, 32768, 16384, 8192, 4096, 2048, 1024, 512)
_INTEGER_LENGTHS = (0, 1, 2, 3, 4, 6, 8)
_SAMPLE = 1 << 25
"""Bytes that are looked at to find out how large a page is."""
_ENOUGH = 0.8


class UnreadableError(Exception):
    """A record whose bytes make no sense."""


@dataclass(frozen=True, slots=True)
class Record:
    """The values of one row; ``rowid`` is None where it is of an index or has none."""

    rowid: int | None
    values: tuple[Value, ...]


class Pages:
    """The pages of a file; ``unreadable`` counts the records that made no sense so far."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size = _page_size(content)
        reserved = content[20] if content[16:18] == _size_field(self._size) else 0
        self._usable = self._size - (reserved if reserved <= 32 else 0)
        self.unreadable = 0

    def records(self) -> Iterator[Record]:
        """Every record that can be read, page by page; old versions of a row may be among them."""
        for start in range(0, len(self._content), self._size):
            page = self._content[start : start + self._size]
            head = _FILE_HEADER_LENGTH if start == 0 else 0
            kind = page[head] if len(page) > head else 0
            if kind not in _PAGE_HEADER:
                continue
            for place in _cell_places(page, head):
                try:
                    yield self._record(page, kind, place)
                except (UnreadableError, IndexError, struct.error, UnicodeDecodeError):
                    self.unreadable += 1

    def _record(self, page: bytes, kind: int, place: int) -> Record:
        at = place + (4 if kind == _INDEX_INTERIOR else 0)
        length, at = _varint(page, at)
        rowid = None
        if kind == _TABLE_LEAF:
            rowid, at = _varint(page, at)
            rowid -= (rowid >> 63) << 64
        return Record(rowid, _values(self._payload(page, kind, at, length)))

    def _payload(self, page: bytes, kind: int, at: int, length: int) -> bytes:
        """The whole of a record, with what did not fit on the page."""
        usable = self._usable
        most = usable - 35 if kind == _TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if length > len(self._content):
            raise UnreadableError
        local = length
        if length > most:
            least = (usable - 12) * 32 // 255 - 23
            local = least + (length - least) % (usable - 4)
            local = local if local <= most else least
        parts = [page[at : at + local]]
        if len(parts[0]) < local:
            raise UnreadableError
        missing = length - local
        following = page[at + local : at + local + 4]
        while missing > 0:
            start = (int.from_bytes(following, "big") - 1) * self._size
            if start < 0 or start + 4 >= len(self._content):
                raise UnreadableError
            following = self._content[start : start + 4]
            part = self._content[start + 4 : start + 4 + min(missing, usable - 4)]
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)


def _size_field(size: int) -> bytes:
    return (1 if size == 65536 else size).to_bytes(2, "big")


def _page_size(content: bytes) -> int:
    """The largest page size with which all pages with rows are found.

    A larger one than the file's misses some, a smaller one finds hardly more.
    """
    found = {size: _count_pages(content, size) for size in _SIZES}
    most = max(found.values())
    return next(size for size in _SIZES if found[size] >= _ENOUGH * most)


def _count_pages(content: bytes, size: int) -> int:
    """How many pages with rows the beginning of the file has, were they of this size."""
    found = 0
    for start in range(size, min(len(content), _SAMPLE), size):
        if content[start] in _PAGE_HEADER:
            found += bool(_cell_places(content[start : start + size], 0))
    return found


def _cell_places(page: bytes, head: int) -> list[int]:
    """Where the cells of a page start; none where its own header makes no sense."""
    kind = page[head]
    if len(page) < head + 12:
        return []
    count = int.from_bytes(page[head + 3 : head + 5], "big")
    first = head + _PAGE_HEADER[kind]
    if first + 2 * count > len(page):
        return []
    places = struct.unpack_from(f">{count}H", page, first)
    return [place for place in places if first + 2 * count <= place < len(page)]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where the next thing starts."""
    value = 0
    for _ in range(8):
        byte = data[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | data[at], at + 1


def _values(payload: bytes) -> tuple[Value, ...]:
    head_length, at = _varint(payload, 0)
    if head_length > len(payload):
        raise UnreadableError
    kinds: list[int] = []
    while at < head_length:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    if at != head_length:
        raise UnreadableError
    values: list[Value] = []
    for kind in kinds:
        length = _length(kind)
        part = payload[at : at + length]
        if len(part) != length:
            raise UnreadableError
        values.append(_value(kind, part))
        at += length
    if at != len(payload):
        raise UnreadableError
    return tuple(values)


def _length(kind: int) -> int:
    """How many bytes a value of this serial type has."""
    if kind >= 12:
        return (kind - 12) // 2
    if kind in (10, 11):
        raise UnreadableError
    return (*_INTEGER_LENGTHS, 8, 0, 0)[kind]


def _value(kind: int, part: bytes) -> Value:
    if kind == 0:
        return None
    if kind <= 6:
        return int.from_bytes(part, "big", signed=True)
    if kind == 7:
        return float(struct.unpack(">d", part)[0])
    if kind in (8, 9):
        return kind - 8
    return part if kind % 2 == 0 else part.decode("utf-8")
