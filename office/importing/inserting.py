"""Rows written many at once: see `organisations.inserting`."""

from organisations.inserting import insert

__all__ = ["insert"]
