"""What changed since somebody last looked."""

from datetime import timedelta

import pytest

from dashboards.today import changes
from organisations.models import Membership
from tests.dashboards.on_today import NOON, URL, scope_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_amsterdam")]


def test_it_counts_what_others_and_the_data_changed_since(make, happen, mara, theo, in_harbour, journey):
    kestrel, other = make("Kestrel Freight"), make("Theo's", owner=theo)
    milestone = journey.current_version().milestones.first()
    for hours in (1, 2):
        happen("milestone_achieved", kestrel, hours=hours, milestone_id=milestone.pk, history=False)
    happen("milestone_achieved", kestrel, hours=1, milestone_id=milestone.pk, history=True)
    happen("milestone_achieved", kestrel, hours=9, milestone_id=milestone.pk)
    happen("call_logged", kestrel, hours=1, by=mara)
    happen("call_logged", kestrel, hours=1, by=theo)
    happen("outcome_confirmed", other, hours=1)
    scope = scope_of(in_harbour, mara)
    since = NOON - timedelta(hours=3)
    assert [c.words for c in changes.changes(scope, since)] == ["2 milestones reached", "1 call logged"]
    rows, cut = changes.happened(scope, since, "reached")
    assert cut.in_all == 2
    assert [(row.customer, row.milestone) for row in rows] == [(kestrel, "Milestone 1")] * 2


def test_seen_takes_them_away_and_never_what_came_later(client_for, clock, make, happen, mara):
    kestrel = make("Kestrel Freight")
    happen("outcome_contested", kestrel, hours=2)
    happen("outcome_confirmed", kestrel, hours=1)
    client = client_for(mara)
    page = client.get(URL).content.decode()
    assert "1 outcome contested" in page
    assert "?changed=confirmed" in page
    assert "Kestrel Freight" in client.get(URL, {"changed": "confirmed"}).content.decode()
    until = (NOON - timedelta(hours=1, minutes=30)).isoformat()
    assert client.post(f"{URL}seen/", {"until": until}).url == URL
    page = client.get(URL).content.decode()
    assert "outcome contested" not in page
    assert "1 outcome confirmed" in page
    client.post(f"{URL}seen/", {"until": "rubbish"})
    assert "outcome confirmed" not in client.get(URL).content.decode()
    member = Membership.objects.get(user=mara)
    assert member.seen_at == NOON
    for moment in (until, "2026-13-45T00:00:00Z"):
        assert client.post(f"{URL}seen/", {"until": moment}).status_code == 302
    member.refresh_from_db()
    assert member.seen_at == NOON
    assert client.get(f"{URL}seen/").status_code == 405
