"""One writer at a time: for a customer's calls and challenges, and for what an organisation coaches by.

On SQLite every writing transaction is alone anyway.
"""

from customers.models import Customer
from organisations.models import Organisation


def alone_with(customer: Customer) -> None:
    """Hold the customer until the transaction ends: a second submit of a form waits, then finds the first."""
    Customer.objects.select_for_update(of=("self",)).only("pk").get(pk=customer.pk)


def alone_in(organisation: Organisation) -> None:
    """Hold the catalogue and the guides until the transaction ends; everything else goes on."""
    Organisation.objects.select_for_update(no_key=True).only("pk").get(pk=organisation.pk)
