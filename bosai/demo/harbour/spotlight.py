"""The customers whom Mara meets today: how the newest chapter of their story goes, to the hour."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bosai.demo.harbour.calendar import Calendar, workday, workday_before
from bosai.demo.harbour.conversing import TAKES, Ending, Promise
from bosai.demo.harbour.story import Answer, Reach, Step

type Steps = Mapping[str, Step]
TRUSTED, DECIDED, OPENED = "first-report-trusted", "one-decision-a-week", "every-site-opens-with-it"
IN_HOUSE, GOAL, ALONE = "questions-answered-in-house", "first-goal-reached", "runs-without-us"


@dataclass(frozen=True)
class Spotlight:
    """What is known of a customer's last days; the rest of their story is made up as everybody's is."""

    last: Callable[[Steps, Calendar], Reach] | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    """What is said about the last milestone: "statement", "said", "yes", "no"."""
    ending: Callable[[Calendar], Ending] | None = None
    data_until: int | None = None
    """Days ago on which data came for the last time."""
    succession_ago: int | None = None
    """When the first person left, and the second took over."""


def slot(calendar: Calendar, minutes: int) -> datetime:
    """A time of today, so many minutes from the first call."""
    return calendar.first_call + timedelta(minutes=minutes)


def this_morning(calendar: Calendar) -> datetime:
    """A call before the first one, if it can have been held by now; else the last one of the day."""
    before = slot(calendar, -90)
    return before if before + TAKES <= calendar.now else slot(calendar, 285)


SPOTLIGHTS: dict[str, Spotlight] = {
    # Whoever tries the demo begins here: the data shows it, nobody has claimed it, Amara can confirm it.
    "kestrel-freight": Spotlight(
        last=lambda steps, calendar: Reach(steps[OPENED], calendar.ticks_ago(1), None),
        answers={DECIDED: Answer.MENDED},
        ending=lambda calendar: Ending(
            last_ago=14,
            next_at=slot(calendar, 0),
            purpose="The third milestone shows in the data. Ask about Gdynia and Brno, then claim it.",
            promises=(
                Promise("Tomás Herrera", "send the list of depots with a named manager for each", 1),
                Promise(
                    "us", "sit down with Gdynia and Brno for half an hour", 5, "the new managers have started"
                ),
            ),
        ),
    ),
    "lumen-dental": Spotlight(
        last=lambda steps, calendar: Reach(
            steps[OPENED], calendar.ticks_ago(2), calendar.at(workday(calendar.day(8)), 11, 20)
        ),
        words={"statement": "All nine practices fill empty chairs from the recall list before they open."},
        ending=lambda calendar: Ending(
            last_ago=21,
            next_at=slot(calendar, 105),
            purpose="You claimed the third milestone. Ask Dr. Iyer for the booking export as evidence.",
            promises=(Promise("Dr. Anjali Iyer", "export the bookings of one week", 4),),
        ),
    ),
    "saltmarsh-water": Spotlight(
        last=lambda steps, calendar: Reach(
            steps[ALONE], None, calendar.ago(9, 14, 5), Answer.YES, calendar.ago(2, 11, 20)
        ),
        words={
            "statement": "Zone 41 was set up by a crew in its first week, without a call to Harbour.",
            "said": "The crews choose the leak. Nobody has to be sent.",
            "yes": "Hanna left in good order and nothing stopped. I think that says it.",
        },
        ending=lambda calendar: Ending(
            last_ago=28,
            next_at=slot(calendar, 165),
            purpose="First call with Owen Pryce, who took over from Hanna Lind. The journey is complete.",
        ),
        succession_ago=12,
    ),
    "juniper-outdoor": Spotlight(
        ending=lambda calendar: Ending(
            next_at=slot(calendar, 225),
            purpose="Kick-off. Sales promised “stock-outs visible the same day”; ask for their own words.",
        ),
    ),
    "meridian-schools": Spotlight(
        last=lambda steps, calendar: Reach(
            steps[OPENED],
            calendar.ticks_ago(2),
            calendar.at(workday(calendar.day(6)), 9, 40),
            Answer.YES,
            calendar.now - timedelta(hours=3),
        ),
        words={
            "statement": "All 14 schools open with it and closed the month by day four.",
            "yes": "All fourteen, and nobody came in on a Saturday.",
        },
        ending=lambda calendar: Ending(last_ago=20, next_at=this_morning(calendar), is_held=True),
    ),
    "ostra-bakeries": Spotlight(
        last=lambda steps, calendar: Reach(
            steps[IN_HOUSE],
            calendar.ticks_ago(1),
            calendar.ago(1, 10, 30),
            Answer.NO,
            calendar.ago(1, 17, 40),
        ),
        words={
            "statement": "Shops ask each other about the order plan; one question left the house last month.",
            "no": "The two airport shops still ring you for their order plan.",
        },
    ),
    "alder-finch": Spotlight(
        ending=lambda calendar: Ending(
            last_ago=7,
            next_at=calendar.at(workday(calendar.day(-5)), 10, 30),
            promises=(
                Promise("us", "send Noor the template for returns", 0),
                Promise("Noor Haddad", "count returns apart for one week", 3, "the template is there"),
            ),
        ),
    ),
    "tidewell-hospitals": Spotlight(
        ending=lambda calendar: Ending(
            last_ago=19, promises=(Promise("Sam Adeyemi", "send the ward codes that are missing", -9),)
        ),
        data_until=16,
    ),
    "pomelo-foods": Spotlight(
        last=lambda steps, calendar: Reach(
            steps[IN_HOUSE], calendar.ticks_ago(1), calendar.now - timedelta(hours=22)
        ),
        words={
            "statement": "31 shops plan from one list and ask each other about it; waste is down to 7.6%.",
            "said": "I have not written to you in five weeks. Did you notice?",
        },
    ),
    "brightwater-co-op": Spotlight(ending=lambda calendar: Ending(last_ago=34)),
    "corvid-couriers": Spotlight(
        ending=lambda calendar: Ending(
            last_ago=23,
            next_at=calendar.at(workday_before(calendar.day(1)), 15),
            purpose="Two decisions of three. Hear how Monday went.",
        ),
    ),
    "fenland-dairy": Spotlight(
        last=lambda steps, calendar: Reach(steps[DECIDED], None, None),
        ending=lambda calendar: Ending(
            last_ago=13,
            next_at=calendar.at(workday(calendar.day(-2)), 14, 15),
            promises=(Promise("us", "bring the decisions of the other dairies", 4),),
        ),
    ),
    "teal-harbour-energy": Spotlight(
        last=lambda steps, calendar: Reach(
            steps[GOAL], calendar.ticks_ago(2), calendar.at(workday(calendar.day(10)), 10, 15)
        ),
    ),
    "northgate-pharmacies": Spotlight(
        last=lambda steps, calendar: Reach(
            steps[IN_HOUSE], calendar.ticks_ago(2), calendar.ago(6, 9, 50), Answer.NO, calendar.ago(3, 16, 10)
        ),
    ),
}
