"""Every form of every page, sent, looked at, and taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest import mock

from django.db import transaction
from django.test import Client

from tests.house.examples import ACTIONS, EXAMPLES
from tests.house.patterns import is_members
from tests.walls.crawl import Answer, Crawl, address, ask
from tests.walls.days import day
from tests.walls.forms import Form, forms_on
from tests.walls.two import Two

NOW = datetime.now(UTC)  # the day the forms are drawn: they carry its date
# Sent by no form of a page in the lived-in organisation: what a browser sends there.
BY_HAND: dict[str, dict[str, Any]] = {
    "coaching:call_draft": {"goal": ["Words"], "form_token": ["0d2a1c52-9f5e-4b1f-9a53-53a3a5b6d111"]},
    "coaching:call_draft_removal": {},
    "milestones:journey_publication": {},
    "post:next_try": {},
    "office:import_retry": {},
    "dashboards:release": {"choice": ["send"]},
    "dashboards:timeline_target": {"days": ["90"], "as_of": [day(-1)]},
}


def forms_of(two: Two, crawl: Crawl) -> dict[str, Form]:
    """What to send to each address of members that takes a POST, by its name."""
    found: dict[str, Form] = {}
    for who in ("ada", "theo", "mara"):
        for (asker, url), answer in crawl.by.items():
            if asker == who and answer.status == 200 and "#" not in url:
                for form in forms_on(answer.body.decode(errors="replace"), url):
                    found.setdefault(form.match.view_name, form)
    for name, data in BY_HAND.items():
        example = ACTIONS[name] if name in ACTIONS else EXAMPLES[name][0]
        found.setdefault(name, Form(address(name, example, two.own), data))
    return {name: form for name, form in found.items() if is_members(name)}


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is done inside did not happen; the clock stands still meanwhile."""
    with mock.patch("bosai.middleware.timezone.now", return_value=NOW), transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(client: Client, form: Form, /, **more: Any) -> Answer:
    client.cookies.pop("messages", None)
    with taken_back():
        return ask(client, "POST", form.action, form.data | more)
