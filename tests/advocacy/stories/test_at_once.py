"""Two at the same moment: a consent is one, a term ends once, an answer is one. Real threads."""

from dataclasses import replace
from datetime import timedelta

import pytest

from advocacy import replying, storytelling
from advocacy.models import CelebrationGuest, CelebrationReply, Story, StoryConsent
from advocacy.storytelling import Way
from organisations import tenancy
from organisations.models import Event
from post import linking
from tests import factories
from tests.advocacy.loop import reach, sweep
from tests.advocacy.stories.telling import EVERYTHING, begin, link_of, review, until
from tests.advocacy.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def test_whatever_is_done_twice_at_once_is_done_once(harbour, mara, now):
    with tenancy.within(harbour):
        metric = factories.make_metric(harbour)
        customer = factories.make_customer(harbour, owner=mara, outcome="Fewer empty kilometres.")
        factories.make_contact(customer, "Amara Okafor", is_primary=True)
        enrolment = factories.make_enrolment(customer, factories.make_journey(harbour, metric=metric))
        reach(enrolment, metric, now)
        sweep(harbour, now)
        sweep(harbour, now + 2 * DAY)
        seat = CelebrationGuest.objects.select_related("contact__recipient", "celebration").first()
        token = linking.make(
            organisation=harbour, purpose="reply", subject_id=seat.pk, address=seat.contact.address,
            now=now, days=9,
        )  # fmt: skip
        link = linking.find(token)[1]
    said = {"seat": seat, "link": link, "now": now, "words": "Yes."}
    at_once(harbour, *[lambda: replying.reply(**said)] * 3)
    with tenancy.within(harbour):
        assert CelebrationReply.objects.count() == 1
        ask = review(begin(enrolment, mara, now), mara, now)
        terms = replace(EVERYTHING, until=until(now, 10))
        way = Way(link_of(ask, now))
    given = {"ask": ask, "edition": ask.edition, "terms": terms, "way": way, "now": now}
    at_once(harbour, *[lambda: storytelling.agree(**given)] * 3)
    publish = {"story": ask.story, "by": mara, "now": now}
    at_once(harbour, *[lambda: storytelling.publish(**publish)] * 3)
    with tenancy.within(harbour):
        assert StoryConsent.objects.count() == 1
        assert Event.objects.filter(verb="story_published").count() == 1
    over = {"organisation": harbour, "now": now + 11 * DAY}
    at_once(harbour, *[lambda: storytelling.expire_due(**over)] * 3)
    with tenancy.within(harbour):
        assert Story.objects.get().state == "down"
        assert Event.objects.filter(verb="story_consent_ended").count() == 1
        assert Event.objects.filter(verb="story_down").count() == 1
