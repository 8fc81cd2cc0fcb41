"""The pages on which journeys are read and begun, and who may."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from milestones import designing
from milestones.models import Achievement, Enrolment, Journey
from organisations import tenancy
from tests import factories
from tests.milestones.journey_editor import outline, url


@pytest.fixture
def journey(harbour) -> Journey:
    with tenancy.within(harbour):
        return factories.make_journey(harbour)


@pytest.fixture
def draft(harbour, theo, now) -> Journey:
    """A journey with an empty draft, never published."""
    with tenancy.within(harbour):
        return designing.new_journey(organisation=harbour, name="Blank", by=theo, now=now)


class TestReading:
    def test_it_teaches_how_to_begin(self, client_for, theo, mara):
        said = client_for(theo).get(url("journey_list")).content.decode()
        assert "No journey yet" in said
        assert "An agency" in said
        assert url("journey_import") in said
        assert "Begin with it" not in client_for(mara).get(url("journey_list")).content.decode()

    def test_it_lists_journeys_with_customers_version_and_draft(
        self, client_for, theo, harbour, journey, now
    ):
        with tenancy.within(harbour):
            for n in range(3):
                factories.make_enrolment(factories.make_customer(harbour, f"C{n}"), journey)
            factories.make_enrolment(factories.make_customer(harbour, "Gone"), journey, ended_at=now)
            designing.save_draft(journey=journey, change=lambda one: one.without(1), by=theo, now=now)
        (row,) = client_for(theo).get(url("journey_list")).context["journeys"]
        assert (row.customers, row.published_number, row.draft_number) == (3, 1, 2)
        assert (row.milestones, row.days, row.first_milestone, row.last_milestone) == (
            5,
            100,
            "Milestone 1",
            "Milestone 5",
        )

    def test_it_asks_no_more_for_many_journeys_than_for_one(
        self, client_for, theo, harbour, journey, django_assert_num_queries
    ):
        client = client_for(theo)
        with CaptureQueriesContext(connection) as asked:
            client.get(url("journey_list"))
        with tenancy.within(harbour):
            for n in range(8):
                factories.make_journey(harbour, slug=f"journey-{n}", published=n % 2 == 0)
        with django_assert_num_queries(len(asked)):
            assert len(client.get(url("journey_list")).context["journeys"]) == 9

    def test_it_says_criteria_as_sentences_and_counts_who_reached_them(
        self, client_for, rio, harbour, journey, now
    ):
        with tenancy.within(harbour):
            for n in range(2):
                enrolment = factories.make_enrolment(factories.make_customer(harbour, f"C{n}"), journey)
                Achievement.objects.create(
                    organisation=harbour,
                    enrolment=enrolment,
                    milestone=enrolment.current,
                    milestone_key="m1",
                    achieved_at=now,
                    recorded_at=now,
                    withdrawn_at=now if n else None,
                    withdrawn_why="contested" if n else "",
                )
        response = client_for(rio).get(url("journey", journey.slug))
        said = response.content.decode()
        assert "First data 1 is at least 40" in said
        assert [column.reached for column in response.context["columns"]] == [1, 0, 0, 0, 0]
        assert "<b>1</b> of 2 have reached it" in said
        assert url("journey_edit", journey.slug) not in said
        assert url("enrolments", journey.slug) not in said

    def test_it_keeps_unpublished_journeys_to_those_who_design(self, client_for, theo, mara, draft):
        assert client_for(theo).get(url("journey", draft.slug)).status_code == 200
        assert client_for(mara).get(url("journey", draft.slug)).status_code == 404
        assert "Blank" not in client_for(mara).get(url("journey_list")).content.decode()


class TestWhoMay:
    PAGES = ("journey_new", "journey_import")
    OF_JOURNEY = ("journey_edit", "journey_publication", "journey_draft_removal")

    @pytest.mark.parametrize("who", ["rio", "mara"])
    def test_it_lets_only_designers_design(self, request, client_for, who, journey):
        client = client_for(request.getfixturevalue(who))
        for address in (*map(url, self.PAGES), *(url(name, journey.slug) for name in self.OF_JOURNEY)):
            assert client.get(address).status_code == 403
            assert client.post(address, {"do": "save"}).status_code == 403
        with tenancy.within(journey.organisation_id):
            assert list(Journey.objects.all()) == [journey]
            assert journey.draft() is None

    def test_it_lets_only_csms_enrol(self, client_for, rio, harbour, journey):
        with tenancy.within(harbour):
            customer = factories.make_customer(harbour)
            enrolment = factories.make_enrolment(factories.make_customer(harbour, "Other"), journey)
        client = client_for(rio)
        assert client.post(url("enrolments", journey.slug), {"customer": customer.pk}).status_code == 403
        assert client.post(url("enrolment_end", enrolment.pk), {"why": "x"}).status_code == 403
        assert client.post(url("enrolment_start", enrolment.pk), {}).status_code == 403
        with tenancy.within(harbour):
            assert list(Enrolment.objects.open()) == [enrolment]

    def test_it_answers_a_rival_as_if_nothing_were_there(self, client_for, rival, harbour, journey):
        with tenancy.within(harbour):
            enrolment = factories.make_enrolment(factories.make_customer(harbour), journey)
        boss = client_for(factories.make_member(rival, "Max Boss", role="admin"))
        for name in ("journey", "journey_edit", "journey_file", "enrolments"):
            assert boss.get(url(name, journey.slug, organisation="rival")).status_code == 404
            assert boss.get(url(name, journey.slug)).status_code == 404
        for name in ("journey_publication", "journey_draft_removal", "enrolments"):
            assert boss.post(url(name, journey.slug, organisation="rival")).status_code == 404
        for name in ("enrolment_end", "enrolment_start"):
            for pk in (enrolment.pk, 987654):
                assert boss.get(url(name, pk, organisation="rival")).status_code == 404
                assert boss.post(url(name, pk, organisation="rival"), {"why": "x"}).status_code == 404

    def test_it_enrols_nobody_of_a_rival(self, client_for, mara, rival, harbour, journey):
        with tenancy.within(rival):
            theirs = factories.make_customer(rival)
        response = client_for(mara).post(
            url("enrolments", journey.slug), {"customer": theirs.pk, "started_on": ""}
        )
        assert response.status_code == 422
        with tenancy.within(rival):
            assert not Enrolment.objects.exists()

    def test_it_writes_nothing_on_get(self, client_for, theo, journey):
        client_for(theo).get(url("journey_edit", journey.slug))
        with tenancy.within(journey.organisation_id):
            assert journey.draft() is None
        assert client_for(theo).get(url("journey_publication", journey.slug)).status_code == 405
        assert client_for(theo).get(url("journey_draft_removal", journey.slug)).status_code == 405


class TestBeginning:
    def test_it_begins_with_the_journey_that_ships(self, client_for, theo):
        response = client_for(theo).post(url("journey_new"), {"start": "saas", "name": "Ours"}, follow=True)
        journey = response.context["journey"]
        assert (journey.slug, journey.name) == ("ours", "Ours")
        assert len(outline(journey).milestones) == 6

    def test_it_begins_blank(self, client_for, theo):
        response = client_for(theo).post(url("journey_new"), {"start": "blank", "name": "Mine"}, follow=True)
        assert response.redirect_chain[-1][0] == url("journey_edit", "mine")
        assert [one.name for one in outline(response.context["journey"]).milestones] == [""] * 5

    @pytest.mark.parametrize("typed", [{}, {"start": "blank"}, {"start": "other", "name": "x"}])
    def test_it_says_what_it_needs(self, client_for, theo, harbour, typed):
        response = client_for(theo).post(url("journey_new"), typed)
        assert response.status_code == 422
        assert "to correct" in response.content.decode()
        with tenancy.within(harbour):
            assert not Journey.objects.exists()
