"""Put Harbour on the stage: organisation, journeys, sixty customers; play; leave it as it is today."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone, translation

from bosai.demo.harbour import (
    accords,
    advocating,
    challenging,
    circling,
    defining,
    departing,
    equipping,
    growing,
    telling,
)
from bosai.demo.harbour.calendar import MONTHS_BEGAN, Calendar
from bosai.demo.harbour.cast import FOLDER, TRADES, Row, rows
from bosai.demo.harbour.conversing import Conversation
from bosai.demo.harbour.grading import agree_on_levels
from bosai.demo.harbour.measuring import Gauges, SecondGauges
from bosai.demo.harbour.part import Part
from bosai.demo.harbour.paying import settle_accounts
from bosai.demo.harbour.planning import plan_weeks
from bosai.demo.harbour.proving import Proof
from bosai.demo.harbour.spotlight import SPOTLIGHTS, Spotlight
from bosai.demo.harbour.stage import Stage
from bosai.demo.harbour.story import Step, tell
from bosai.demo.harbour.today import leave_open
from bosai.demo.people import join_all
from coaching import starting
from coaching.models import GuideEdition
from customers import keeping
from customers.models import Metric
from dashboards.figures import baselines
from milestones import designing, messaging
from milestones.messaging.wording import EVERY, shipped
from milestones.models import Criterion, Journey, JourneyVersion, Milestone, Occasion
from organisations import founding, governing, tenancy
from organisations.models import Organisation, User
from post.models import Recipient
from post.preferring import change_wish
from post.wishes import SATURDAY, WORK_BEGINS

SLUG = "harbour"
MAIN, SECOND = "from-first-data-to-daily-decisions", "opening-a-new-site"
FILES = ("daily-decisions.json", "a-new-site.json")
BASELINE_AGO = 90  # days


def build(*, people: dict[str, User], now: datetime, customers: int | None = None) -> Organisation:
    """The organisation with everything that happened there until now; of all customers or the first few."""
    began = now - timedelta(days=MONTHS_BEGAN)
    plan = founding.Plan(
        slug=SLUG,
        name="Harbour Analytics",
        admin_email=people["ada"].email,
        admin_name=people["ada"].name,
        zone="Europe/Amsterdam",
        postal_address="Wilhelminakade 41\n3072 AP Rotterdam",
    )
    organisation, _admin = founding.found(plan, now=began)
    zone = organisation.tzinfo
    with tenancy.within(organisation), timezone.override(zone), translation.override(organisation.language):
        join_all(organisation, people, now=began)
        starting.take(organisation=organisation, by=people["theo"], now=began)
        stage = _stage(organisation, people, Calendar(now, zone), began)
        parts = {row.key: _enter(stage, row) for row in rows()[:customers]}
        stage.play()
        settle_accounts(parts.values(), stage.calendar)
        _freeze_a_baseline(stage)
        _let_it_write(stage)
        advocating.recruit(stage)
        accords.enter(stage, parts)
        growing.grow(stage)
        circling.gather(stage)
        leave_open(stage, parts)
        agree_on_levels(stage)
        plan_weeks(stage)
        telling.tell(stage)
        equipping.leave_open(stage, parts)
        departing.erase_one(stage)
    return organisation


def _stage(organisation: Organisation, people: dict[str, User], calendar: Calendar, began: datetime) -> Stage:
    journeys = {
        journey.slug: journey for journey in (_journey(name, organisation, people, began) for name in FILES)
    }
    for trade in TRADES.values():
        Metric.objects.create(
            organisation=organisation,
            key=trade.key,
            name=trade.metric,
            unit=trade.unit.strip(),
            lower_is_better=True,
        )
    return Stage(
        organisation=organisation,
        people=people,
        calendar=calendar,
        journeys=journeys,
        milestones={one.key: one for one in Milestone.objects.order_by("version", "position")},
        metrics={one.key: one for one in Metric.objects.all()},
        guides={one.guide.stage: one for one in GuideEdition.objects.in_force().filter(guide__kind=None)},
    )


def _let_it_write(stage: Stage) -> None:
    """Since a week the main journey writes by itself, and nobody gets more than four mails a week.

    The second one has its wording and has not begun.
    """
    journey, theo, now = stage.journeys[MAIN], stage.people["theo"], stage.calendar.now
    governing.save_settings(
        organisation=stage.organisation, values={"mails_per_week": 4}, by=stage.people["ada"], now=now
    )
    for occasion in (Occasion.EXPECTATION, Occasion.MOMENTUM, Occasion.STALL):
        wording = replace(shipped(occasion), is_on=True)
        messaging.keep_message(journey=journey, milestone_key=EVERY, wording=wording, by=theo, now=now)
    messaging.start(journey=journey, by=theo, now=now - timedelta(days=7))
    _gather_for_one(stage, journey)
    messaging.write_due(organisation=stage.organisation, now=now, simulated=True)
    onwards = replace(shipped(Occasion.HANDOVER), is_on=True)
    messaging.keep_message(
        journey=stage.journeys[SECOND], milestone_key=EVERY, wording=onwards, by=theo, now=now
    )


def _gather_for_one(stage: Stage, journey: Journey) -> None:
    """One of those it writes to wishes for one mail a week: on the last workday that has begun."""
    now = timezone.localtime(stage.calendar.now)
    is_early = now.weekday() < SATURDAY and now.time() < WORK_BEGINS
    weekday = max(min(now.weekday() - is_early, SATURDAY - 1), 0)
    journey.refresh_from_db()
    ahead = messaging.forecast(journey=journey, organisation=stage.organisation, now=now)
    due = [line.letter.contact.recipient for line in ahead.going if line.letter and line.due.at <= now]
    if due and due[0]:
        due[0].organisation = stage.organisation
        change_wish(recipient=due[0], wish=Recipient.Wish.WEEKLY, weekday=weekday, now=now)


def _journey(name: str, organisation: Organisation, people: dict[str, User], now: datetime) -> Journey:
    data = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return designing.import_journey(
        organisation=organisation, data=data, by=people["theo"], now=now, publish=True
    )


def steps_of(journey: Journey) -> tuple[Step, ...]:
    """The milestones of the version in force, as stories need them."""
    version: JourneyVersion | None = journey.current_version()
    assert version is not None, "published a moment ago"
    return tuple(_step(milestone) for milestone in version.milestones.prefetch_related("criteria__metric"))


def _step(milestone: Milestone) -> Step:
    criteria = list(milestone.criteria.all())
    kinds = {criterion.kind for criterion in criteria}
    is_enough = milestone.join == Milestone.Join.ANY
    return Step(
        key=milestone.key,
        target_days=milestone.target_days or 0,
        metric=next((criterion.metric.key for criterion in criteria if criterion.metric), ""),
        is_claimed=Criterion.Kind.CLAIM in kinds,
        needs_yes=Criterion.Kind.CONFIRMATION in kinds and not is_enough,
    )


def _enter(stage: Stage, row: Row) -> Part:
    """A customer with their whole story, ready to be played."""
    spotlight = SPOTLIGHTS.get(row.key, Spotlight())
    part = Part(row, stage)
    part.enter()
    _main(part, steps_of(stage.journeys[MAIN]), spotlight)
    defining.enter(part, MAIN)
    challenging.enter(part)
    if row.second is not None:
        _second(part, steps_of(stage.journeys[SECOND]), row.second)
    if spotlight.succession_ago is not None:
        stage.at(stage.calendar.ago(spotlight.succession_ago, 16), lambda now: _succeed(part, now))
    return part


def _main(part: Part, steps: Sequence[Step], spotlight: Spotlight) -> None:
    by_key: Mapping[str, Step] = {step.key: step for step in steps}
    calendar, row = part.stage.calendar, part.row
    story = tell(
        row,
        steps,
        calendar,
        began=row.started,
        last=spotlight.last(by_key, calendar) if spotlight.last else None,
        answers=spotlight.answers,
    )
    until = None if spotlight.data_until is None else calendar.day(spotlight.data_until)
    part.set_out(MAIN, story)
    part.measured(MAIN, Gauges(story).on, until=until)
    Proof(part, MAIN, story, words=spotlight.words).enter()
    if row.owner:
        ending = spotlight.ending(calendar) if spotlight.ending else None
        Conversation(part, story, phases=[step.key for step in steps], ending=ending).enter()


def _second(part: Part, steps: Sequence[Step], began: int) -> None:
    row = replace(part.row, pace=part.row.pace + 0.05, stuck=None)
    story = tell(row, steps, part.stage.calendar, began=began)
    part.set_out(SECOND, story)
    part.measured(SECOND, SecondGauges(story).on)
    Proof(part, SECOND, story, phase="a-new-site").enter()


def _freeze_a_baseline(stage: Stage) -> None:
    """How the main journey stood before this quarter."""
    baselines.freeze(
        organisation=stage.organisation,
        journey=stage.journeys[MAIN],
        on=stage.calendar.day(BASELINE_AGO),
        by=stage.people["theo"],
        now=stage.calendar.ago(BASELINE_AGO - 1, 10, 20),
    )


def _succeed(part: Part, now: datetime) -> None:
    """The first person leaves; the second is whom we speak with from now on."""
    first, second = part.contacts[:2]
    on = now.astimezone(part.stage.calendar.zone).date()
    keeping.contact_left(contact=first, on=on, by=part.owner, now=now)
    keeping.edit_contact(contact=second, values={"is_primary": True}, by=part.owner, now=now)
    part.contacts = [second, *part.contacts[2:]]
