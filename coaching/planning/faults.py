"""Why something is not planned. Nothing was stored."""

from datetime import date

from customers.models import Customer


class NoRoom(Exception):
    """On that day there are not so many minutes any more, or not at that time."""

    def __init__(self, customer: Customer, day: date) -> None:
        super().__init__(f"no room for {customer.pk} on {day}")
        self.customer, self.day = customer, day


class NoWhy(ValueError):
    """A call that is skipped is skipped for a reason."""
