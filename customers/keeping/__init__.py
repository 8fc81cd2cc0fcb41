"""Customers and the people there, as members write them down.

Every edit by a person is remembered field by field, so that imports keep it, and is logged. Nothing here ends
enrolments (a room above does, with the reason) and nothing is ever deleted.
"""

from customers.keeping.people import (
    AddressTaken,
    Erased,
    add_contact,
    contact_left,
    contact_returned,
    edit_contact,
)
from customers.keeping.records import (
    FIRST_OUTCOME,
    KeyTaken,
    add_customer,
    archive,
    change_owner,
    edit_customer,
    mark_left,
    restore,
    segment_named,
    take_back,
)

__all__ = [
    "FIRST_OUTCOME",
    "AddressTaken",
    "Erased",
    "KeyTaken",
    "add_contact",
    "add_customer",
    "archive",
    "change_owner",
    "contact_left",
    "contact_returned",
    "edit_contact",
    "edit_customer",
    "mark_left",
    "restore",
    "segment_named",
    "take_back",
]
