"""Nothing that is made out of a database can be read by more people than the database."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_GROUP, _OTHERS = 0o070, 0o007


def no_more_readable(made: Path, database: Path, wanted: int) -> None:
    """Give ``made``, a file or folder, the permissions ``wanted`` as far as ``database`` has them.

    Where others, or its group, may not read the database, they get nothing. A database that is
    not there yet hides nothing.
    """
    wanted = stat.S_IMODE(wanted)
    try:
        source = database.stat()
    except (FileNotFoundError, NotADirectoryError):
        made.chmod(wanted)
        return
    if not source.st_mode & stat.S_IROTH:
        wanted &= ~_OTHERS
    # What everybody may read, any group may.
    same_group = source.st_mode & stat.S_IROTH or made.stat().st_gid == source.st_gid
    if not source.st_mode & stat.S_IRGRP or not same_group:
        wanted &= ~_GROUP
    made.chmod(wanted)


def umask() -> int:
    """The user's mask for new files."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
