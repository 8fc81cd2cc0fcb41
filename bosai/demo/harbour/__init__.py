"""Harbour Analytics: a lived-in organisation. Sixty customers, eighteen months, ending now."""

from bosai.demo.harbour.building import SLUG, build

__all__ = ["SLUG", "build"]
