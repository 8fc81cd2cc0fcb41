"""How many deliveries are forgotten, by the product's own question: python -m tests.storm.forgetting."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bosai.settings"

import django

django.setup()

from organisations import tenancy  # noqa: E402
from organisations.models import Organisation  # noqa: E402
from post import leases  # noqa: E402


def forgotten() -> int:
    count = 0
    for organisation in Organisation.objects.all():
        with tenancy.within(organisation):
            count += leases.forgotten().count()
    return count


if __name__ == "__main__":
    sys.stdout.write(f"{forgotten()}\n")
