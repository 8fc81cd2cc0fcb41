from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from organisations import tenancy
from post import dispatching, linking, posting
from post.models import Delivery, PostDue, Recipient
from tests.post.conftest import post_one
from ui.mail import RenderedMail


def test_one_address_is_one_recipient_whatever_its_capitals(harbour, rival):
    with tenancy.within(harbour):
        one = posting.recipient_for(organisation=harbour, address=" Nadia@Customer.example ")
        same = posting.recipient_for(organisation=harbour, address="nadia@customer.EXAMPLE")
        assert (one.pk, one.address) == (same.pk, "Nadia@Customer.example")
    with tenancy.within(rival):
        assert posting.recipient_for(organisation=rival, address="nadia@customer.example").pk != one.pk


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nBcc: x@y.example", "a b@c.example"])
def test_what_is_no_address_is_refused(harbour, address):
    with tenancy.within(harbour):
        with pytest.raises(ValidationError):
            posting.recipient_for(organisation=harbour, address=address)
        assert not Recipient.objects.exists()


def test_the_same_key_and_address_again_is_the_same_delivery(harbour, now, post_to):
    first = post_to(subject="First")
    again = post_to(subject="Second", address="NADIA@customer.example", now=now + timedelta(days=1))
    assert again.pk == first.pk
    assert again.subject == "First"
    other = post_to(subject_key="celebration:2")
    elsewhere = post_to(address="amara@customer.example")
    assert len({first.pk, other.pk, elsewhere.pk}) == 3
    with tenancy.within(harbour):
        assert PostDue.objects.filter(organisation=harbour).count() == 3


def test_two_organisations_may_use_the_same_key(harbour, rival, now):
    assert post_one(harbour, now).pk != post_one(rival, now).pk


def test_it_leaves_only_if_the_callers_transaction_commits(harbour, now, mail_server):
    @transaction.atomic
    def post_and_fail():
        post_one(harbour, now)
        raise ZeroDivisionError

    with tenancy.within(harbour), pytest.raises(ZeroDivisionError):
        post_and_fail()
    assert dispatching.dispatch(now=now) == 0
    with tenancy.within(harbour):
        assert not Delivery.objects.exists()


def test_simulated_mails_are_kept_and_never_sent(harbour, now, post_to, mail_server):
    delivery = post_to(simulated=True)
    assert delivery.state == Delivery.State.SIMULATED
    assert dispatching.dispatch(now=now) == 0
    assert mail_server.mails() == []


def test_it_says_when_there_is_no_mail_server(post_to, settings):
    settings.SMTP_URL = ""
    assert post_to(subject_key="a").reason == "no mail server is set up"
    settings.SMTP_URL = "smtp://127.0.0.1"
    assert post_to(subject_key="b").reason == ""


def test_it_keeps_what_it_was_given(harbour, now, post_to):
    spec = linking.LinkSpec("[confirm link]", "confirm", 5, 30)
    delivery = post_to(
        subject="s" * 400, from_name="n" * 200, customer_id=9, links=[spec], due_at=now + timedelta(hours=1)
    )
    assert (len(delivery.subject), len(delivery.from_name)) == (300, 120)
    assert delivery.customer_id == 9
    assert linking.LinkSpec(**delivery.links[0]) == spec
    assert (delivery.created_at, delivery.due_at) == (now, now + timedelta(hours=1))


def test_every_mail_has_a_message_id_of_its_own_at_our_domain(post_to, settings):
    settings.MAIL_FROM = "bosai@harbour.example"
    one, other = post_to(subject_key="a"), post_to(subject_key="b")
    assert one.message_id != other.message_id
    assert one.message_id.endswith("@harbour.example>")


def test_it_asks_little_of_the_database(harbour, now, django_assert_num_queries):
    with tenancy.within(harbour):
        recipient = posting.recipient_for(organisation=harbour, address="nadia@customer.example")
        mail = RenderedMail("s", "t", "h")
        with django_assert_num_queries(5):  # savepoint, insert, read, due, release
            posting.post(
                organisation=harbour,
                purpose="celebration",
                subject_key="k",
                recipient=recipient,
                mail=mail,
                now=now,
            )
