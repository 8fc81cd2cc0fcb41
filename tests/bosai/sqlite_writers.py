"""Eight processes that write to one SQLite file: `python -m tests.bosai.sqlite_writers FILE TRANSACTIONS`.

Each transaction reads and then writes, as verbs do. Prints how many were told that the database is locked.
"""

import os
import sys

PROCESSES = 8


def write(transactions: int) -> int:
    """How many of them failed."""
    from django.db import OperationalError, transaction
    from django.utils import timezone

    from customers.models import Customer
    from organisations import tenancy
    from organisations.models import Organisation

    organisation, locked = Organisation.objects.get(slug="harbour"), 0
    with tenancy.within(organisation):
        for number in range(transactions):
            try:
                with transaction.atomic():
                    customer = Customer.objects.get(key="shared")
                    customer.about = f"{os.getpid()}"
                    customer.fields["count"] = customer.fields.get("count", 0) + 1
                    customer.save(update_fields=["about", "fields"])
                    organisation.log(
                        "tested", by=None, now=timezone.now(), customer_id=customer.pk, number=number
                    )
            except OperationalError as error:
                locked += "locked" in str(error)
    return locked


def main(file: str, transactions: int) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = file
    django.setup()
    children = []
    for _ in range(PROCESSES):
        if (pid := os.fork()) == 0:
            os._exit(min(write(transactions), 250))
        children.append(pid)
    locked = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    sys.stdout.write(f"{sum(locked)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
