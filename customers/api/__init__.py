"""Customers, the people there, what they want to reach, segments, metrics and readings for machines."""

from customers.api.outcomes import Outcomes
from customers.api.promises import Promises
from customers.api.records import (
    Contacts,
    Customers,
    Metrics,
    Readings,
    Segments,
)

__all__ = [
    "Contacts",
    "Customers",
    "Metrics",
    "Outcomes",
    "Promises",
    "Readings",
    "Segments",
]
