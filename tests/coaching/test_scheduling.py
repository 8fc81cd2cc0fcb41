"""Calls: one transaction, once per form, nothing of anybody else's."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from coaching import scheduling
from coaching.models import Call, CallDraft, Commitment, Touchpoint
from coaching.scheduling import NewCommitment
from organisations.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(in_harbour, kestrel, mara, now):
    def log(**fields):
        given = {
            "organisation": in_harbour,
            "customer": kestrel,
            "by": mara,
            "held_at": now - timedelta(minutes=30),
            "now": now,
        }
        return scheduling.log_call(**(given | fields))

    return log


def verbs(customer):
    return list(Event.objects.filter(customer_id=customer.pk).order_by("id").values_list("verb", flat=True))


def test_it_stores_a_call_with_everything_that_follows(log, kestrel, amara, mara, in_harbour, now):
    earlier = Commitment.objects.create(
        organisation=in_harbour, customer=kestrel, owner_contact=amara, will="name the owners", made_at=now
    )
    planned = Touchpoint.objects.create(
        organisation=in_harbour, customer=kestrel, owner=mara, due_at=now - timedelta(hours=1)
    )
    scheduling.keep_draft(organisation=in_harbour, customer=kestrel, by=mara, fields={"goal": ["G"]}, now=now)
    next_at = now + timedelta(days=14)

    call = log(
        contacts=[amara],
        minutes=30,
        goal="Stop asking me for the sheet",
        words="Marek prints it at night",
        notes="It is furniture",
        confidence=7,
        settled={earlier.pk: "kept"},
        commitments=[
            NewCommitment(
                will="move the screen", owner=amara, when="the office is empty", due_on=date(2026, 3, 20)
            ),
            NewCommitment(will="send the guide", owner=mara),
        ],
        next_call_at=next_at,
    )

    call = Call.objects.with_people().get(pk=call.pk)
    assert (call.words, call.notes, call.confidence, call.minutes) == (
        "Marek prints it at night",
        "It is furniture",
        7,
        30,
    )
    assert list(call.contacts.all()) == [amara]
    assert [(c.owner_name, c.will, c.due_on) for c in call.commitments.all()] == [
        ("Amara Okafor", "move the screen", date(2026, 3, 20)),
        ("Mara Lindqvist", "send the guide", None),
    ]
    earlier.refresh_from_db()
    assert (earlier.state, earlier.settled_at) == ("kept", now)
    planned.refresh_from_db()
    assert (planned.state, planned.call) == ("held", call)
    assert Touchpoint.objects.planned().get().due_at == next_at
    assert not CallDraft.objects.exists()
    assert verbs(kestrel) == [
        "call_logged",
        "commitment_settled",
        "commitment_made",
        "commitment_made",
        "touchpoint_planned",
    ]
    assert not any("Amara" in str(event.data) for event in Event.objects.all())


def test_it_stores_nothing_when_a_part_fails(log, kestrel, now):
    with pytest.raises(scheduling.CallInPast):
        log(goal="G", next_call_at=now - timedelta(days=1))
    assert not Call.objects.exists()
    assert verbs(kestrel) == []


def test_it_is_one_call_however_often_the_form_is_sent(log, amara, kestrel):
    form = {"token": uuid4(), "goal": "G", "commitments": [NewCommitment(will="x", owner=amara)]}
    assert log(**form) == log(**form)
    assert Call.objects.count() == 1
    assert Commitment.objects.count() == 1
    assert verbs(kestrel).count("call_logged") == 1


@pytest.mark.parametrize("change", [{"goal": "other"}, {"minutes": 5}, {"commitments": True}])
def test_it_refuses_to_lose_what_the_same_form_says_later(log, amara, change):
    token = uuid4()
    first = log(token=token, goal="G")
    if "commitments" in change:
        change = {"goal": "G", "commitments": [NewCommitment(will="x", owner=amara)]}
    with pytest.raises(scheduling.AlreadyLogged) as refused:
        log(token=token, **({"goal": "G"} | change))
    assert refused.value.call == first
    assert Call.objects.count() == 1


def test_the_database_refuses_a_second_call_of_one_form(log, in_harbour, kestrel, mara, now):
    token = uuid4()
    log(token=token)
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.create(
            organisation=in_harbour, customer=kestrel, by=mara, held_at=now, saved_at=now, form_token=token
        )


def test_it_refuses_a_call_in_the_future(log, now):
    with pytest.raises(scheduling.CallInFuture):
        log(held_at=now + timedelta(minutes=1))
    assert log(held_at=now).held_at == now


def test_it_refuses_people_of_another_customer(log, in_harbour, amara):
    other = factories.make_contact(factories.make_customer(in_harbour, "Ostra Bakeries"), "Petra Novak")
    for fields in ({"contacts": [other]}, {"commitments": [NewCommitment(will="x", owner=other)]}):
        with pytest.raises(scheduling.NotAtCustomer):
            log(**fields)
    assert not Call.objects.exists()


def test_it_settles_only_what_belongs_to_the_customer(log, in_harbour, mara, now):
    ostra = factories.make_customer(in_harbour, "Ostra Bakeries")
    theirs = Commitment.objects.create(
        organisation=in_harbour, customer=ostra, owner_user=mara, will="x", made_at=now
    )
    log(settled={theirs.pk: "kept"})
    theirs.refresh_from_db()
    assert theirs.is_open


def test_open_leaves_a_commitment_as_somebody_else_settled_it(log, kestrel, in_harbour, mara, now):
    made = Commitment.objects.create(
        organisation=in_harbour, customer=kestrel, owner_user=mara, will="x", made_at=now
    )
    scheduling.settle(commitment=made, state="not_kept", by=mara, now=now)
    log(settled={made.pk: "open"})
    made.refresh_from_db()
    assert made.state == "not_kept"


def test_it_settles_once_and_opens_again(in_harbour, kestrel, mara, now):
    made = Commitment.objects.create(
        organisation=in_harbour, customer=kestrel, owner_user=mara, will="x", made_at=now
    )
    for _n in range(2):
        assert scheduling.settle(commitment=made, state="kept", by=mara, now=now).settled_at == now
    reopened = scheduling.settle(commitment=made, state="open", by=mara, now=now)
    assert (reopened.state, reopened.settled_at) == ("open", None)
    assert verbs(kestrel) == ["commitment_settled", "commitment_settled"]
    with pytest.raises(ValueError, match="lost"):
        scheduling.settle(commitment=made, state="lost", by=mara, now=now)


def test_planning_again_moves_the_one_next_call(in_harbour, kestrel, mara, theo, now):
    plan = {"organisation": in_harbour, "customer": kestrel, "owner": mara, "by": mara, "now": now}
    first = scheduling.plan(**plan, due_at=now + timedelta(days=1), purpose="Kick-off")
    moved = scheduling.plan(**plan, due_at=now + timedelta(days=2))
    scheduling.plan(**plan, due_at=now + timedelta(days=2))
    scheduling.plan(**(plan | {"owner": theo}), due_at=now + timedelta(days=3))
    assert moved.pk == first.pk
    assert moved.purpose == "Kick-off"
    assert [t.owner for t in Touchpoint.objects.planned().soonest_first()] == [mara, theo]
    assert verbs(kestrel) == ["touchpoint_planned"] * 3
    with pytest.raises(scheduling.CallInPast):
        scheduling.plan(**plan, due_at=now)


def test_a_call_fulfils_the_plan_of_its_day_and_skips_what_was_missed(
    log, in_harbour, kestrel, mara, theo, now
):
    def planned(owner, due_at):
        return Touchpoint.objects.create(
            organisation=in_harbour, customer=kestrel, owner=owner, due_at=due_at
        )

    missed = planned(theo, now - timedelta(days=9))
    theirs_today = planned(theo, now + timedelta(hours=1))
    later_today = planned(mara, datetime(2026, 3, 12, 22, 59, tzinfo=UTC))  # 23:59 in Amsterdam
    tomorrow = planned(theo, datetime(2026, 3, 12, 23, 1, tzinfo=UTC))
    call = log()
    for touchpoint in (missed, theirs_today, later_today, tomorrow):
        touchpoint.refresh_from_db()
    assert (missed.state, later_today.state, tomorrow.state) == ("skipped", "held", "planned")
    assert later_today.call == call
    assert theirs_today.state == "planned", "a colleague's own call of the same day"
    assert verbs(kestrel).count("touchpoint_skipped") == 1


def test_skipping_tells_the_log_once(in_harbour, kestrel, mara, now):
    planned = scheduling.plan(
        organisation=in_harbour,
        customer=kestrel,
        owner=mara,
        by=mara,
        now=now,
        due_at=now + timedelta(days=1),
    )
    for _n in range(2):
        assert scheduling.skip(touchpoint=planned, by=mara, now=now).state == "skipped"
    assert verbs(kestrel) == ["touchpoint_planned", "touchpoint_skipped"]


def test_a_draft_is_one_per_person_and_customer(in_harbour, kestrel, mara, theo, now):
    keep = {"organisation": in_harbour, "customer": kestrel, "now": now}
    scheduling.keep_draft(**keep, by=mara, fields={"goal": ["a"]})
    scheduling.keep_draft(**keep, by=mara, fields={"goal": ["ab"]})
    scheduling.keep_draft(**keep, by=theo, fields={"goal": ["t"]})
    assert CallDraft.objects.get(by=mara).data == {"goal": ["ab"]}
    assert CallDraft.objects.count() == 2
    scheduling.drop_draft(customer=kestrel, by=mara)
    assert CallDraft.objects.get().by == theo


def test_a_draft_that_arrives_behind_its_call_stays_gone(log, in_harbour, kestrel, mara, now):
    token = uuid4()
    log(token=token)
    late = scheduling.keep_draft(
        organisation=in_harbour, customer=kestrel, by=mara, fields={"goal": ["a"]}, now=now, token=token
    )
    assert late is None
    assert not CallDraft.objects.exists()


def test_it_refuses_a_draft_beyond_all_bounds(in_harbour, kestrel, mara, now):
    with pytest.raises(scheduling.DraftTooLong):
        scheduling.keep_draft(
            organisation=in_harbour, customer=kestrel, by=mara, fields={"goal": ["a" * 200_001]}, now=now
        )


def test_an_edit_says_what_changed_and_refuses_an_old_version(log, kestrel, amara, mara, now):
    call = log(goal="G", notes="N", contacts=[amara])
    edit = {
        "call": call,
        "version": call.saved_at,
        "by": mara,
        "held_at": call.held_at,
        "contacts": [],
        "goal": "G",
        "reality": "",
        "options": "",
        "words": "",
        "minutes": None,
        "importance": None,
        "confidence": None,
    }
    later = now + timedelta(minutes=5)
    edited = scheduling.edit_call(
        **edit, notes="Better", now=later, commitments=[NewCommitment(will="x", owner=mara)]
    )
    assert (edited.notes, edited.saved_at, edited.contacts.count()) == ("Better", later, 0)
    event = Event.objects.get(verb="call_edited")
    assert event.data == {"fields": ["notes"]}
    assert kestrel.commitments.count() == 1
    with pytest.raises(scheduling.CallChanged):
        scheduling.edit_call(**edit, notes="From an old tab", now=later)
    assert Call.objects.get().notes == "Better"
    with pytest.raises(scheduling.CallInFuture):
        scheduling.edit_call(**(edit | {"held_at": later}), notes="", now=now)
