"""One writer at a time for a customer's calls."""

from customers.models import Customer


def alone_with(customer: Customer) -> None:
    """Hold the customer until the transaction ends: a second submit of a form waits, then finds the first.

    On SQLite every writing transaction is alone anyway.
    """
    Customer.objects.select_for_update(of=("self",)).only("pk").get(pk=customer.pk)
