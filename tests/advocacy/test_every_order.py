"""Claims, readings, answers, pauses, undoing, celebrating in random order: what must hold after every step.

Two people are asked about one milestone that needs a reading or a claim, or both. The post loop, the mail
server and a CSM act in between. The clock only moves on.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advocacy import celebrating
from advocacy.celebrating import CannotChange, NotReady
from advocacy.models import Celebration
from customers.models import LatestReading, Metric, Reading
from customers.recording import NewReading
from milestones import enrolling, judging, pausing, verifying
from milestones.clocks import target_day
from milestones.models import Achievement, Ask, Claim, Criterion, Enrolment, Milestone, Pause, Verdict
from milestones.pausing import CannotPause, NotPaused
from milestones.verifying import NotPossible
from organisations.models import Event, Organisation, User
from post.models import Delivery
from tests import factories
from tests.milestones.asked import make_link, person

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
LIVES = 40
NAMES = ("Amara", "Tomás")


class Life:
    """One enrolment's life. Every method is one thing that somebody or something does; `n` varies it."""

    def __init__(self, enrolment: Enrolment, metric: Metric, mara: User) -> None:
        self.enrolment, self.metric, self.mara = enrolment, metric, mara
        self.organisation = enrolment.organisation
        self.milestone = Milestone.objects.get(version=enrolment.version, key="m1")
        self.now = START

    def time_passes(self, n: int) -> None:
        self.now += timedelta(minutes=2) if n < 5 else timedelta(hours=4 * n)

    def a_reading_comes_in(self, n: int) -> None:
        """Or an earlier one is corrected."""
        value = 78 if n % 2 else 3
        reading = NewReading(self.enrolment.customer_id, self.metric.pk, START, value, f"r{n // 5}")
        judging.record([reading], organisation=self.organisation, source="test", now=self.now)

    def the_csm_claims(self, n: int) -> None:
        verifying.claim(
            enrolment=self.enrolment, milestone=self.milestone, statement=f"Fact {n}", number=n,
            reached_at=START, by=self.mara, now=self.now, asked=[],
        )  # fmt: skip

    def the_csm_takes_a_claim_back(self, n: int) -> None:
        claim = Claim.objects.filter(withdrawn_at=None).first()
        if claim:
            verifying.withdraw_claim(claim=claim, why="A mistake", by=self.mara, now=self.now)

    def the_csm_asks(self, n: int) -> None:
        contact = person(self.enrolment.customer, NAMES[n % 2])
        given = {"enrolment": self.enrolment, "milestone": self.milestone, "contact": contact}
        with suppress(NotPossible):
            verifying.ask(**given, by=self.mara, now=self.now)

    def they_confirm(self, n: int) -> None:
        """Any question ever sent may be answered, the stale ones too."""
        asks = Ask.objects.order_by("-id")
        if asks:
            ask = asks[n % len(asks)]
            with suppress(NotPossible):
                verifying.confirm(ask=ask, link=make_link(ask, now=self.now), now=self.now)

    def they_contest(self, n: int) -> None:
        asks = Ask.objects.order_by("-id")
        if asks:
            ask = asks[n % len(asks)]
            with suppress(NotPossible):
                verifying.contest(ask=ask, link=make_link(ask, now=self.now), words="Not yet", now=self.now)

    def they_take_it_back(self, n: int) -> None:
        verdicts = Verdict.objects.standing().order_by("-id")
        if verdicts:
            with suppress(NotPossible):
                verifying.undo(verdict=verdicts[n % len(verdicts)], now=self.now)

    def the_csm_answers_a_contest(self, n: int) -> None:
        contest = Verdict.objects.open_contests().first()
        if contest:
            verifying.answer_contest(
                verdict=contest, answer=f"Seen {n}", by=self.mara, now=self.now, ask_again=n % 3 > 0
            )

    def the_loop_sweeps(self, n: int) -> None:
        """A whole round; or one cut short after gathering; or another loop that has not gathered yet."""
        if n % 4 != 1:
            celebrating.gather(organisation=self.organisation, now=self.now)
        if n % 4 != 2:
            celebrating.post_due(organisation=self.organisation, now=self.now)

    def a_mail_leaves(self, n: int) -> None:
        """The mail server takes what waits, as the dispatcher would have it."""
        waiting = Delivery.objects.filter(purpose="celebration", state="pending")
        if waiting:
            assert not Verdict.objects.open_contests().exists(), "nothing leaves while a contest holds"
        waiting.update(state="sent", sent_at=self.now)

    def the_csm_decides(self, n: int) -> None:
        verbs = (celebrating.send_now, celebrating.approve, celebrating.stop, celebrating.bring_back)
        celebration = Celebration.objects.first()
        if celebration:
            with suppress(CannotChange, NotReady):
                verbs[n % 4](celebration=celebration, by=self.mara, now=self.now)

    def the_csm_starts_one(self, n: int) -> None:
        achievement = Achievement.objects.standing().first()
        if achievement:
            celebrating.celebrate(achievement=achievement, by=self.mara, now=self.now)

    def the_start_is_put_right(self, n: int) -> None:
        day = (self.now - timedelta(days=3 * n)).date() if n else None
        self.enrolment.refresh_from_db()
        enrolling.change_start(enrolment=self.enrolment, started_on=day, by=self.mara, now=self.now)

    def the_journey_rests(self, n: int) -> None:
        """From some days ago or soon, until a day or until somebody says so."""
        begins = self.now.date() + timedelta(days=n - 6)
        ends = None if n % 3 == 0 else begins + timedelta(days=1 + n)
        about = {"starts_on": begins, "resumes_on": ends, "why": "Holiday", "by": self.mara, "now": self.now}
        with suppress(CannotPause):
            pausing.pause(enrolment=self.enrolment, **about)

    def the_journey_goes_on(self, n: int) -> None:
        pause = Pause.objects.standing().filter(resumes_on=None).first()
        if pause:
            with suppress(NotPaused):
                pausing.resume(enrolment=self.enrolment, on=self.now.date(), by=self.mara, now=self.now)


STEPS: list[Callable[[Life, int], None]] = [
    step for name, step in vars(Life).items() if not name.startswith("_")
]
OFTEN = [
    Life.the_loop_sweeps,
    Life.they_contest,
    Life.they_confirm,
    Life.the_csm_answers_a_contest,
    Life.they_take_it_back,
    Life.a_reading_comes_in,
]


# What must hold after every step


def it_is_celebrated_once_for_ever() -> None:
    assert Celebration.objects.count() <= 1
    mails = Delivery.objects.filter(purpose="celebration").values_list("address", flat=True)
    assert len(mails) == len(set(mails))


def it_lets_nothing_wait_to_leave_while_a_contest_holds() -> None:
    if Verdict.objects.open_contests().exists():
        assert not Delivery.objects.filter(purpose="celebration", state__in=["pending", "held"]).exists()
        assert not Achievement.objects.standing().exists()


def it_stands_at_most_once() -> None:
    assert Achievement.objects.standing().count() <= 1


def it_never_counts_no_answer_as_verified() -> None:
    if not Verdict.objects.standing().filter(kind="confirmed").exists():
        assert not Achievement.objects.standing().exclude(verified_at=None).exists()


def it_settles_contests_by_a_later_yes_that_stands() -> None:
    yes = Verdict.objects.standing().filter(kind="confirmed")
    for contest in Verdict.objects.standing().filter(kind="contested"):
        theirs = yes.filter(contact=contest.contact, at__gte=contest.at, id__gt=contest.id)
        if contest.settled_at is None:
            assert not theirs.exists()
        else:
            assert yes.filter(at=contest.settled_at, id__gt=contest.id).exists()


def it_has_one_open_question_for_each_person() -> None:
    waiting = Ask.objects.filter(closed_at=None).values_list("contact_id", flat=True)
    assert len(waiting) == len(set(waiting))


def it_keeps_the_log_whole() -> None:
    """Every row of the story has its event, and every undoing one of its own."""
    rows = {
        "milestone_claimed": Claim.objects.all(),
        "claim_withdrawn": Claim.objects.exclude(withdrawn_at=None),
        "confirmation_asked": Ask.objects.all(),
        "outcome_confirmed": Verdict.objects.filter(kind="confirmed"),
        "outcome_contested": Verdict.objects.filter(kind="contested"),
        "verdict_undone": Verdict.objects.exclude(withdrawn_at=None),
        "milestone_achieved": Achievement.objects.all(),
        "achievement_withdrawn": Achievement.objects.exclude(withdrawn_at=None),
    }
    told = list(Event.objects.values_list("verb", flat=True))
    assert {verb: told.count(verb) for verb in rows} == {verb: rows[verb].count() for verb in rows}


def lists_read_what_is_so() -> None:
    """What is kept for them is what follows from everything else, counted one by one."""
    enrolment = Enrolment.objects.get()
    stands = dict(Achievement.objects.standing().values_list("milestone_key", "achieved_at"))
    ahead = enrolment.version.milestones.exclude(key__in=stands).order_by("position").first()
    pauses = list(Pause.objects.standing().order_by("starts_on"))
    assert enrolment.achieved_count == len(stands)
    assert (enrolment.current, enrolment.current_key) == (ahead, ahead.key if ahead else "")
    assert enrolment.due_on == target_day(enrolment.started_on, ahead and ahead.target_days, pauses)
    begun = enrolment.started_at or enrolment.enrolled_at
    assert enrolment.moved_at == max(stands.values(), default=begun)
    latest = list(LatestReading.objects.values_list("at", "value"))
    standing = Reading.objects.standing().order_by("-at", "-pk")
    assert latest == list(standing.values_list("at", "value")[:1])


RULES = [
    lists_read_what_is_so,
    it_is_celebrated_once_for_ever,
    it_lets_nothing_wait_to_leave_while_a_contest_holds,
    it_stands_at_most_once,
    it_never_counts_no_answer_as_verified,
    it_settles_contests_by_a_later_yes_that_stands,
    it_has_one_open_question_for_each_person,
    it_keeps_the_log_whole,
]


@pytest.fixture
def life(in_harbour: Organisation, mara: User) -> Callable[[int, str, int], Life]:
    metric = factories.make_metric(in_harbour)
    customer = factories.make_customer(in_harbour, owner=mara)
    factories.make_contact(customer, "Amara Okafor", is_primary=True)
    factories.make_contact(customer, "Tomás Silva", address="tomas@kestrel.example", celebrate_with=True)
    journey = factories.make_journey(in_harbour, metric=metric)
    first = journey.current_version().milestones.get(key="m1")
    for other in journey.current_version().milestones.exclude(key="m1"):
        other.criteria.update(threshold=1000)
    Criterion.objects.create(organisation=in_harbour, milestone=first, position=2, kind="claim")
    enrolment = factories.make_enrolment(customer, journey)

    def begin(hold_hours: int, join: str, swept: int) -> Life:
        """Reached, both asked, the celebration waiting or in the post: everything can happen next."""
        Milestone.objects.filter(pk=first.pk).update(hold_hours=hold_hours, join=join)
        one = Life(enrolment, metric, mara)
        one.a_reading_comes_in(1)
        one.the_csm_claims(1)
        one.the_csm_asks(0)
        one.the_csm_asks(1)
        one.the_loop_sweeps(swept)
        return one

    return begin


@settings(
    max_examples=LIVES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.once  # the verbs are the same on either database
@given(
    hold_hours=st.sampled_from([0, 0, 24]),
    join=st.sampled_from(["any", "any", "all"]),
    swept=st.sampled_from([0, 2]),
    steps=st.lists(st.tuples(st.sampled_from([*STEPS, *OFTEN]), st.integers(0, 9)), min_size=20, max_size=35),
)
def test_it_holds_in_every_order(life, hold_hours, join, swept, steps) -> None:
    with transaction.atomic():
        one = life(hold_hours, join, swept)
        for step, n in steps:
            step(one, n)
            for rule in RULES:
                rule()
        transaction.set_rollback(True)
