"""The marks of a review session in the order in which they are gone through."""

from __future__ import annotations

from collections.abc import Iterable


class Trail:
    """Ids of marks, those that were decided among them, and the one that is looked at.

    It begins with what was fetched so far; more is added at its end. What is put off comes back
    only when nothing else is left.
    """

    def __init__(self, put_off: Iterable[str] = ()) -> None:
        self._ids: list[str] = []
        self._at = 0
        self._decided: set[str] = set()
        self._put_off = list(dict.fromkeys(put_off))

    @property
    def here(self) -> str:
        """The mark that is looked at; empty at the end of what was fetched."""
        return self._ids[self._at] if self._at < len(self._ids) else ""

    @property
    def put_off(self) -> tuple[str, ...]:
        """The marks that wait at the end of the queue, in order."""
        return tuple(self._put_off)

    @property
    def ahead(self) -> list[str]:
        """The marks behind the one that is looked at that are not decided."""
        return [one for one in self._ids[self._at + 1 :] if one not in self._decided]

    def begin(self, decided: Iterable[str]) -> None:
        """Put marks that were decided before in front, so that one can look back at them."""
        earlier = list(decided)
        self._decided.update(earlier)
        self._ids[:0] = earlier
        self._at += len(earlier)

    def add(self, ids: Iterable[str]) -> None:
        """Add marks at the end; one that was gone by without a decision moves there."""
        for one in ids:
            if one in self._ids:
                rank = self._ids.index(one)
                if rank >= self._at:
                    continue
                del self._ids[rank]
                self._at -= 1
            self._ids.append(one)
            self._decided.discard(one)
            if one in self._put_off:
                self._put_off.remove(one)

    def drop(self, annotation_id: str) -> None:
        """Forget a mark that is not in the queue any more."""
        if annotation_id in self._ids:
            rank = self._ids.index(annotation_id)
            del self._ids[rank]
            self._at -= rank < self._at
        if annotation_id in self._put_off:
            self._put_off.remove(annotation_id)

    def decide(self, annotation_id: str) -> None:
        """Go on to the next mark that is not decided, if the one here is that was decided now."""
        self._decided.add(annotation_id)
        if annotation_id in self._put_off:
            self._put_off.remove(annotation_id)
        if self.here == annotation_id:
            self._at += 1
            self._pass_decided()

    def is_decided(self, annotation_id: str) -> bool:
        """Whether the mark was decided in this session."""
        return annotation_id in self._decided

    def take_back(self, annotation_id: str, *, still_decided: bool = False) -> None:
        """Go back to a mark whose decision was taken back; one before it may still stand."""
        if not still_decided:
            self._decided.discard(annotation_id)
        if annotation_id in self._ids:
            self._at = self._ids.index(annotation_id)
        else:
            self._ids.insert(self._at, annotation_id)

    def put_here_off(self) -> None:
        """Put the mark that is looked at off to the end of the queue, and go on."""
        one = self.here
        del self._ids[self._at]
        self._put_off.append(one)
        self._pass_decided()

    def step(self, direction: int) -> bool:
        """Look at the mark ahead or before, recording nothing; False where there is none."""
        if 0 <= self._at + direction < len(self._ids):
            self._at += direction
            return True
        return False

    def _pass_decided(self) -> None:
        while self.here in self._decided:
            self._at += 1
