"""Derman: complaint management from the first word to the improvement."""

__version__ = "0.1.0"
