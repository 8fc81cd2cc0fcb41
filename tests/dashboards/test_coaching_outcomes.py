"""Coaching by its outcomes: coached by the landmark or not, what else differs, what was kept and attained."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from coaching import guiding
from coaching.models import Call, Commitment
from customers import grading
from customers.attainment import Attainment
from customers.models import Customer
from dashboards.figures.beside import beside
from dashboards.figures.coached import Coached, Question, points_of
from dashboards.figures.held_to import attained_by, held_to
from dashboards.figures.wishes import Wish
from milestones.models import Achievement, Enrolment
from tests import factories
from tests.counting import queries_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 12)
START = TODAY - timedelta(days=160)
EACH = 25


def noon(day: date) -> datetime:
    return datetime.combine(day, time(11), tzinfo=UTC)


@pytest.fixture
def journey(in_harbour):
    return factories.make_journey(in_harbour)


@pytest.fixture
def live(in_harbour, journey, mara):
    """live(coached=5, reached=60): coached and reached on these days after the start."""
    milestone = journey.current_version().milestones.get(key="m2")

    def live(*, coached=None, reached=None, started=START, owner=mara, guide=None, left=None, **fields):
        n = Customer.objects.count()
        left_on = started + timedelta(days=left) if left else None
        one = factories.make_customer(in_harbour, f"Customer {n}", owner=owner, left_on=left_on, **fields)
        enrolment = factories.make_enrolment(one, journey, started_on=started)
        if coached is not None:
            at = noon(started + timedelta(days=coached))
            Call.objects.create(
                organisation=in_harbour, customer=one, by=mara, held_at=at, saved_at=at, guide=guide
            )
        if reached is not None:
            at = noon(started + timedelta(days=reached))
            Achievement.objects.create(
                organisation=in_harbour, enrolment=enrolment, milestone=milestone, milestone_key="m2",
                achieved_at=at, recorded_at=at, days=reached,
            )  # fmt: skip
        return one

    return live


@pytest.fixture
def asked(in_harbour, journey):
    def asked(**changed) -> Coached:
        given = {"key": "m2", "landmark": 30, "until": 120} | changed
        return Coached(Question(Wish(in_harbour, journey, TODAY), **given))

    return asked


@pytest.fixture
def crowd(live, theo):
    """Of 25 coached by day 30 twenty reach it, of 25 others five; and people about whom nothing is asked."""
    for n in range(EACH):
        live(coached=5, reached=60 if n < 20 else None)
        live(coached=45 if n % 2 else None, reached=60 if n < 5 else None, owner=theo if n < 3 else None)
    live(coached=5, reached=20)  # before the landmark
    live(coached=5, left=25)  # gone by then
    live(coached=5, reached=60, left=50)  # left before it was so
    Enrolment.objects.filter(pk=Enrolment.objects.latest("pk").pk).update(is_judged=True)


def test_only_who_is_still_on_the_way_is_compared_by_what_was_so_then(crowd, asked):
    effect = asked().all.effect
    assert (effect.treated.n, effect.others.n, effect.reached) == (EACH + 1, EACH, 25)
    assert effect.treated_share == pytest.approx(20 / 26)
    assert effect.others_share == pytest.approx(5 / 25)
    assert effect.is_more
    assert asked().all.verdict == "more of the first group reached it"
    twice = asked(calls=2).all
    assert (twice.effect.treated.n, twice.verdict) == (0, "cannot tell yet")
    late = asked(landmark=46, until=120).all.effect  # those coached on day 45 count as coached by then
    assert late.treated.n == EACH + 1 + EACH // 2


def test_csms_stand_by_name_and_say_what_they_can(crowd, asked, mara, theo):
    assert [one.name for one in asked().by_owner] == ["Mara Lindqvist", "Theo Brandt"]
    mara_s, theo_s = asked().by_owner
    assert mara_s.effect.treated.n == EACH + 1
    assert (theo_s.effect.others.n, theo_s.verdict, theo_s.interval) == (3, "cannot tell yet", "")


def test_a_guide_is_compared_among_those_who_were_coached(live, asked, in_harbour, theo, now):
    texts = dict.fromkeys(("purpose", "goal", "reality", "options", "will", "cues", "good", "avoid"), "x")
    draft = guiding.keep_draft(
        organisation=in_harbour, stage="onboarding", kind=None, values=texts, by=theo, now=now
    )
    for n in range(EACH):
        live(coached=5, reached=60 if n < 20 else None, guide=draft)
        live(coached=5, reached=60 if n < 5 else None)
        live(reached=60)
    (one,) = asked().by_guide
    assert (one.effect.treated.n, one.effect.others.n) == (EACH, EACH)
    assert one.points == "+60"
    assert one.effect.is_more


def test_what_else_differs_stands_beside_it(crowd, asked, in_harbour, live):
    segment = factories.make_segment(in_harbour)
    for n in range(4):
        one = live(coached=3, segment=segment)
        factories.make_subscription(one, 100_0000 * (n + 1))
        factories.make_case(one, opened_at=noon(START + timedelta(days=4)))
        factories.make_case(one, opened_at=noon(START + timedelta(days=40)))
    rows = {row.name: row for row in beside(asked())}
    assert rows["in Freight"].treated == pytest.approx(4 / 30)
    assert rows["in Freight"].others == 0
    assert rows["support cases by then, mean"].treated == pytest.approx(4 / 30)
    assert rows["contract a year, median, in the unit of its currency"].treated == 3000
    assert rows["contract a year, median, in the unit of its currency"].others is None


def test_cohorts_are_compared_from_their_start(live, asked):
    split = START + timedelta(days=10)
    for n in range(EACH):
        live(reached=50 if n < 5 else None, started=START)
        live(reached=50 if n < 20 else None, started=split)
    found = asked(until=100).since(split)
    assert found.effect.is_more
    assert found.points == "+60"


@pytest.mark.once
def test_points_are_written_with_their_sign():
    assert [points_of(share) for share in (0.123, -0.03, 0.001)] == ["+12", "−3", "0"]


@pytest.mark.once
def test_the_mean_of_goals_needs_five_customers():
    four = [Attainment(((1, level),), 0) for level in (0, 1, 0, 1)]
    assert attained_by([]).t is None
    assert (attained_by(four).t, attained_by(four).can_tell) == (55, False)
    five = attained_by([*four, Attainment(((2, 2), (1, 0)), 1), Attainment((), 2)])
    assert (five.n, five.goals, five.can_tell) == (5, 6, True)
    assert five.low <= five.t <= five.high


def test_a_promise_is_kept_when_it_is_kept_by_its_date(in_harbour, live, mara, theo, now):
    one, other = live(), live(owner=theo)
    contact = factories.make_contact(one)

    def promise(due: int, settled: int | None, state: str = "kept", customer=one, **owner) -> None:
        at = noon(TODAY - timedelta(days=settled)) if settled is not None else None
        Commitment.objects.create(
            organisation=in_harbour, customer=customer, will="x", made_at=noon(START), settled_at=at,
            due_on=TODAY - timedelta(days=due), state=state, **owner,
        )  # fmt: skip

    for _time in range(4):
        promise(10, 10, owner_contact=contact)
    promise(10, 9, owner_contact=contact)  # a day late
    promise(10, None, "open", owner_contact=contact)
    promise(10, 12, "not_kept", owner_contact=contact)
    promise(200, 200, owner_contact=contact)  # long ago
    promise(-3, 1, owner_contact=contact)  # its date is still to come
    promise(5, 5, owner_user=theo, customer=other)
    whole, lines = held_to(in_harbour, today=TODAY)
    assert (whole.kept.theirs.count, whole.kept.theirs.of, whole.kept.ours.of) == (4, 7, 1)
    assert [(line.name, line.kept.theirs.of, line.kept.ours.count) for line in lines] == [
        ("Mara Lindqvist", 7, 0), ("Theo Brandt", 0, 1),
    ]  # fmt: skip


class TestPage:
    url = "/o/harbour/coaching/"

    @pytest.fixture
    def client(self, client_for, rio, monkeypatch, now):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        return client_for(rio)

    def test_it_asks_says_and_hands_out_the_same(self, client, crowd, mara, now):
        assert self.url == reverse("dashboards:coaching_outcomes", args=["harbour"])
        asked = {"milestone": "m2", "landmark": "30", "until": "120", "calls": "1"}
        words = client.get(self.url, asked).content.decode()
        assert "more of the first group reached it" in words
        assert "cannot tell yet" in words
        assert words.index("Mara Lindqvist") < words.index("Theo Brandt")
        lines = b"".join(client.get(self.url, asked | {"format": "csv"}).streaming_content).decode()
        assert [line.split(",")[0] for line in lines.strip().splitlines()[1:]] == [
            "all", "csm", "csm", "start cohort",
        ]  # fmt: skip
        for odd in ({"until": "20", "landmark": "30"}, {"landmark": "x"}, {"milestone": "no"}):
            page = client.get(self.url, asked | odd)
            assert page.status_code == 200
            assert page.context["answer"] is None

    def test_without_a_journey_it_says_so(self, client, in_harbour):
        assert "No journey is published yet" in client.get(self.url).content.decode()

    def test_levels_count_where_they_were_noted(self, client, in_harbour, live, mara, now):
        for n in range(5):
            outcome = factories.make_outcome(live())
            values = dict.fromkeys(("much_less", "less", "expected", "more", "much_more"), "x")
            scale = grading.agree(
                outcome=outcome, values=values | {"agreed_on": TODAY, "weight": 1}, by=mara, now=now
            )
            grading.note_level(scale=scale, level=n % 2, on=TODAY, evidence="x", by=mara, now=now)
        whole, (line,) = held_to(in_harbour, today=TODAY)
        assert (whole.attained.n, whole.attained.t) == (5, 54)
        assert (line.name, line.attained.t) == ("Mara Lindqvist", 54)

    def test_it_asks_as_few_queries_for_many(self, client, crowd, live):
        few = len(queries_of(lambda: client.get(self.url)))
        for _n in range(10):
            live(coached=5, reached=60)
        assert len(queries_of(lambda: client.get(self.url))) == few <= 32
