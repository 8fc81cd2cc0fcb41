"""The pages on which customers set out on a journey, and leave it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milestones import designing, enrolling
from milestones.models import Enrolment, Journey
from organisations import tenancy
from tests import factories
from tests.milestones.journey_editor import url


@pytest.fixture
def journey(harbour) -> Journey:
    with tenancy.within(harbour):
        return factories.make_journey(harbour)


@pytest.fixture
def draft(harbour, theo, now) -> Journey:
    """A journey with an empty draft, never published."""
    with tenancy.within(harbour):
        return designing.new_journey(organisation=harbour, name="Blank", by=theo, now=now)


class TestEnrolling:
    @pytest.fixture
    def customers(self, harbour):
        with tenancy.within(harbour):
            freight = factories.make_segment(harbour)
            return [
                factories.make_customer(harbour, name, segment=freight if name < "C" else None)
                for name in ("Alder", "Birch", "Cedar", "Dogwood")
            ]

    def on_it(self, journey) -> list[str]:
        with tenancy.within(journey.organisation_id):
            rows = journey.enrolments.open().order_by("customer__name")
            return list(rows.values_list("customer__name", flat=True))

    def test_it_shows_who_is_on_it_already(self, client_for, mara, harbour, journey, customers):
        with tenancy.within(harbour):
            factories.make_enrolment(customers[1], journey)
            factories.make_customer(harbour, "Left", left_on=date(2025, 1, 1))
        response = client_for(mara).get(url("enrolments", journey.slug))
        choice = response.context["choice"]
        assert (choice.found, choice.on_it, choice.free) == (4, 1, 3)
        assert "Of 4 found, 1 is on it already" in response.content.decode()
        assert f'value="{customers[0].pk}"' in response.content.decode()
        assert f'id="customer-{customers[1].pk}"' not in response.content.decode()

    def test_it_finds_by_name_person_and_segment(self, client_for, mara, harbour, journey, customers):
        with tenancy.within(harbour):
            factories.make_contact(customers[3], "Amara Okafor")
        client = client_for(mara)
        for query, found in (
            ("?q=ald", ["Alder"]),
            ("?q=amara", ["Dogwood"]),
            ("?segment=freight", ["Alder", "Birch"]),
            ("?segment=nowhere", ["Alder", "Birch", "Cedar", "Dogwood"]),
            ("?q=zzz", []),
        ):
            rows = client.get(url("enrolments", journey.slug) + query).context["choice"].rows
            assert [row.name for row in rows] == found

    def test_it_enrols_those_ticked(self, client_for, mara, journey, customers):
        response = client_for(mara).post(
            url("enrolments", journey.slug),
            {"customer": [customers[0].pk, customers[2].pk], "started_on": "2026-01-15"},
            follow=True,
        )
        assert self.on_it(journey) == ["Alder", "Cedar"]
        assert "2 customers have set out" in response.content.decode()
        with tenancy.within(journey.organisation_id):
            assert {one.started_on for one in Enrolment.objects.all()} == {date(2026, 1, 15)}

    def test_it_enrols_everyone_the_filter_finds(self, client_for, mara, journey, customers):
        posted = {"whom": "all", "segment": "freight", "q": "", "started_on": ""}
        client_for(mara).post(url("enrolments", journey.slug), posted)
        assert self.on_it(journey) == ["Alder", "Birch"]
        response = client_for(mara).post(
            url("enrolments", journey.slug), {"whom": "all", "started_on": ""}, follow=True
        )
        assert "2 customers have set out" in response.content.decode()
        assert "2 were on it already" in response.content.decode()

    def test_it_goes_back_to_the_list_it_came_from_and_nowhere_else(
        self, client_for, mara, journey, customers
    ):
        for asked, there in (
            ("/o/harbour/customers/?q=x", "/o/harbour/customers/?q=x"),
            ("https://elsewhere.example/", url("journey", journey.slug)),
            ("//elsewhere.example/", url("journey", journey.slug)),
        ):
            posted = {"customer": customers[0].pk, "started_on": "", "next": asked}
            assert client_for(mara).post(url("enrolments", journey.slug), posted).url == there

    @pytest.mark.parametrize(
        ("posted", "says"),
        [
            ({"started_on": ""}, "Tick at least one customer"),
            ({"started_on": "", "customer": ["x", "-1", "9" * 30]}, "Tick at least one customer"),
            ({"started_on": "soon"}, "Write a date like"),
            ({"started_on": "0001-01-01"}, "too far away"),
            ({"started_on": "9999-12-31"}, "too far away"),
            ({"started_on": "", "whom": "all", "segment": "nowhere"}, "not there any more"),
        ],
    )
    def test_it_keeps_the_choice_when_something_is_wrong(
        self, client_for, mara, journey, customers, posted, says
    ):
        ticked = {"customer": [customers[3].pk]} if posted.get("started_on") else {}
        response = client_for(mara).post(url("enrolments", journey.slug), ticked | posted)
        assert response.status_code == 422
        assert says in response.content.decode()
        assert response.context["choice"].ticked == frozenset(ticked.get("customer", []))
        assert self.on_it(journey) == []

    def test_it_needs_a_published_journey(self, client_for, theo, draft):
        response = client_for(theo).get(url("enrolments", draft.slug), follow=True)
        assert "Publish the journey first" in response.content.decode()

    def test_it_asks_as_little_for_many_customers(self, client_for, mara, harbour, journey, customers):
        client = client_for(mara)
        counts = []
        for more in (0, 20):
            with tenancy.within(harbour):
                for n in range(more):
                    factories.make_customer(harbour, f"More {n}")
            with CaptureQueriesContext(connection) as asked:
                client.get(url("enrolments", journey.slug))
            counts.append(len(asked))
        assert counts[0] == counts[1]


class TestLeaving:
    @pytest.fixture
    def enrolment(self, harbour, journey) -> Enrolment:
        with tenancy.within(harbour):
            return factories.make_enrolment(factories.make_customer(harbour), journey)

    def test_it_asks_why_and_ends_it(self, client_for, mara, enrolment):
        client, address = client_for(mara), url("enrolment_end", enrolment.pk) + "?next=/o/harbour/journeys/"
        assert "Go on counting" in client.get(address).content.decode()
        response = client.post(address, {"why": " ", "keep_judging": "on"})
        assert response.status_code == 422
        assert "Say why it ends" in response.content.decode()
        response = client.post(address, {"why": "Merged", "keep_judging": "on"})
        assert response.url == "/o/harbour/journeys/"
        with tenancy.within(enrolment.organisation_id):
            enrolment.refresh_from_db()
        assert (enrolment.ended_why, enrolment.is_judged) == ("Merged", True)
        assert client.post(address, {"why": "Again"}).status_code == 404

    def test_it_stops_counting_when_unticked(self, client_for, mara, enrolment):
        client_for(mara).post(url("enrolment_end", enrolment.pk) + "?next=/", {"why": "By mistake"})
        with tenancy.within(enrolment.organisation_id):
            enrolment.refresh_from_db()
        assert enrolment.is_judged is False

    def test_it_changes_the_start(self, client_for, mara, enrolment):
        client, address = client_for(mara), url("enrolment_start", enrolment.pk) + "?next=/"
        assert 'value="2025-10-01"' in client.get(address).content.decode()
        assert client.post(address, {"started_on": "31.12.2025"}).status_code == 422
        assert client.post(address, {"started_on": "2025-12-31"}).status_code == 302
        with tenancy.within(enrolment.organisation_id):
            enrolment.refresh_from_db()
            organisation = enrolment.organisation
        assert enrolment.started_at == enrolling.midnight(organisation, date(2025, 12, 31))
