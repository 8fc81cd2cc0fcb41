"""Why a line stands on Today: one reason each, and when it does not hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from coaching import scheduling
from coaching.models import Commitment, Touchpoint
from dashboards.today.lines import Kind
from dashboards.today.page import READERS, today
from milestones.models import Ask, Verdict
from post.models import Delivery
from tests import factories
from tests.dashboards.on_today import NOON, only, scope_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_amsterdam")]


def test_a_contest_brings_the_customers_words(make, mara, in_harbour):
    ostra = make("Ostra Bakeries")
    enrolment = ostra.enrolments.get()
    verdict = Verdict.objects.create(
        organisation=in_harbour,
        enrolment=enrolment,
        milestone=enrolment.current,
        milestone_key="m1",
        contact=ostra.contacts.get(),
        kind="contested",
        words="The airport shops still order by phone.",
        at=NOON - timedelta(days=1),
    )
    scope = scope_of(in_harbour, mara)
    line = only(scope, Kind.CONTESTED)
    assert (line.when, line.is_bad) == ("Contested", True)
    assert line.why == "Amara Okafor contested “Milestone 1”:"
    assert line.words == "The airport shops still order by phone."
    assert line.action.href == reverse("milestones:contest", args=["harbour", verdict.pk])
    for field in ("answered_at", "settled_at", "withdrawn_at"):
        Verdict.objects.update(answered_at=None, settled_at=None, withdrawn_at=None)
        Verdict.objects.update(**{field: NOON})
        assert READERS[Kind.CONTESTED](scope).lines == []


def test_a_planned_call_of_another_day_asks_to_be_logged(make, mara, in_harbour):
    kestrel = make("Kestrel Freight")
    due_at = datetime(2026, 3, 11, 22, 59, tzinfo=UTC)  # one minute before midnight in Amsterdam
    planned = Touchpoint.objects.create(organisation=in_harbour, customer=kestrel, owner=mara, due_at=due_at)
    line = only(scope_of(in_harbour, mara), Kind.NOT_LOGGED)
    assert "yesterday 23:59" in line.why
    assert line.action.is_sheet
    planned.due_at = due_at + timedelta(minutes=1)
    planned.save()
    assert READERS[Kind.NOT_LOGGED](scope_of(in_harbour, mara)).lines == []
    assert [line.when for line in today(scope_of(in_harbour, mara)).calls] == ["00:00"]


@pytest.mark.parametrize(
    ("due_on", "when"),
    [
        (date(2026, 3, 9), "3 days late"),
        (date(2026, 3, 12), "Due today"),
        (date(2026, 3, 13), "Due tomorrow"),
        (date(2026, 3, 14), None),
        (None, None),
    ],
)
def test_our_promises_appear_when_they_are_due(make, mara, theo, in_harbour, due_on, when):
    kestrel = make("Kestrel Freight")
    made = {"organisation": in_harbour, "customer": kestrel, "due_on": due_on, "made_at": NOON}
    Commitment.objects.create(**made, owner_user=mara, will="send the guide", when="they have started")
    Commitment.objects.create(**made, owner_user=theo, will="Theo's own")
    Commitment.objects.create(**made, owner_contact=kestrel.contacts.get(), will="theirs")
    group = READERS[Kind.PROMISED](scope_of(in_harbour, mara))
    if when is None:
        assert group.lines == []
        return
    (line,) = group.lines
    assert line.when == when
    assert line.why == "You promised, when they have started: send the guide"
    assert line.action.post == {"state": "kept"}
    assert line.is_bad == (due_on < date(2026, 3, 12))


@pytest.mark.parametrize(
    ("started", "kind", "when"),
    [
        (date(2026, 2, 18), Kind.LATE, "2 days late"),
        (date(2026, 2, 20), Kind.NEAR, "Due today"),
        (date(2026, 2, 27), Kind.NEAR, "In 7 days"),
        (date(2026, 2, 28), None, None),
        (None, None, None),
    ],
)
def test_targets_past_and_near(make, mara, in_harbour, journey, started, kind, when):
    """Milestone 1 is due 20 days after the start; today is 12 March."""
    kestrel = make("Kestrel Freight", started=None)
    factories.make_enrolment(kestrel, journey, started_on=started)
    scope = scope_of(in_harbour, mara)
    found = {kind: READERS[kind](scope).lines for kind in (Kind.LATE, Kind.NEAR)}
    assert {kind: len(lines) for kind, lines in found.items()} == {
        Kind.LATE: int(kind == Kind.LATE),
        Kind.NEAR: int(kind == Kind.NEAR),
    }
    if kind:
        (line,) = found[kind]
        assert line.when == when
        assert "“Milestone 1”" in line.why
        assert "0 of 1 criteria met" in line.why
        assert line.action.label == "Plan call"
        Touchpoint.objects.create(
            organisation=in_harbour, customer=kestrel, owner=mara, due_at=NOON + timedelta(days=2)
        )
        (line,) = READERS[kind](scope).lines
        assert line.why.endswith("Call planned Sat 14 March.")
        assert line.action.label == "Open"


def test_the_end_of_a_journey_or_an_ended_one_is_never_late(make, mara, in_harbour):
    done = make("Done", started=date(2025, 10, 1)).enrolments.get()
    done.current = None
    done.save()
    gone = make("Gone", started=date(2025, 10, 1)).enrolments.get()
    gone.ended_at, gone.ended_why = NOON, "over"
    gone.save()
    assert READERS[Kind.LATE](scope_of(in_harbour, mara)).lines == []


@pytest.mark.parametrize(("days", "is_shown"), [(5, False), (6, True), (60, True), (61, False)])
def test_a_question_without_an_answer(make, mara, in_harbour, days, is_shown):
    enrolment = make("Lumen Dental").enrolments.get()
    ask = Ask.objects.create(
        organisation=in_harbour,
        enrolment=enrolment,
        milestone=enrolment.current,
        contact=enrolment.customer.contacts.get(),
        asked_at=NOON - timedelta(days=days),
    )
    scope = scope_of(in_harbour, mara)
    lines = READERS[Kind.CLAIM](scope).lines
    assert bool(lines) == is_shown
    if is_shown:
        assert lines[0].when == f"Asked {days} days ago"
        assert lines[0].action.href == reverse("milestones:claim", args=["harbour", enrolment.pk, "m1"])
        ask.closed_at = NOON
        ask.save()
        assert READERS[Kind.CLAIM](scope).lines == []


def test_a_customer_on_a_journey_without_an_outcome(make, mara, in_harbour):
    make("Juniper Outdoor", outcome="")
    make("Not yet begun", outcome="", started=None)
    line = only(scope_of(in_harbour, mara), Kind.NO_OUTCOME)
    assert line.customer.name == "Juniper Outdoor"
    assert line.action.label == "Write it down"


def test_quiet_counts_from_the_last_call_else_from_the_enrolment(make, mara, in_harbour):
    called = make("Called", started=date(2026, 1, 1))
    fresh = make("Fresh", started=date(2026, 2, 20))
    never = make("Never called", started=date(2026, 2, 1))
    planned = make("Planned", started=date(2026, 2, 1))
    long_ago = make("Long ago", started=date(2026, 1, 1))
    for customer, days in ((called, 29), (long_ago, 34)):
        held_at = NOON - timedelta(days=days)
        scheduling.log_call(
            organisation=in_harbour, customer=customer, by=mara, held_at=held_at, now=held_at, goal="G"
        )
    Touchpoint.objects.create(
        organisation=in_harbour, customer=planned, owner=mara, due_at=NOON + timedelta(days=1)
    )
    lines = READERS[Kind.QUIET](scope_of(in_harbour, mara)).lines
    assert [(line.customer, line.when) for line in lines] == [
        (never, "Quiet 39 days"),
        (long_ago, "Quiet 34 days"),
    ]
    assert lines[0].why == "On the journey since 1 February, and no call yet."
    assert lines[1].why == "No call since 6 February."
    assert fresh not in [line.customer for line in lines]


@pytest.mark.parametrize(
    ("state", "days", "when"),
    [
        ("uncertain", 40, "Uncertain"),
        ("failed", 13, "Refused"),
        ("failed", 15, None),
        ("sent", 0, None),
        ("pending", 0, None),
    ],
)
def test_mails_a_person_must_look_at(make, mara, in_harbour, state, days, when):
    kestrel = make("Kestrel Freight")
    Delivery.objects.create(
        organisation=in_harbour,
        purpose="celebration",
        subject_key="a",
        address="amara@kestrel.example",
        customer_id=kestrel.pk,
        state=state,
        reason="The connection broke.",
        created_at=NOON - timedelta(days=days),
        due_at=NOON,
        from_name="H",
        message_id="<a@b>",
        subject="Six weeks",
        text="t",
    )
    lines = READERS[Kind.MAIL](scope_of(in_harbour, mara)).lines
    assert [line.when for line in lines] == ([when] if when else [])
    if when:
        assert "“Six weeks”" in lines[0].why
        assert "The connection broke." in lines[0].why
