"""Orchard Booking: a crowded organisation. Two thousand small customers, five hundred to a CSM."""

from bosai.demo.orchard.building import SLUG, build
from bosai.demo.orchard.cast import IN_ALL

__all__ = ["IN_ALL", "SLUG", "build"]
