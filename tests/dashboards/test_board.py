"""The board: who is where and how they are doing, in the database and in words alike."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from random import Random

import pytest
from django.urls import reverse
from django.utils import translation

from customers.models import Customer
from dashboards.board.reading import END, Board, Wish
from dashboards.board.states import State
from milestones import judging, pacing, standing
from milestones.models import Enrolment, Pause
from organisations import tenancy
from tests import factories
from tests.counting import queries_of

TODAY = datetime(2026, 3, 12, tzinfo=UTC).date()
CUSTOMERS = 90


def day(ago: int):
    return TODAY - timedelta(days=ago)


@pytest.fixture
def journey(in_harbour):
    return factories.make_journey(in_harbour, metric=factories.make_metric(in_harbour))


@pytest.fixture
def crowd(in_harbour, journey, mara, theo, now):
    """Customers everywhere: late, quiet, paused, at the end, without a start, out of order, gone."""
    dice = Random(11)
    segment = factories.make_segment(in_harbour)
    metrics = [factories.make_metric(in_harbour, f"s{n}") for n in range(5)]
    for milestone, metric in zip(journey.current_version().milestones.all(), metrics, strict=True):
        milestone.criteria.update(metric=metric)
    for n in range(CUSTOMERS):
        customer = factories.make_customer(
            in_harbour, f"Customer {n:02}", owner=dice.choice((mara, theo, None)),
            segment=dice.choice((segment, None)), left_on=TODAY if n == 3 else None,
        )  # fmt: skip
        began = dice.randint(0, 140)
        enrolment = factories.make_enrolment(
            customer, journey, started_on=None if n % 11 == 0 else day(began), enrolled_at=noon(began)
        )
        for metric in dice.sample(metrics, dice.randint(0, 5)) if n % 5 else metrics:
            factories.make_reading(customer, metric, 50, at=noon(dice.randint(0, began)))
        if dice.random() < 0.4:
            ago = dice.randint(-5, 60)
            ends = None if dice.random() < 0.3 else day(ago - dice.randint(1, 40))
            Pause.objects.create(
                organisation=in_harbour, enrolment=enrolment, starts_on=day(ago), resumes_on=ends,
                why="Holiday", paused_at=now,
            )  # fmt: skip
    judging.judge(organisation=in_harbour, customer_ids=None, now=now)
    standing.keep(in_harbour, list(Enrolment.objects.values_list("pk", flat=True)))
    pacing.set_limits(journey=journey, limits={"m2": 20}, by=theo, now=now)
    return segment


def noon(ago: int) -> datetime:
    return datetime.combine(day(ago), time(12), tzinfo=UTC)


@pytest.fixture
def board(in_harbour, journey, crowd):
    def board(**asked) -> Board:
        return Board(Wish(in_harbour, journey, TODAY, **asked))

    return board


def test_every_customer_is_in_one_state_and_the_words_agree(board, crowd, mara):
    """P16: counts, filters and the reason beside each customer are one truth."""
    for asked in ({}, {"owner": mara}, {"owner": "none", "segment": crowd}):
        whole = board(**asked)
        cards = list(whole.every([*whole.milestones, END]))
        told = Counter((c.enrolment.current_key, c.standing.state or "end") for c in cards)
        counted = {(key, s): n for key, states in whole.counts().items() for s, n in states.items() if n}
        assert counted == dict(told)
        for state in State:
            found = list(board(**asked, state=state).every(whole.milestones))
            assert {c.enrolment.pk for c in found} == {
                c.enrolment.pk for c in cards if c.standing.state == state
            }
    assert {state for _key, state in Counter(told)} <= {*State.values, "end"}
    assert len({c.standing.state for c in board().every([*board().milestones, END])}) == 5


def test_columns_begin_with_who_waits_longest_and_pages_go_on(board):
    whole = board()
    key = Counter(whole.rows(list(whole.milestones)).values_list("current_key", flat=True)).most_common(1)[0][
        0
    ]
    every = [card.enrolment.pk for card in whole.every([key])]
    since = list(
        Enrolment.objects.filter(pk__in=every).order_by("moved_at", "pk").values_list("pk", flat=True)
    )
    assert every == since
    paged, after, more = [], "", True
    while more:
        cards, more = whole.page(key, after=after, size=4)
        paged += [card.enrolment.pk for card in cards]
        after = cards[-1].key
    assert paged == every
    (column,) = [column for column in whole.columns(whole.counts()) if column.key == key]
    assert [card.enrolment.pk for card in column.cards] == every[:8]
    assert (column.n, column.has_more) == (len(every), len(every) > 8)


@pytest.mark.once
def test_a_column_walks_down_its_index_and_sorts_nothing(board):
    """G1: the first page is as quick with a million as with ninety."""
    whole = board(state="stuck")
    plan = whole._ordered(whole.rows(["m2"]))[:9].explain()
    assert "enrolment_board" in plan
    assert "FOR ORDER BY" not in plan


def test_who_left_or_is_archived_stands_on_no_board(board):
    Customer.objects.filter(name="Customer 04").update(archived_at=noon(0))
    names = {card.enrolment.customer.name for card in board().every([*board().milestones, END])}
    assert len(names) == CUSTOMERS - 2
    assert not names & {"Customer 03", "Customer 04"}


def test_it_says_why(in_harbour, journey, theo, now):
    pacing.set_limits(journey=journey, limits={"m2": 20}, by=theo, now=now)
    stuck = factories.make_enrolment(
        factories.make_customer(in_harbour, "Stuck"), journey, started_on=day(41)
    )
    with translation.override("en"):
        (card,) = Board(Wish(in_harbour, journey, TODAY)).every(["m1"])
        assert card.standing.why == (
            "Nothing new for 41 days; the limit is 30 until enough have gone on from here; "
            "21 days past target"
        )
        pacing.set_limits(journey=journey, limits={"": 41}, by=theo, now=now)
        (card,) = Board(Wish(in_harbour, journey, TODAY)).every(["m1"])
        assert (card.standing.state, card.standing.why) == (State.BEHIND, "21 days past target")
        Pause.objects.create(
            organisation=in_harbour, enrolment=stuck, starts_on=day(25), resumes_on=day(-3), why="Holiday",
            paused_at=now,
        )  # fmt: skip
        (card,) = Board(Wish(in_harbour, journey, TODAY)).every(["m1"])
        assert card.standing.why == "Paused since 15 Feb, goes on 15 Mar: Holiday"


def test_a_later_milestone_reached_first_is_shown_as_out_of_order(in_harbour, journey, now):
    metric = factories.make_metric(in_harbour, "other")
    journey.current_version().milestones.get(key="m3").criteria.update(metric=metric)
    customer = factories.make_customer(in_harbour)
    factories.make_enrolment(customer, journey, started_on=day(10))
    factories.make_reading(customer, metric, 50, at=noon(2))
    judging.judge(organisation=in_harbour, customer_ids=[customer.pk], now=now)
    (card,) = Board(Wish(in_harbour, journey, TODAY)).every(["m1"])
    assert card.is_out_of_order
    assert card.standing.days == 2


class TestPage:
    @pytest.fixture
    def url(self, journey):
        return reverse("dashboards:board", args=["harbour", journey.slug])

    @pytest.fixture
    def client(self, client_for, theo, monkeypatch, now):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now)
        return client_for(theo)

    def test_it_asks_as_few_queries_for_many(self, client, url, board, journey, in_harbour):
        few = len(queries_of(lambda: client.get(url)))
        for n in range(30):
            factories.make_enrolment(factories.make_customer(in_harbour, f"More {n}"), journey)
        assert len(queries_of(lambda: client.get(url))) == few <= 27
        assert len(queries_of(lambda: client.get(url, {"milestone": "m1"}))) <= 20

    def test_filters_stand_in_the_address(self, client, url, board, crowd, mara):
        asked = {"owner": mara.pk, "segment": crowd.slug, "state": "stuck", "milestone": "m1"}
        page = client.get(url, asked)
        names = {card.enrolment.customer.name for card in page.context["cards"]}
        with tenancy.within(page.wsgi_request.organisation):
            rows = board(owner=mara, segment=crowd, state="stuck").every(["m1"])
            assert names == {card.enrolment.customer.name for card in rows}
        nobody = client.get(url, {"state": "paused", "owner": "none", "milestone": "m5"})
        assert "Take one away" in nobody.content.decode() or nobody.context["cards"]
        assert client.get(url, {"state": "odd"}).context["board"] is None
        assert client.get(url, {"milestone": "nothing"}).status_code == 404
        assert "board__column" in client.get(url).content.decode()
        part = client.get(url, headers={"HX-Request": "true", "HX-Target": "board"}).content.decode()
        assert part.strip().startswith('<div id="board"')

    def test_the_file_holds_what_the_board_shows(self, client, url, board):
        text = b"".join(client.get(url, {"format": "csv"}).streaming_content).decode()
        assert len(text.strip().splitlines()) == CUSTOMERS  # a header, and all but the one who left
        stuck = b"".join(client.get(url, {"format": "csv", "state": "stuck"}).streaming_content).decode()
        assert 1 < len(stuck.strip().splitlines()) < CUSTOMERS
        assert all(",Stuck," in line for line in stuck.strip().splitlines()[1:])

    def test_a_manager_sets_the_limits(self, client, client_for, journey, board, mara):
        url = reverse("dashboards:limits", args=["harbour", journey.slug])
        page = client.get(url)
        assert 'value="20"' in page.content.decode()
        answer = client.post(url, {"limit-m1": "9", "limit-m2": "", "limit-": "50"})
        assert answer.status_code == 302
        assert (board().paces["m1"].limit, board().paces["m3"].limit) == (9, 50)
        wrong = client.post(url, {"limit-m1": "soon"})
        assert wrong.status_code == 422
        assert "whole number of days" in wrong.content.decode()
        assert board().paces["m1"].limit == 9
        assert client_for(mara).get(url).status_code == 403
