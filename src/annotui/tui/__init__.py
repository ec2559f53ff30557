"""The reader: screens and keys."""

import os

# Read by Textual when it is imported: how long it waits, after esc, for the rest of a sequence.
os.environ.setdefault("ESCDELAY", "40")
