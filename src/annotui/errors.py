"""Every failure that a user can see.

A message says what failed, where, what state the data is in, and the next step.
"""

from __future__ import annotations


class AnnotuiError(Exception):
    """A failure with a message for the user; anything else that is raised is a bug."""


class SpanError(AnnotuiError):
    """A span that is empty, backwards, or not inside its text."""


class SelectorError(AnnotuiError):
    """A quote that is not in the text, or is there more than once."""


class LabelError(AnnotuiError):
    """A label that the scheme does not have, or a scheme that cannot be used."""


class DocumentError(AnnotuiError):
    """A document that is not there, is ambiguous, or cannot be taken in."""


class EncodingError(DocumentError):
    """Bytes that are not text in the encoding that was tried; ``fitting`` is one that fits."""

    def __init__(self, message: str, fitting: str) -> None:
        super().__init__(message)
        self.fitting = fitting


class AnnotationError(AnnotuiError):
    """An annotation that is not there, is ambiguous, or is not one's own."""


class StaleError(AnnotuiError):
    """Somebody changed the annotation since it was read; nothing was overwritten."""


class UndoError(AnnotuiError):
    """There is nothing to undo or redo, or somebody has built on the change."""


class StoreError(AnnotuiError):
    """The database file cannot be opened, read or written."""


class BusyError(StoreError):
    """Another program holds the write lock; the same call may go through later."""


class ExportError(AnnotuiError):
    """A file that cannot be written."""


class FormatError(AnnotuiError):
    """A file that is not of the format it was taken for, or disagrees with its text."""


class ConfigError(AnnotuiError):
    """An option, a file of options, or an environment variable that cannot be used."""
