"""A terminal reader and span annotator for the close reading of news."""

__version__ = "0.1.0"
