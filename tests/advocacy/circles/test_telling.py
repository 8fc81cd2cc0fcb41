"""News of circles: only when there is some, once in thirty days, without a name."""

from advocacy import convening
from advocacy.models import CircleSeat
from post.models import Delivery
from post.wishes import ask
from tests import factories
from tests.advocacy.circles.gathered import DAY


def mails():
    return list(Delivery.objects.filter(purpose="circle").order_by("pk"))


def tell(circle, now):
    return convening.tell_news(organisation=circle.organisation, now=now)


def test_it_says_what_is_new_once_in_thirty_days_and_names_nobody(circle, amara, ken, mara, now):
    assert tell(circle, now - 9 * DAY) == 0  # they all joined at once
    customer = factories.make_customer(circle.organisation, "Saltmarsh Water", owner=mara)
    nora = factories.make_contact(customer, "Nora Blom")
    seat = convening.ask(circle=circle, contact=nora, by=mara, now=now - 2 * DAY)
    convening.join(seat=seat, shows=CircleSeat.SHOWN, now=now - DAY)
    assert [tell(circle, now), tell(circle, now), tell(circle, now + 29 * DAY)] == [3, 0, 0]
    first = mails()[0]
    assert "1 more person is in it." in first.text
    assert all(word not in first.text + first.html for word in ("Nora", "Saltmarsh", "Ken"))
    assert first.reply_to == mara.email
    values = {"title": "Show", "about": "", "starts_at": now + 40 * DAY, "minutes": 60, "place": "Room 4"}
    convening.plan(circle=circle, values=values, by=mara, now=now + 29 * DAY)
    assert tell(circle, now + 30 * DAY) == 4  # and Nora, who was never told
    assert len({(mail.address, mail.subject_key) for mail in mails()}) == len(mails())


def test_it_waits_for_the_budget_and_goes_to_nobody_who_wants_only_questions(circle, amara, now):
    recipient = amara.recipient
    recipient.organisation = circle.organisation
    spent = ask(recipient, purpose="circle", now=now, budget=1, lately=[now - DAY])
    assert spent.later is not None
    recipient.wish = "important"
    assert ask(recipient, purpose="circle", now=now).refused
    assert not ask(recipient, purpose="introduction", now=now).refused
