"""Members' pages about what a customer wants to reach, and the same over the API."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import defining
from customers.models import Customer, Outcome, OutcomeAsk
from tests.factories import make_contact, make_customer, make_metric, make_outcome, make_reading

pytestmark = pytest.mark.django_db
SAID = {"words": "Half of them.", "required": "Every depot sees it.", "experience": "Step by step."}


@pytest.fixture
def outcome(in_harbour, mara) -> Outcome:
    customer = make_customer(in_harbour, owner=mara)
    make_contact(customer, "Amara Okafor", is_primary=True)
    metric = make_metric(in_harbour, "empty-km", name="Empty kilometres", unit="%")
    return make_outcome(customer, "Fewer of them.", metric=metric, baseline=31.4, target=25.0)


def opened(html: str) -> dict[str, str]:
    [known] = re.findall(r'name="opened" value="([^"]*)"', html)
    return {"opened": unescape(known)}


def test_a_csm_writes_one_down_orders_edits_and_retires_it(client_for, mara, outcome, settings):
    client, base = client_for(mara), f"/o/harbour/customers/{outcome.customer_id}/outcomes/"
    made = client.post(f"{base}new/", SAID, follow=True)
    assert "Written down." in made.content.decode()
    second = Outcome.objects.get(position=2)
    client.post(f"/o/harbour/outcomes/{second.pk}/place/", {"to": 1})
    listed = client.get(base).content.decode()
    assert listed.index("Half of them.") < listed.index("Fewer of them.")
    assert "Cannot tell yet: no reading since the beginning." in listed
    page = f"/o/harbour/outcomes/{second.pk}/"
    done = client.post(f"{page}edit/", SAID | {"words": "A third of them."}, follow=True)
    html = done.content.decode()
    assert "<del>Half of them.</del>" in html
    assert "<ins>A third of them.</ins>" in html
    client.post(f"{page}retirement/", {"why": "replaced"})
    assert "replaced" in client.get(base).content.decode()
    client.post(f"{page}return/")
    assert Outcome.objects.get(pk=second.pk).retired_at is None


def test_what_is_missing_is_said_and_nothing_is_stored(client_for, mara, outcome):
    client = client_for(mara)
    address = f"/o/harbour/customers/{outcome.customer_id}/outcomes/new/"
    for given, says in (
        ({"words": ""}, "Write down what they want to reach"),
        (SAID | {"target": "5"}, "Say which metric"),
    ):
        answer = client.post(address, given)
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert client.post(f"/o/harbour/outcomes/{outcome.pk}/retirement/", {"why": ""}).status_code == 302
    assert Outcome.objects.standing().count() == 1


def test_two_people_at_one_form_lose_nothing(client_for, mara, theo, outcome, now):
    client, address = client_for(mara), f"/o/harbour/outcomes/{outcome.pk}/edit/"
    stored = {"metric": outcome.metric_id, "baseline": "31.4", "target": "25.0"}
    form = SAID | stored | opened(client.get(address).content.decode())
    defining.edit(outcome=outcome, values={"words": "Theo's", "target": 20.0}, by=theo, now=now)
    answer = client.post(address, form)
    assert answer.status_code == 422
    assert "it now says “Theo&#x27;s”" in answer.content.decode()
    assert "Half of them." in answer.content.decode()
    again = client.post(address, form | opened(answer.content.decode()))
    assert again.status_code == 302
    row = Outcome.objects.get()
    assert (row.words, row.target) == ("Half of them.", 20.0)


def test_the_customers_page_shows_all_of_them_with_their_progress(client_for, rio, outcome, now):
    make_outcome(outcome.customer, "Nobody waits for Monday.", position=2)
    make_reading(outcome.customer, outcome.metric, 28.2, at=now)
    html = client_for(rio).get(f"/o/harbour/customers/{outcome.customer_id}/").content.decode()
    assert "Fewer of them." in html
    assert "Nobody waits for Monday." in html
    assert "from 31.4%" in html
    assert "goal 25%" in html
    assert "Draft" in html


def test_somebody_is_asked_and_the_question_waits_on_the_page(client_for, mara, outcome):
    client, page = client_for(mara), f"/o/harbour/outcomes/{outcome.pk}/"
    amara = outcome.customer.contacts.get()
    client.post(f"{page}question/", {"contact": amara.pk})
    assert OutcomeAsk.objects.get().contact == amara
    html = client.get(page).content.decode()
    assert "no answer yet" in html
    assert client.post(f"{page}question/", {"contact": "999"}, follow=True).status_code == 200
    assert OutcomeAsk.objects.count() == 1


def test_the_list_takes_as_many_queries_for_many_as_for_one(client_for, mara, outcome):
    client, address = client_for(mara), f"/o/harbour/customers/{outcome.customer_id}/outcomes/"
    few, many = CaptureQueriesContext(connection), CaptureQueriesContext(connection)
    with few:
        client.get(address)
    for n in range(6):
        make_outcome(outcome.customer, f"More {n}", metric=outcome.metric, position=n + 2)
    with many:
        client.get(address)
    assert len(many) == len(few)


def test_lists_of_customers_read_their_outcomes_at_once(in_harbour, outcome, django_assert_num_queries):
    for n in range(3):
        make_outcome(make_customer(in_harbour, f"Customer {n}"), f"Words {n}")
    with django_assert_num_queries(2):
        words = [row.first_outcome.words for row in Customer.objects.with_outcomes().order_by("pk")]
    assert words == ["Fewer of them.", "Words 0", "Words 1", "Words 2"]
