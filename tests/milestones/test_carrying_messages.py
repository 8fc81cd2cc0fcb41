"""Messages and coaching hints come with journey files and the journeys that ship, and write nothing."""

import copy
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from milestones import designing, enrolling, messaging, starters
from milestones.designing import Import
from milestones.documents import DocumentRefused
from milestones.messaging.wording import EVERY, shipped, wording_of
from milestones.models import Message, MessageWritten, Milestone, Occasion
from milestones.outline_rows import outline_of
from organisations import tenancy
from organisations.models import Event
from tests import factories
from tests.milestones.journey_editor import Editor, url

SHIPPED = json.loads((starters.FOLDER / "saas.json").read_text())
FIRST = "first-result-trusted"
SAID = {"occasion": "expectation", "days": 2, "subject": "Next: {milestone}", "body": "{meaning}"}


@pytest.fixture
def data():
    return copy.deepcopy(SHIPPED)


@pytest.fixture
def bring_in(in_harbour, theo, now):
    def bring_in(data, **options):
        return designing.import_file(organisation=in_harbour, data=data, by=theo, now=now, **options)

    return bring_in


@pytest.fixture
def journey(bring_in, data):
    return bring_in(data, at_once=True).journey


def first_of(data) -> dict:
    return data["milestones"][0]["messages"][0]


class TestTheJourneysThatShip:
    @pytest.mark.parametrize("starter", starters.starters())
    def test_every_milestone_has_a_hint_and_messages_that_can_be_written(
        self, in_harbour, mara, theo, now, starter
    ):
        """Each is drawn for a customer of whom nothing is known but a name, an address and a start."""
        journey = designing.new_journey(organisation=in_harbour, name="", by=theo, now=now, starter=starter)
        version = designing.publish(journey=journey, by=theo, now=now)
        customer = factories.make_customer(in_harbour, owner=mara)
        factories.make_contact(customer, is_primary=True)
        enrolment = factories.make_enrolment(customer, journey, started_on=now.date())
        found = messaging.wordings(journey)
        rows = list(version.milestones.all())
        for milestone in rows:
            assert milestone.coaching.count("- *") >= 3
            spoken = {occasion: wording_of(found, milestone.key, occasion) for occasion in Occasion}
            assert spoken[Occasion.MOMENTUM].own
            assert spoken[Occasion.HANDOVER].is_on == (milestone != rows[-1])
            for occasion, wording in spoken.items():
                if not wording.is_on:
                    continue
                _contact, mail = messaging.preview(
                    enrolment=enrolment, milestone=milestone, wording=wording, now=now
                )
                assert "{" not in mail.subject + mail.text, (milestone.key, occasion)
                assert len(wording.body) < 700
        assert found[EVERY, Occasion.STALL].is_on
        assert found[rows[0].key, Occasion.EXPECTATION].is_on

    def test_they_write_nothing_until_somebody_lets_them(self, in_harbour, theo, mara, now):
        journey = designing.new_journey(organisation=in_harbour, name="", by=theo, now=now, starter="saas")
        designing.publish(journey=journey, by=theo, now=now)
        customer = factories.make_customer(in_harbour, owner=mara)
        factories.make_contact(customer, is_primary=True)
        enrolling.enrol(
            organisation=in_harbour,
            journey=journey,
            customers=[customer],
            started_on=now.date(),
            by=mara,
            now=now,
        )
        ahead = messaging.forecast(journey=journey, organisation=in_harbour, now=now)
        assert len(ahead.going) >= 2
        assert messaging.write_due(organisation=in_harbour, now=now + timedelta(days=2)) == 0
        messaging.start(journey=journey, by=theo, now=now)
        assert messaging.write_due(organisation=in_harbour, now=now + timedelta(days=2)) == 1
        assert MessageWritten.objects.get().milestone_key == FIRST

    def test_a_draft_shows_what_it_would_write(self, client_for, theo, harbour, now):
        with tenancy.within(harbour):
            journey = designing.new_journey(organisation=harbour, name="", by=theo, now=now, starter="saas")
        client = client_for(theo)
        assert url("message_list", journey.slug) in client.get(url("journey", journey.slug)).content.decode()
        page = client.get(url("message_list", journey.slug)).content.decode()
        assert "First of all: figures you trust" in page
        assert "does not write" in page
        query = f"?occasion=expectation&milestone={FIRST}"
        assert client.get(url("message_edit", journey.slug) + query).status_code == 200


class TestBringingIn:
    def test_the_same_file_twice_changes_nothing(self, bring_in, data, journey):
        assert Message.objects.count() == 13
        again = bring_in(data, at_once=True)
        assert (again.came_to, again.took_messages, again.notes) == (Import.UNCHANGED, False, ())
        assert Event.objects.filter(verb="messages_brought_in").count() == 1

    def test_what_was_worded_here_stays_unless_that_is_asked_for(self, bring_in, data, journey, theo, now):
        own = replace(shipped(Occasion.EXPECTATION), is_on=True, subject="Ours")
        messaging.keep_message(journey=journey, milestone_key=FIRST, wording=own, by=theo, now=now)
        brought = bring_in(data)
        assert (brought.came_to, brought.took_messages) == (Import.UNCHANGED, False)
        assert brought.notes == ("1 message has other words here, which stay.",)
        assert Message.objects.get(milestone_key=FIRST, occasion="expectation").subject == "Ours"
        brought = bring_in(data, replace_messages=True)
        assert (brought.took_messages, brought.notes) == (True, ("1 message came in.",))
        assert designing.export(journey) == data

    def test_nothing_new_is_on_in_a_journey_that_writes_already(self, bring_in, data, journey, theo, now):
        messaging.start(journey=journey, by=theo, now=now)
        first_of(data)["subject"] = "Changed elsewhere"
        brought = bring_in(data, replace_messages=True)
        assert brought.notes == (
            "1 message came in.",
            "They are switched off until somebody has read them: this journey writes already.",
        )
        assert not Message.objects.get(milestone_key=FIRST, occasion="expectation").is_on
        assert Message.objects.filter(is_on=True).count() == 12

    def test_what_is_off_leaves_as_off(self, bring_in, data):
        first_of(data)["on"] = False
        journey = bring_in(data).journey
        assert not Message.objects.get(milestone_key=FIRST, occasion="expectation").is_on
        assert designing.export(journey) == data

    def test_a_refused_draft_brings_no_messages(self, bring_in, data, journey, theo, now):
        designing.save_draft(
            journey=journey, change=lambda one: replace(one, purpose="Mine"), by=theo, now=now
        )
        data["milestones"][0]["name"] = "Trusted figures"
        data["milestones"][5]["messages"].append(SAID)
        with pytest.raises(designing.DraftInTheWay):
            bring_in(data)
        assert Message.objects.count() == 13

    def test_they_stay_with_a_milestone_whose_key_changes_before_it_is_published(
        self, bring_in, data, theo, now
    ):
        journey = bring_in(data).journey
        designing.save_draft(
            journey=journey,
            change=lambda one: one.saying(replace(one.milestones[0], key="trusted")),
            by=theo,
            now=now,
        )
        assert Message.objects.filter(milestone_key="trusted").count() == 3
        assert not Message.objects.filter(milestone_key=FIRST).exists()

    @pytest.mark.parametrize(
        ("message", "fault"),
        [
            ({"occasion": "birthday"}, "occasion: must be one of expectation, momentum, stall, handover"),
            ({"occasion": None}, "occasion: is missing"),
            ({"days": None}, "days: is missing"),
            ({"days": 366}, "days: must be a whole number from 0 to 365"),
            ({"subject": ""}, "subject: is missing"),
            ({"subject": "x" * 151}, "subject: is longer than 150 characters"),
            ({"body": "Dear {frist_name}"}, "body: “{frist_name}” is none of the names"),
            ({"on": "yes"}, "on: must be true or false"),
            ({"when": 3}, "when: is not a field of a journey file"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_place(self, bring_in, data, message, fault):
        data["milestones"][5]["messages"] = [SAID | message]
        data["messages"] = [SAID, SAID]
        data["milestones"][4]["coaching"] = "x" * 2001
        with pytest.raises(DocumentRefused) as refused:
            bring_in(data)
        said = [str(one) for one in refused.value.faults]
        assert [one for one in said if one.startswith(f"milestones[5].messages[0].{fault}")], said
        assert "messages[1].occasion: “expectation” stands here twice" in said
        assert "milestones[4].coaching: is longer than 2000 characters" in said
        assert not Message.objects.exists()

    def test_a_message_needs_to_know_its_milestone(self, bring_in, data):
        data["milestones"][5] = {"stage": "mastery", "messages": [SAID]}
        with pytest.raises(
            DocumentRefused, match=r"milestones\[5\].messages: need the milestone’s key or name"
        ):
            bring_in(data)


class TestHints:
    def test_a_manager_writes_the_hint_and_the_journey_shows_it(self, client_for, theo, mara, harbour, now):
        with tenancy.within(harbour):
            journey = designing.new_journey(organisation=harbour, name="", by=theo, now=now, starter="saas")
        editor = Editor(client_for(theo), journey)
        editor.open(1)
        assert "keeps the books" in editor.fields["coaching"]
        hint = "Ask:\n\n- **who** signs <b>?</b>\n\n# Not a heading"
        editor.press("save", coaching=hint)
        editor.press("publish", to=editor.publication)
        with tenancy.within(harbour):
            assert Milestone.objects.get(position=1).coaching == hint
            assert outline_of(journey.current_version()).milestones[0].coaching == hint
        page = client_for(mara).get(url("journey", journey.slug)).content.decode()
        assert "<li><strong>who</strong> signs &lt;b&gt;?&lt;/b&gt;</li>" in page
        assert '<p class="strong">Not a heading</p>' in page

    def test_one_too_long_is_said_and_kept(self, client_for, theo, harbour, now):
        with tenancy.within(harbour):
            journey = designing.new_journey(organisation=harbour, name="", by=theo, now=now, starter="saas")
        editor = Editor(client_for(theo), journey)
        editor.open(1)
        editor.press("save", coaching="x" * 2001)
        assert "longer than 2000 characters" in editor.text
        assert len(editor.fields["coaching"]) == 2001
        editor.press("publish", to=editor.publication)
        with tenancy.within(harbour):
            assert journey.current_version() is None

    def test_the_call_form_shows_it_before_that_milestone_only(self, client_for, mara, harbour):
        with tenancy.within(harbour):
            journey = factories.make_journey(harbour)
            Milestone.objects.filter(key="m2").update(coaching="*Who else* has seen it?")
            customer = factories.make_customer(harbour, owner=mara)
            enrolment = factories.make_enrolment(customer, journey)
        call = f"/o/harbour/customers/{customer.pk}/calls/new/"
        client = client_for(mara)
        assert 'id="call-hint"' not in client.get(call).content.decode()
        with tenancy.within(harbour):
            type(enrolment).objects.update(current=Milestone.objects.get(key="m2"))
        page = client.get(call).content.decode()
        assert "<em>Who else</em> has seen it?" in page
        assert "Before “Milestone 2”" in page
