"""What the tests of a page of more than one room share."""

from tests.dashboards.forty import wish
from tests.dashboards.on_today import clock, happen, in_amsterdam, journey, make

__all__ = ["clock", "happen", "in_amsterdam", "journey", "make", "wish"]
