"""Work nobody watches knows whose rows it touches: it enters each organisation by itself, or refuses."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from advocacy import celebrating
from bosai import rounds
from bosai.celery import app
from organisations import tenancy
from organisations.models import Organisation
from organisations.tenancy import NoOrganisation
from tests.house.ours import ROOMS, ROOT
from tests.walls.copying import tenant_models

# Tasks that are told which organisation; the others find their own work.
TOLD: dict[str, Callable[[int], dict[str, int]]] = {
    "advocacy.tasks.celebrate": lambda pk: {"organisation_id": pk},
    "office.tasks.work_on_import": lambda pk: {"organisation_id": pk, "import_id": 1},
}
ACROSS = ("post_due", "post_webhook_due")  # the thin tables; read inside tenancy.dispatching() alone

pytestmark = pytest.mark.django_db(transaction=True)


def our_tasks() -> list[str]:
    for room in ROOMS:
        if (ROOT / room / "tasks.py").exists():
            import_module(f"{room}.tasks")
    return sorted(name for name in app.tasks if name.split(".")[0] in ROOMS)


@pytest.fixture
def homeless() -> Iterator[list[str]]:
    """Statements on a table of rows that ran while no organisation was in force."""
    names = [model._meta.db_table for model in tenant_models()]
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        touched = [name for name in names if f'"{name}"' in sql or f" {name} " in sql]
        if touched and touched not in [[each] for each in ACROSS] and tenancy._current.get() is None:
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def test_there_are_tasks_and_each_is_looked_at() -> None:
    assert len(our_tasks()) >= 5
    assert TOLD.keys() <= set(our_tasks()), "told tasks there are no more"


def test_every_task_enters_each_organisation_or_refuses(
    harbour: Organisation, rival: Organisation, homeless: list[str], settings: Any
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    for name in our_tasks():
        task = app.tasks[name]
        if name not in TOLD:
            task()
        else:
            with pytest.raises((Organisation.DoesNotExist, NoOrganisation)):
                task(**TOLD[name](0))
            task(**TOLD[name](harbour.pk))
        assert homeless == [], name


def test_every_round_enters_each_organisation(
    harbour: Organisation, rival: Organisation, homeless: list[str], now: datetime
) -> None:
    for name, step in [*rounds.LOOP.items(), *rounds.SWEEP.items()]:
        step(lambda: now, lambda: False)
        assert homeless == [], name


def test_what_works_for_one_organisation_refuses_outside_of_it(harbour: Organisation, now: datetime) -> None:
    for verb in (celebrating.gather, celebrating.post_due):
        with pytest.raises(NoOrganisation):
            verb(organisation=harbour, now=now)


def test_a_stray_statement_is_noticed(db: None, homeless: list[str]) -> None:
    """So that the tests above could fail."""
    tenant_models()[0]._base_manager.count()
    assert len(homeless) == 1
