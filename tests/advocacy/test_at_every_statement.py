"""What breaks off anywhere leaves nothing behind: no half achievement, no half celebration, no mail."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from milestones.models import Achievement
from tests.advocacy.loop import gather, mails, post_due, reach
from tests.dashboards.customer_page.visit import database

pytestmark = pytest.mark.django_db


class Broken(BaseException):
    """As if the process had died between two statements: nothing catches it."""


def broken_at(number: int, run: Callable[[], Any]) -> int:
    """Run it until its `number`th statement, which breaks; how many there were."""
    seen = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen += 1
            if seen == number:
                raise Broken(sql)
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(count):
            run()
    except Broken:
        pass
    return seen


def all_or_nothing(run: Callable[[], Any], *, at_least: int) -> None:
    """Broken at each of its statements in turn it leaves everything as it was; the last time it is done.

    What breaks behind the last commit finds the work whole: another run adds nothing.
    """
    before = database()
    for number in itertools.count(1):
        if broken_at(number, run) < number:
            break
        if database() != before:
            whole = database()
            run()
            assert database() == whole, f"half done at statement {number}"
            break
    assert number > at_least


def test_breaking_off_while_a_milestone_is_achieved_leaves_nothing(enrolment, metric, now):
    all_or_nothing(lambda: reach(enrolment, metric, now), at_least=10)
    assert Achievement.objects.count() == 1


def test_breaking_off_while_it_is_celebrated_sends_nothing(in_harbour, enrolment, metric, now):
    reach(enrolment, metric, now)
    all_or_nothing(lambda: gather(in_harbour, now), at_least=10)
    assert mails() == []
    later = now + timedelta(days=2)
    all_or_nothing(lambda: post_due(in_harbour, later), at_least=10)
    assert len(mails()) == 1
