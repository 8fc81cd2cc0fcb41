"""Somebody who asked to be erased, some weeks ago: a row without a name, and a hash that refuses them."""

from datetime import timedelta

from bosai.demo.harbour.stage import Stage
from customers import keeping
from customers.models import Customer
from office import erasing

AT, WEEKS = "alder-finch", 5


def erase_one(stage: Stage) -> None:
    customer = Customer.objects.select_related("organisation").filter(key=AT).first()
    if customer is None:
        return
    ada, now = stage.people["ada"], stage.calendar.now
    contact = keeping.add_contact(
        customer=customer,
        values={"name": "Ines Duarte", "title": "Controller", "address": "ines.duarte@alderfinch.example"},
        by=ada,
        now=now - timedelta(weeks=WEEKS + 9),
    )
    why = "Left the company and asked for it by letter."
    erasing.erase(contact=contact, by=ada, now=now - timedelta(weeks=WEEKS), why=why)
