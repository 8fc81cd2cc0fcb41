"""SQLite as we set it up never says "database is locked": writers wait their turn, readers for nobody."""

import subprocess
import sys
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from customers.models import Customer
from organisations import tenancy
from organisations.models import Event, Organisation, User
from tests import factories
from tests.bosai.sqlite_writers import PROCESSES
from tests.services import processes

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def write_and_read(harbour: Organisation, ada: User, transactions: int) -> tuple[int, int]:
    """What eight processes were refused, and how many pages were read meanwhile."""
    with tenancy.within(harbour):
        factories.make_customer(harbour, "Shared", key="shared")
    command = [sys.executable, "-m", "tests.bosai.sqlite_writers"]
    command += [str(connection.settings_dict["NAME"]), str(transactions)]
    writers = processes.start(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    reader, pages = Client(), 0
    reader.force_login(ada)
    while writers.poll() is None:
        pages += 1
        assert reader.get("/o/harbour/today/").status_code == 200
        assert reader.get("/o/harbour/customers/").status_code == 200
    said, _ = writers.communicate()
    assert writers.returncode == 0, said
    with tenancy.within(harbour):
        assert Customer.objects.get(key="shared").fields["count"] == PROCESSES * transactions - int(said)
        assert Event.objects.filter(verb="tested").count() == PROCESSES * transactions - int(said)
    return int(said), pages


def test_eight_writers_and_a_reader_are_never_told_that_it_is_locked(harbour: Any, ada: Any) -> None:
    locked, pages = write_and_read(harbour, ada, transactions=60)
    assert locked == 0
    assert pages > 0


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_eight_writers_a_thousand_times_each(harbour: Any, ada: Any) -> None:
    assert write_and_read(harbour, ada, transactions=1_000)[0] == 0
