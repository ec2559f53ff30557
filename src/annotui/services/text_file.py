"""Small files of settings, read whole."""

from __future__ import annotations

import stat
from pathlib import Path

from annotui.errors import AnnotuiError

SIZE_LIMIT = 1_000_000
"""Bytes of such a file at most."""


def read(path: Path, kind: type[AnnotuiError]) -> str | None:
    """The text of a file; None where there is no such file.

    Raises:
        AnnotuiError: of this kind, when it cannot be read as UTF-8 text.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise kind(f"{path} is not a regular file. Nothing was done.")
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
        if len(raw) > SIZE_LIMIT:
            raise kind(f"{path} has more than {SIZE_LIMIT:,} bytes. Nothing was done.")
        return raw.decode("utf-8").replace("\r\n", "\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise kind(f"{path} line {line}: this is not UTF-8. Nothing was done.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise kind(f"{path} cannot be read: {reason}. Nothing was done.") from error
