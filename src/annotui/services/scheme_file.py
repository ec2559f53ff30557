"""Label schemes in files of their own."""

from __future__ import annotations

from pathlib import Path

from annotui.domain.label_scheme import LabelScheme
from annotui.errors import LabelError
from annotui.services import text_file


def read(path: Path) -> LabelScheme | None:
    """The scheme in a file; None where there is no such file.

    Raises:
        LabelError: when it cannot be used; the message names the line.
    """
    from annotui.formats import label_toml

    text = text_file.read(path, LabelError)
    return None if text is None else label_toml.loads(text, str(path))


def as_toml(scheme: LabelScheme) -> str:
    """The scheme as :func:`read` takes it."""
    from annotui.formats import label_toml

    return label_toml.dumps(scheme)
