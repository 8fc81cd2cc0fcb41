"""Machines open a customer's link before they do, and others guess: nothing happens, nothing is told."""

import re
import secrets

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from milestones.models import Achievement, Verdict
from post.models import Delivery
from tests.dashboards.customer_page.visit import database, page, send, shape

GUESSES, GUESSES_AT_NIGHT = 250, 1_000
MACHINES = [
    {},
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
    {"User-Agent": "Mozilla/5.0 (compatible; Google-Safety)"},
    {"User-Agent": "BarracudaCentral/1.0", "Referer": "https://scanner.example/"},
    {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
]


def test_machines_that_look_first_leave_the_answer_to_the_person(visitor, token):
    before = database()
    for number in range(20):
        how = {"headers": MACHINES[number % len(MACHINES)]}
        assert visitor.head(page("customer_page", token), **how).status_code == 200
        assert visitor.get(page("customer_page", token), **how).status_code == 200
    assert database() == before
    assert send(visitor, token, "yes").status_code == 302
    assert Verdict.objects.count() == 1


def test_a_second_answer_does_nothing_more(visitor, token):
    send(visitor, token, "yes")
    before = database()
    for _ in range(3):
        assert send(visitor, token, "yes").status_code in (302, 200, 409)
    assert database() == before
    assert Verdict.objects.count() == 1
    assert Achievement.objects.filter(withdrawn_at=None).count() <= 1
    assert Delivery.objects.filter(purpose="receipt").count() <= 1


@pytest.mark.parametrize(
    "guesses", [GUESSES, pytest.param(GUESSES_AT_NIGHT, marks=pytest.mark.nightly)], ids=str
)
def test_every_guess_gets_one_answer_for_the_same_work(token, guesses):
    """Whoever guesses hears the same, after the same statements; of another house too, which has no links."""
    prefix, answers, work = token.partition("-")[0], set(), set()
    guesser = Client()
    for _ in range(guesses):
        guess = f"{prefix}-{secrets.token_urlsafe(32)}"
        with CaptureQueriesContext(connection) as captured:
            response = guesser.get(page("customer_page", guess))
        work.add(tuple(shape(query["sql"]) for query in captured))
        text = re.sub(r"nonce[-=]\S+", "", response.content.decode())
        answers.add((response.status_code, text.replace(guess, "TOKEN")))
    assert len(answers) == 1
    assert len(work) == 1
    assert answers.pop()[0] == 404


@pytest.mark.parametrize("guess", ["zzzzz-{}", "1-", "-{}", "{}", "0-{}"])
def test_a_guess_of_another_house_gets_the_same_answer(visitor, token, guess):
    known = f"{token.partition('-')[0]}-{secrets.token_urlsafe(32)}"
    other = guess.format(secrets.token_urlsafe(32).replace("-", "_"))
    pages = [visitor.get(page("customer_page", one)) for one in (known, other)]
    assert {response.status_code for response in pages} == {404}
    texts = [
        response.content.decode().replace(one, "TOKEN")
        for response, one in zip(pages, (known, other), strict=True)
    ]
    assert texts[0] == texts[1]
