"""The annotations of one document in the order of the text, fast with 100,000 of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, compress, count, islice
from operator import attrgetter, gt, itemgetter

from annotui.domain.annotation import Annotation

BLOCK_LENGTH = 384
"""Annotations in a block when an index is built; a block is split at twice that."""

SortKey = tuple[int, int, str]

_sort_key = attrgetter("start", "end", "annotation_id")
_start = attrgetter("start")
_key_end = itemgetter(1)


class _Block:
    """A run of annotations in order, not empty once it is in an index."""

    __slots__ = ("_by_id", "_reach", "annotations", "furthest", "keys")

    def __init__(self, annotations: list[Annotation], keys: list[SortKey]) -> None:
        self.annotations = annotations
        self.keys = keys
        self.furthest = max(map(_key_end, keys), default=0)
        self._by_id: dict[str, Annotation] | None = None
        self._reach: list[int] | None = None

    @property
    def reach(self) -> list[int]:
        """The greatest end among the first annotation, the first two, and so on."""
        if self._reach is None:
            self._reach = list(accumulate(map(_key_end, self.keys), max))
        return self._reach

    @property
    def by_id(self) -> dict[str, Annotation]:
        """The annotations by id, worked out at the first question."""
        if self._by_id is None:
            self._by_id = {one.annotation_id: one for one in self.annotations}
        return self._by_id

    def without(self, position: int) -> _Block:
        """The same block less the annotation at ``position``."""
        return _Block(
            self.annotations[:position] + self.annotations[position + 1 :],
            self.keys[:position] + self.keys[position + 1 :],
        )

    def with_one(self, annotation: Annotation, key: SortKey) -> list[_Block]:
        """The same block with ``annotation`` in its place, in two where it grew too long."""
        at = bisect_left(self.keys, key)
        annotations = [*self.annotations[:at], annotation, *self.annotations[at:]]
        keys = [*self.keys[:at], key, *self.keys[at:]]
        if len(keys) <= 2 * BLOCK_LENGTH:
            return [_Block(annotations, keys)]
        half = len(keys) // 2
        return [
            _Block(annotations[:half], keys[:half]),
            _Block(annotations[half:], keys[half:]),
        ]


def _in_order(annotations: Iterable[Annotation]) -> tuple[list[Annotation], list[SortKey]]:
    """The annotations and their keys, sorted.

    Whole numbers sort four times as fast as tuples, so the tuples only settle equal starts.
    """
    ordered = sorted(annotations, key=_start)
    keys = list(map(_sort_key, ordered))
    settled = 0
    for place in compress(count(), map(gt, keys, islice(keys, 1, None))):
        if place >= settled:
            start = keys[place][0]
            low, settled = bisect_left(keys, (start,)), bisect_left(keys, (start + 1,))
            ordered[low:settled] = sorted(ordered[low:settled], key=_sort_key)
            keys[low:settled] = map(_sort_key, ordered[low:settled])
    return ordered, keys


def _first_key(block: _Block) -> SortKey:
    return block.keys[0]


class AnnotationIndex:
    """Annotations ordered by ``Annotation.sort_key``; it never changes once built.

    ``replaced`` gives another index that shares all blocks but the touched ones.
    """

    __slots__ = ("_blocks", "_first_keys", "_first_ranks", "_length", "_reach")

    def __init__(self, annotations: Iterable[Annotation] = ()) -> None:
        ordered, keys = _in_order(annotations)
        cuts = range(0, len(ordered), BLOCK_LENGTH)
        self._adopt(
            [
                _Block(ordered[cut : cut + BLOCK_LENGTH], keys[cut : cut + BLOCK_LENGTH])
                for cut in cuts
            ]
        )

    def _adopt(self, blocks: list[_Block]) -> None:
        """Take ``blocks``, none of them empty, as the whole."""
        self._blocks = blocks
        self._first_keys = [block.keys[0] for block in blocks]
        self._first_ranks = list(accumulate((len(block.keys) for block in blocks), initial=0))
        self._reach = list(accumulate((block.furthest for block in blocks), max))
        self._length = self._first_ranks[-1]

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Annotation]:
        return chain.from_iterable(block.annotations for block in self._blocks)

    def __getitem__(self, rank: int) -> Annotation:
        """The annotation at ``rank`` (from 0; from the end where negative).

        Raises:
            IndexError: when there are not that many.
        """
        wanted = rank + self._length if rank < 0 else rank
        if not 0 <= wanted < self._length:
            raise IndexError(f"There are {self._length} annotations, none at rank {rank}.")
        at = bisect_right(self._first_ranks, wanted) - 1
        return self._blocks[at].annotations[wanted - self._first_ranks[at]]

    def rank(self, sort_key: SortKey) -> int:
        """How many annotations stand before ``sort_key``."""
        at = self._block_of(sort_key)
        if at < 0:
            return 0
        return self._first_ranks[at] + bisect_left(self._blocks[at].keys, sort_key)

    def _block_of(self, sort_key: SortKey) -> int:
        """The block that holds ``sort_key`` or would; -1 before the first."""
        return bisect_right(self._first_keys, sort_key) - 1

    def replaced(self, before: Annotation | None, after: Annotation | None) -> AnnotationIndex:
        """The index with ``after`` in the place of ``before``; either may be missing.

        Raises:
            KeyError: when ``before`` is not in the index.
        """
        blocks = list(self._blocks)
        if before is not None:
            key = before.sort_key
            at = self._block_of(key)
            position = bisect_left(blocks[at].keys, key) if at >= 0 else 0
            if at < 0 or blocks[at].keys[position : position + 1] != [key]:
                raise KeyError(key)
            smaller = blocks[at].without(position)
            blocks[at : at + 1] = [smaller] if smaller.keys else []
        if after is not None:
            key = after.sort_key
            at = max(0, bisect_right(blocks, key, key=_first_key) - 1)
            host = blocks[at] if blocks else _Block([], [])
            blocks[at : at + 1] = host.with_one(after, key)
        index = AnnotationIndex.__new__(AnnotationIndex)
        index._adopt(blocks)
        return index

    def overlapping(self, start: int, end: int) -> list[Annotation]:
        """Those whose hull has a code point in ``start`` to ``end``, in order."""
        found: list[Annotation] = []
        before_end = (end,)
        first = bisect_right(self._reach, start)
        last = bisect_left(self._first_keys, before_end)
        for block in self._blocks[first:last]:
            if block.furthest > start:
                low = bisect_right(block.reach, start)
                high = bisect_left(block.keys, before_end)
                found.extend(one for one in block.annotations[low:high] if one.end > start)
        return found

    def at(self, offset: int) -> list[Annotation]:
        """Those with a run on ``offset``, innermost first.

        Innermost is the shortest run, then the later start, then the later id.
        """
        stacked = []
        for annotation in self.overlapping(offset, offset + 1):
            for run in annotation.runs:
                if run.start <= offset < run.end:
                    depth = (run.start - run.end, run.start, annotation.annotation_id)
                    stacked.append((depth, annotation))
        stacked.sort(key=lambda entry: entry[0], reverse=True)
        return [annotation for _, annotation in stacked]

    def get(self, annotation_id: str) -> Annotation | None:
        """The annotation with this id, if it is here."""
        for block in self._blocks:
            if (found := block.by_id.get(annotation_id)) is not None:
                return found
        return None

    def next_from(self, offset: int) -> Annotation | None:
        """The first annotation that starts at ``offset`` or behind it."""
        rank = self.rank((offset, 0, ""))
        return self[rank] if rank < self._length else None

    def next_after(self, sort_key: SortKey) -> Annotation | None:
        """The first annotation behind ``sort_key``."""
        rank = self.rank(sort_key)
        if rank < self._length and self[rank].sort_key == sort_key:
            rank += 1
        return self[rank] if rank < self._length else None

    def previous_before(self, sort_key: SortKey) -> Annotation | None:
        """The last annotation before ``sort_key``."""
        rank = self.rank(sort_key)
        return self[rank - 1] if rank else None
