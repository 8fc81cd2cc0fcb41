"""A manager words what a journey writes, sees it as a customer would, looks ahead, and lets it begin."""

import html
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from milestones.models import Journey, Message
from organisations import tenancy
from post.models import Delivery
from tests import factories

TYPED = {"is_on": "on", "days": "2", "subject": "Next: {milestone}", "body": "{meaning}\n\n*Soon.*"}


@pytest.fixture
def journey(harbour, mara) -> Journey:
    with tenancy.within(harbour):
        journey = factories.make_journey(harbour)
        customer = factories.make_customer(harbour, owner=mara)
        factories.make_contact(customer, is_primary=True)
        factories.make_enrolment(customer, journey, started_on=timezone.localdate(), moved_at=timezone.now())
    return journey


def url(name: str, *args: str) -> str:
    return reverse(f"milestones:{name}", args=["harbour", "first-data", *args])


def test_from_the_wording_to_the_first_mail(client_for, theo, journey, harbour):
    client = client_for(theo)
    said = client.get(url("message_list")).content.decode()
    assert "Nothing would be written" in said
    assert "Begin to write" not in said
    looked = client.post(
        url("message_edit"), {"occasion": "expectation"} | TYPED | {"look": "1"}
    ).content.decode()
    assert "Next: Milestone 1" in looked
    assert "What milestone 1 means for you." in looked
    client.post(url("message_edit"), {"occasion": "expectation"} | TYPED)
    said = client.get(url("message_list")).content.decode()
    assert "Next: {milestone}" in said
    assert "1 mail" in said
    assert "to 1 person" in said
    assert "Kestrel Freight" in client.get(url("message_calendar")).content.decode()
    said = client.post(url("message_start"), follow=True).content.decode()
    assert "Stop writing" in said
    said = client.post(url("message_stop"), follow=True).content.decode()
    assert "Begin to write" in said


def test_it_is_sent_to_oneself_to_look_at(client_for, theo, journey, harbour):
    answer = client_for(theo).post(url("message_edit"), {"occasion": "stall"} | TYPED | {"try": "1"})
    assert answer.status_code == 200
    with tenancy.within(harbour):
        mail = Delivery.objects.get()
        assert (mail.address, mail.subject) == (theo.email, "[Try] Next: Milestone 1")
        assert "[customer page]" not in mail.html + mail.text
        assert not Message.objects.exists()


def test_one_milestone_may_have_words_of_its_own_and_lose_them_again(client_for, theo, journey, harbour):
    client = client_for(theo)
    assert client.get(url("message_edit"), {"occasion": "stall", "milestone": "m2"}).status_code == 200
    client.post(url("message_edit"), {"occasion": "stall"} | TYPED | {"milestone": "m2"})
    with tenancy.within(harbour):
        assert Message.objects.get().milestone_key == "m2"
    client.post(url("message_removal"), {"occasion": "stall", "milestone": "m2"})
    with tenancy.within(harbour):
        assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"body": "Dear {frist_name}"}, "“{frist_name}” is none of the names that are filled in"),
        ({"subject": ""}, "Write a subject"),
        ({"days": "soon"}, "Enter a whole number"),
        ({"days": "9999"}, "less than or equal to 365"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client_for, theo, journey, harbour, changed, said):
    answer = client_for(theo).post(url("message_edit"), {"occasion": "stall"} | TYPED | changed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "*Soon.*" in page or "body" in changed
    with tenancy.within(harbour):
        assert not Message.objects.exists()


def test_nothing_begins_while_nothing_is_on(client_for, theo, journey, harbour):
    said = client_for(theo).post(url("message_start"), follow=True).content.decode()
    assert "Switch on one of the four first." in said
    with tenancy.within(harbour):
        journey.refresh_from_db()
        assert journey.messages_since is None


@pytest.mark.parametrize("query", ["", "occasion=nonsense", "occasion=expectation&milestone=m9"])
def test_what_there_is_not_is_not_found(client_for, theo, journey, query):
    assert client_for(theo).get(url("message_edit") + f"?{query}").status_code == 404


def test_a_csm_reads_and_a_manager_writes(client_for, mara, journey):
    client = client_for(mara)
    assert client.get(url("message_list")).status_code == 200
    assert client.get(url("message_edit"), {"occasion": "stall"}).status_code == 403
    assert client.post(url("message_start")).status_code == 403


def test_two_managers_at_one_message_lose_nothing(client_for, theo, ada, journey, harbour):
    ours = {"occasion": "stall"} | TYPED
    opened = {
        "opened": json.dumps({"is_on": False, "days": 2, "subject": "As it was", "body": TYPED["body"]})
    }
    client_for(ada).post(url("message_edit"), ours | {"subject": "Ada’s: {milestone}"})
    answer = client_for(theo).post(url("message_edit"), ours | opened)
    assert answer.status_code == 422
    assert "it now says “Ada’s: {milestone}”" in answer.content.decode()
    with tenancy.within(harbour):
        assert Message.objects.get().subject == "Ada’s: {milestone}"
    client_for(theo).post(url("message_edit"), ours | {"opened": _opened_in(answer)})
    with tenancy.within(harbour):
        assert Message.objects.get().subject == TYPED["subject"]


def _opened_in(answer) -> str:
    return html.unescape(re.search(r'name="opened" value="([^"]*)"', answer.content.decode())[1])
