"""Challenges: a catalogue, opened at a customer with steps, ticked, resolved or given up with a sentence."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from coaching import challenging, scheduling, starting
from coaching.models import Challenge, ChallengeKind, ChallengeStep
from dashboards import timeline
from dashboards.figures.challenges import challenge_figures
from dashboards.today.page import today
from dashboards.today.scope import Scope
from organisations.models import Event
from tests import factories
from tests.bosai.test_api import Api

pytestmark = pytest.mark.django_db
STEPS = [{"words": "Ask who decides", "days": 2}, {"words": "Agree on a date", "days": None}]
FORM = {
    "name": "No budget",
    "signs": "- Silence about money\n\n* “Next year”",
    "questions": "What would it have to bring?",
    "steps": "2: Ask who decides\nAgree on a date",
    "lead": "manager",
    "escalate": "After a month.",
}


@pytest.fixture
def kind(in_harbour, theo, now) -> ChallengeKind:
    values = {"name": "No budget", "signs": "Silence about money", "steps": STEPS}
    return challenging.add_kind(organisation=in_harbour, values=values, by=theo, now=now)


@pytest.fixture
def challenge(kestrel, kind, mara, now) -> Challenge:
    return challenging.open_challenge(customer=kestrel, kind=kind, words="Not this year.", by=mara, now=now)


def test_it_brings_its_steps_with_their_days(challenge, mara):
    steps = list(challenge.steps.order_by("position"))
    assert [(step.words, step.due_on) for step in steps] == [
        ("Ask who decides", date(2026, 3, 14)),
        ("Agree on a date", None),
    ]
    assert challenge.owner == mara
    assert Event.objects.get(verb="challenge_opened").customer_id == challenge.customer_id


def test_it_keeps_its_steps_when_the_catalogue_changes(challenge, kind, theo, now):
    challenging.edit_kind(
        kind=kind, values={"steps": [{"words": "Something else", "days": 1}]}, by=theo, now=now
    )
    assert challenge.steps.count() == 2


def test_one_of_a_kind_is_open_at_a_time(challenge, kestrel, kind, mara, now):
    with pytest.raises(challenging.NotPossible, match="open at Kestrel Freight already"):
        challenging.open_challenge(customer=kestrel, kind=kind, by=mara, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Challenge.objects.create(
            organisation_id=kestrel.organisation_id, customer=kestrel, kind=kind, owner=mara,
            opened_by=mara, opened_at=now,
        )  # fmt: skip
    assert Challenge.objects.count() == 1


def test_a_step_is_ticked_once_and_can_be_unticked(challenge, mara, theo, now):
    step = challenge.steps.get(position=1)
    for by in (mara, theo):
        challenging.tick(step=step, by=by, now=now)
    step.refresh_from_db()
    assert (step.done_at, step.done_by) == (now, mara)
    assert Event.objects.filter(verb="challenge_step_done").count() == 1
    challenging.untick(step=step, by=theo, now=now)
    step.refresh_from_db()
    assert not step.is_done


@pytest.mark.parametrize(
    ("verb", "state"), [(challenging.resolve, "resolved"), (challenging.give_up, "given_up")]
)
def test_it_ends_with_a_sentence(challenge, mara, now, verb, state):
    with pytest.raises(challenging.Incomplete):
        verb(challenge=challenge, why="  ", by=mara, now=now)
    for _again in range(2):
        verb(challenge=challenge, why="The board found the money.", by=mara, now=now)
    row = Challenge.objects.get()
    assert (row.state, row.closed_at, row.closed_by) == (state, now, mara)
    assert Event.objects.filter(verb=f"challenge_{state}").count() == 1
    with pytest.raises(challenging.NotPossible, match="meanwhile"):
        verb(challenge=challenge, why="Something else.", by=mara, now=now)
    with pytest.raises(challenging.NotPossible, match="closed"):
        challenging.tick(step=row.steps.first(), by=mara, now=now)


def test_it_can_be_opened_again_unless_another_one_is(challenge, kestrel, kind, mara, now):
    challenging.resolve(challenge=challenge, why="Done.", by=mara, now=now)
    challenging.reopen(challenge=challenge, by=mara, now=now)
    assert Challenge.objects.get().is_open
    challenging.give_up(challenge=challenge, why="No.", by=mara, now=now)
    challenging.open_challenge(customer=kestrel, kind=kind, by=mara, now=now)
    with pytest.raises(challenging.NotPossible, match="anew"):
        challenging.reopen(challenge=challenge, by=mara, now=now)


def test_what_is_out_of_the_catalogue_is_opened_no_more(challenge, kind, in_harbour, theo, mara, now):
    challenging.retire_kind(kind=kind, by=theo, now=now)
    other = factories.make_customer(in_harbour, "Alder & Finch", owner=mara)
    with pytest.raises(challenging.NotPossible, match="out of the catalogue"):
        challenging.open_challenge(customer=other, kind=kind, by=mara, now=now)
    again = challenging.add_kind(
        organisation=in_harbour, values={"name": "no BUDGET", "steps": STEPS}, by=theo, now=now
    )
    assert again.key != kind.key
    with pytest.raises(challenging.Incomplete, match="in the catalogue already"):
        challenging.return_kind(kind=kind, by=theo, now=now)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " ", "steps": STEPS}, "name"),
        ({"name": "x", "steps": []}, "steps"),
        ({"name": "x", "steps": STEPS * 7}, "steps"),
        ({"name": "x", "steps": [{"words": "x" * 301, "days": 1}]}, "steps"),
        ({"name": "x", "steps": [{"words": "x", "days": 366}]}, "steps"),
    ],
)
def test_what_is_missing_or_too_much_is_said(in_harbour, theo, now, values, field):
    with pytest.raises(challenging.Incomplete) as refused:
        challenging.add_kind(organisation=in_harbour, values=values, by=theo, now=now)
    assert refused.value.field == field
    assert not ChallengeKind.objects.exists()


def test_ours_are_taken_once_and_never_over_yours(in_harbour, kind, theo, now):
    first = starting.take(organisation=in_harbour, by=theo, now=now)
    assert first.kinds >= 15
    again = starting.take(organisation=in_harbour, by=theo, now=now)
    assert (again.kinds, again.guides) == (0, 0)
    for row in ChallengeKind.objects.exclude(pk=kind.pk):
        assert row.sign_lines, row.name
        assert row.question_lines, row.name
        assert row.steps, row.name
        assert row.escalate, row.name
    gone = ChallengeKind.objects.get(key="scope-grows")
    challenging.retire_kind(kind=gone, by=theo, now=now)
    assert starting.take(organisation=in_harbour, by=theo, now=now).kinds == 0


def test_a_due_step_stands_on_today(in_harbour, challenge, mara, now):
    def steps(at: datetime) -> list[tuple[str, str]]:
        lines = today(Scope(in_harbour, mara, mara, True, at)).lines
        return [(line.when, line.why) for line in lines if line.kind == "step"]

    assert steps(now + timedelta(days=1)) == []
    assert steps(now + timedelta(days=2)) == [("Due today", "No budget: Ask who decides")]
    assert steps(now + timedelta(days=5)) == [("3 days late", "No budget: Ask who decides")]
    challenging.tick(step=challenge.steps.get(position=1), by=mara, now=now)
    assert steps(now + timedelta(days=5)) == []


def test_the_timeline_tells_it(in_harbour, challenge, kestrel, mara, now):
    challenging.tick(step=challenge.steps.get(position=1), by=mara, now=now)
    challenging.resolve(challenge=challenge, why="The board found the money.", by=mara, now=now)
    page = timeline.page_of(Event.objects.of_customer(kestrel.pk))
    facts = timeline.facts_of(page.events, organisation=in_harbour)
    told = [
        (entry.title, entry.note, entry.words) for entry in timeline.entries_of(page.events, facts, now=now)
    ]
    assert told == [
        ("Resolved: No budget", "The board found the money.", ""),
        ("Step done: Ask who decides", "No budget", ""),
        ("It stands in the way: No budget", "", "Not this year."),
    ]


def test_the_figures_say_what_cannot_be_told(in_harbour, kind, mara, now):
    rows = [factories.make_customer(in_harbour, f"Customer {n}", owner=mara) for n in range(7)]
    opened = [challenging.open_challenge(customer=row, kind=kind, by=mara, now=now) for row in rows]
    ends = [challenging.resolve] * 3 + [challenging.give_up]
    for n, (verb, row) in enumerate(zip(ends, opened, strict=False)):
        verb(challenge=row, why="Over.", by=mara, now=now + timedelta(days=10 * (n + 1)))
    later = now + timedelta(days=60)
    [one] = challenge_figures(in_harbour, today=later.date()).kinds
    assert (one.opened, one.resolved, one.given_up, one.open) == (7, 3, 1, 3)
    assert one.share is None
    assert one.half is None
    rows[4].left_on = (now + timedelta(days=20)).date()
    rows[4].save()
    for row in opened[5:]:
        challenging.resolve(challenge=row, why="Over.", by=mara, now=now + timedelta(days=50))
    found = challenge_figures(in_harbour, today=later.date())
    [one] = found.kinds
    assert (one.over, one.left, one.open) == (7, 1, 0)
    assert (one.share.count, one.share.of) == (5, 7)
    assert one.share.low < 5 / 7 < one.share.high
    assert one.half.day == 50  # 10, 20, 30: three of seven; the fourth of them on day 50
    assert found.all.resolved == 5


def test_a_manager_writes_the_catalogue_and_a_csm_reads_it(client_for, theo, mara, in_harbour):
    client, address = client_for(theo), "/o/harbour/challenges/"
    assert client_for(mara).post(f"{address}new/", FORM).status_code == 403
    refused = client.post(f"{address}new/", FORM | {"steps": ""})
    assert refused.status_code == 422
    assert "Write at least one step" in refused.content.decode()
    made = client.post(f"{address}new/", FORM, follow=True)
    assert "is in the catalogue." in made.content.decode()
    kind = ChallengeKind.objects.get()
    assert kind.sign_lines == ["Silence about money", "“Next year”"]
    assert kind.steps == STEPS
    page = f"{address}{kind.pk}/"
    assert "within 2 days" in client_for(mara).get(page).content.decode()
    edited = client.get(f"{page}edit/").content.decode()
    assert "2: Ask who decides\nAgree on a date" in edited
    client.post(f"{page}edit/", FORM | {"steps": "7: Wait"})
    assert ChallengeKind.objects.get().steps == [{"words": "Wait", "days": 7}]
    assert client.post(f"{address}new/", FORM).status_code == 422
    client.post(f"{page}retirement/")
    assert "Out of the catalogue" in client.get(address).content.decode()
    client.post(f"{page}return/")
    assert ChallengeKind.objects.get().is_current


def test_a_csm_opens_ticks_and_closes_on_the_customers_page(client_for, mara, kestrel, kind):
    client, base = client_for(mara), f"/o/harbour/customers/{kestrel.pk}/challenges/"
    assert client.post(f"{base}new/", {}).status_code == 422
    given = {"kind": kind.pk, "words": "Not this year.", "owner": mara.pk}
    assert "Opened, with its steps" in client.post(f"{base}new/", given, follow=True).content.decode()
    again = client.post(f"{base}new/", given)
    assert again.status_code == 422
    assert "open here already" in again.content.decode()
    page = client.get(f"/o/harbour/customers/{kestrel.pk}/").content.decode()
    assert "Not this year." in page
    assert "Ask who decides" in page
    step = ChallengeStep.objects.order_by("position").first()
    client.post(f"/o/harbour/challenges/steps/{step.pk}/", {"is": "done"})
    assert "Done: Ask who decides" in client.get(base).content.decode()
    challenge = Challenge.objects.get()
    closing = f"/o/harbour/challenges/opened/{challenge.pk}/closing/"
    name = f"closing-{challenge.pk}-why"
    refused = client.post(closing, {"state": "resolved", name: ""})
    assert refused.status_code == 422
    assert "Say in a sentence how it ended" in refused.content.decode()
    assert client.post(closing, {"state": "gone", name: "x"}).status_code == 404
    client.post(closing, {"state": "resolved", name: "The board found the money."})
    assert "The board found the money." in client.get(base).content.decode()
    client.post(f"/o/harbour/challenges/opened/{challenge.pk}/return/")
    assert Challenge.objects.get().is_open


def test_a_customers_page_takes_as_many_queries_for_many(client_for, mara, in_harbour, kestrel, theo, now):
    starting.take(organisation=in_harbour, by=theo, now=now)
    kinds = list(ChallengeKind.objects.in_order())
    client, address = client_for(mara), f"/o/harbour/customers/{kestrel.pk}/challenges/"
    challenging.open_challenge(customer=kestrel, kind=kinds[0], by=mara, now=now)
    few, many = CaptureQueriesContext(connection), CaptureQueriesContext(connection)
    with few:
        client.get(address)
    for kind in kinds[1:6]:
        challenging.open_challenge(customer=kestrel, kind=kind, by=mara, now=now)
    with many:
        client.get(address)
    assert len(many) == len(few)


def test_whoever_goes_hands_their_challenges_over(in_harbour, challenge, mara, theo, ada, now):
    from office import parting

    membership = mara.memberships.get()
    with pytest.raises(parting.HeirNeeded):
        parting.member_leaves(membership=membership, heir=None, by=ada, now=now)
    parting.member_leaves(membership=membership, heir=theo, by=ada, now=now)
    assert Challenge.objects.get().owner == theo


def test_a_call_opens_one_and_ticks_steps(challenge, kestrel, in_harbour, mara, theo, now):
    other = challenging.add_kind(
        organisation=in_harbour, values={"name": "No time", "steps": STEPS}, by=theo, now=now
    )
    step = challenge.steps.get(position=1)
    new = challenging.NewChallenge(other, "We would if we could.")
    call = scheduling.log_call(
        organisation=in_harbour, customer=kestrel, by=mara, held_at=now, now=now, words="Later.",
        method=challenging.Method(steps=[step.pk, 999_999], challenge=new),
    )  # fmt: skip
    step.refresh_from_db()
    assert step.is_done
    opened = Challenge.objects.get(kind=other)
    assert (opened.call, opened.words) == (call, "We would if we could.")
    with pytest.raises(challenging.NotPossible):
        scheduling.log_call(
            organisation=in_harbour, customer=kestrel, by=mara, held_at=now, now=now, words="Again.",
            method=challenging.Method(challenge=new),
        )  # fmt: skip
    assert kestrel.calls.count() == 1


def test_machines_open_tick_and_close_as_people_do(harbour, mara, theo, kind, kestrel):
    api, manager = Api(harbour, mara, "write"), Api(harbour, theo, "write")
    given = {"customer": kestrel.pk, "kind": kind.key, "words": "Not this year."}
    made = api("post", "challenges/", given)
    assert (made.status_code, made.json()["owner"]) == (201, mara.pk)
    again = api("post", "challenges/", given)
    assert again.status_code == 409
    assert "open at Kestrel Freight already" in again.content.decode()
    step = api("get", "challenge-steps/?open=true").json()["results"][0]
    assert api("post", f"challenge-steps/{step['id']}/tick/", {}).json()["done_by"] == mara.pk
    ending = {"why": "The board found the money."}
    closed = api("post", f"challenges/{made.json()['id']}/resolution/", ending)
    assert closed.json()["state"] == "resolved"
    same = {"name": "no budget", "steps": [{"words": "Wait"}]}
    assert api("post", "challenge-kinds/", same).status_code == 403
    assert manager("post", "challenge-kinds/", same).status_code == 422
