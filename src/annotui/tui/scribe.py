"""One thread that owns the database connection and does its jobs in order."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from annotui.errors import AnnotuiError, BusyError, StoreError
from annotui.services.workspace import Workspace

T = TypeVar("T")

LOCK_WAIT_S = 0.1
RETRY_PAUSE_S = 0.05

READ_PATIENCE_S = 2.0
"""How long a look at the file waits for another program's lock."""

DRAIN_PATIENCE_S = 2.0
"""How long a change that is not stored yet holds up leaving."""


class Scribe:
    """Runs jobs on a workspace off the event loop.

    A change that meets another program's lock is tried again until it is stored, given up, or
    the reader is left.
    """

    def __init__(self, path: Path, annotator: str, *, is_blind: bool = False) -> None:
        self.path = path
        self.annotator = annotator
        self.is_waiting = False
        self._workspace = Workspace(path, annotator, is_blind=is_blind)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="scribe")
        self._given_up = threading.Event()
        self._write: Future[Any] | None = None
        self._leaving_at: float | None = None

    @property
    def upgrade_told(self) -> str:
        """That opening brought an older file up to date; empty where it did not."""
        return self._workspace.upgrade_told

    def begin(self, job: Callable[[Workspace], T]) -> Future[T]:
        """Look at the file while there is no event loop yet; :meth:`answer` waits for it."""
        return self._pool.submit(self._look, job, READ_PATIENCE_S)

    async def run(self, job: Callable[[Workspace], T], *, patience_s: float = READ_PATIENCE_S) -> T:
        """Look at the file in the scribe's thread, after all that was asked for before.

        Raises:
            AnnotuiError: what the job raises; BusyError when the file is locked for longer than
                ``patience_s`` (by default ``READ_PATIENCE_S``).
        """
        patience_s = READ_PATIENCE_S if patience_s is None else patience_s
        return await self.answer(self._pool.submit(self._look, job, patience_s))

    async def write(self, job: Callable[[Workspace], T]) -> T:
        """Make a change in the scribe's thread, however long another program holds the lock.

        Raises:
            AnnotuiError: what the job raises, or StoreError after :meth:`give_up`.
        """
        given_up = self._given_up = threading.Event()
        future = self._pool.submit(self._change, job, given_up)
        self._write = future
        return await self.answer(future)

    def give_up(self) -> None:
        """Stop trying the change that is not stored yet; nothing of it will be."""
        self._given_up.set()

    def work_as(self, annotator: str) -> None:
        """Use another annotator's name from the next job on."""
        self._workspace.annotator = self.annotator = annotator

    def drain(self) -> AnnotuiError | None:
        """Finish what was asked for, close the file, end the thread.

        Returns:
            Why the last change could not be stored, where nobody was told yet.
        """
        if self._leaving_at is not None:
            return None
        self._leaving_at = time.monotonic()
        unsaved = self._write if self._write is not None and not self._write.done() else None
        self._pool.submit(self._workspace.close)
        self._pool.shutdown(wait=True)
        error = unsaved.exception() if unsaved is not None else None
        return error if isinstance(error, AnnotuiError) else None

    async def answer(self, future: Future[T]) -> T:
        """What a job gives, once it is done.

        Raises:
            AnnotuiError: what the job raises.
        """
        # Shielded: a job that was asked for is done even when nobody waits for it any more.
        return await asyncio.shield(asyncio.wrap_future(future))

    def _look(self, job: Callable[[Workspace], T], patience_s: float) -> T:
        began = time.monotonic()
        while True:
            try:
                return self._try(job)
            except BusyError:
                waited = time.monotonic() - began
                if waited >= patience_s or self._leaving_at is not None:
                    raise
                time.sleep(RETRY_PAUSE_S)

    def _change(self, job: Callable[[Workspace], T], given_up: threading.Event) -> T:
        try:
            while not self._is_over(given_up):
                try:
                    return self._try(job)
                except BusyError:
                    self.is_waiting = True
                    given_up.wait(RETRY_PAUSE_S)
            raise StoreError(
                f"Not saved: another program held the lock of {self.path} and the change was "
                "given up. Everything before it is stored."
            )
        finally:
            self.is_waiting = False

    def _is_over(self, given_up: threading.Event) -> bool:
        left_at = self._leaving_at
        leaving = left_at is not None and time.monotonic() - left_at > DRAIN_PATIENCE_S
        return given_up.is_set() or leaving

    def _try(self, job: Callable[[Workspace], T]) -> T:
        if self._workspace.exists:
            self._workspace.store().wait_for_lock(LOCK_WAIT_S)
        return job(self._workspace)
