"""Looking changes nothing and shows nothing of anybody else: every address, every role, both walls.

On PostgreSQL the first wall is off meanwhile: what stands here, row-level security does alone.
"""

import pytest
from django.db import connection, models

from organisations import tenancy
from organisations.models import Organisation
from tests.house.examples import ACTIONS, EXAMPLES, NOBODY
from tests.house.patterns import patterns
from tests.walls.api import CALLS
from tests.walls.copying import KEPT, tenant_models
from tests.walls.crawl import Crawl, address
from tests.walls.two import BOTH, CANARY, RIVAL, Two

CHOOSER = (BOTH, "/")  # where somebody of both says which

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("behind_one_wall"),
    pytest.mark.timeout(1200),
]


def test_no_address_is_left_out(crawl: Crawl) -> None:
    over_api = CALLS.keys() - EXAMPLES.keys()  # asked with tokens, in test_api
    assert {name for name, _route, _pattern in patterns()} - {"gallery"} - over_api == crawl.names


def test_a_canary_stands_in_every_text_of_every_table(two: Two) -> None:
    """Else the crawl would prove nothing of that column."""
    rival = Organisation.objects.get(slug=RIVAL)
    silent = set()
    with tenancy.within(rival):
        for model in tenant_models():
            rows = model._base_manager.filter(organisation=rival)
            for column in texts_of(model):  # not asked of SQLite, whose search ends at a NUL
                if not any(CANARY in str(text) for text in rows.values_list(column, flat=True)):
                    silent.add(f"{model._meta.label}.{column}")
    assert silent == set()


def texts_of(model: type[models.Model]) -> list[str]:
    kept = KEPT.get(model._meta.label, set())
    return [
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and column.name not in kept
    ]


def test_nobody_sees_a_word_or_an_id_of_the_rival(crawl: Crawl) -> None:
    given_away = {at: answer.given_away for at, answer in crawl.by.items() if answer.given_away}
    assert given_away.keys() == {CHOOSER}, given_away


def test_no_get_writes_a_row(crawl: Crawl) -> None:
    assert {at: answer.written for at, answer in crawl.by.items() if answer.written} == {}


def test_every_table_is_as_it_was(crawl: Crawl) -> None:
    """The same once more, by what the tables hold: nothing writes beside the connection that is watched."""
    changed = {table for table, held in crawl.before.items() if crawl.after[table] != held}
    assert changed == set()


def test_everybody_gets_an_answer(crawl: Crawl) -> None:
    """No page breaks for anybody, and what is not for somebody is refused in one of our ways."""
    fine = (200, 302, 403, 404, 405, 410)  # 410: a story that is not told any more
    assert {at: answer.status for at, answer in crawl.by.items() if answer.status not in fine} == {}


def test_who_each_example_is_for_sees_it(two: Two, crawl: Crawl) -> None:
    wrong = {}
    for name, them in EXAMPLES.items():
        for one in them:
            url = address(name, one, two.own)
            if crawl.by[one.who, url].status != one.status:
                wrong[one.who, url] = crawl.by[one.who, url].status
    assert wrong == {}


def test_an_action_takes_no_get(two: Two, crawl: Crawl) -> None:
    statuses = {name: crawl.by[one.who, address(name, one, two.own)].status for name, one in ACTIONS.items()}
    assert {name: status for name, status in statuses.items() if status != 405} == {}


def test_strangers_see_nothing_of_an_organisation(crawl: Crawl) -> None:
    """Whoever is not signed in is sent to sign in. The colours alone are everybody's: mails wear them.

    A calendar is for whoever holds its address.
    """
    for (who, url), answer in crawl.by.items():
        if who == NOBODY and url.startswith("/o/") and not url.endswith(("theme.css", ".ics")):
            assert answer.status in (302, 405), url


def test_the_first_wall_is_off_where_there_is_a_second(two: Two) -> None:
    """So that the tests above mean what they say."""
    from customers.models import Customer

    with tenancy.within(Organisation.objects.get(slug=RIVAL)):
        says_so = "organisation_id" in str(Customer.objects.all().query).partition("WHERE")[2]
    assert says_so == (connection.vendor != "postgresql")
