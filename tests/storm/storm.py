"""Everybody at work, mail failing, and now and then a kill -9: then wait until nothing moves, and count."""

import json
import os
import random
import signal
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from platform import python_version
from time import monotonic, sleep

import django

from tests.services import processes
from tests.storm import preparing
from tests.storm.counting import Count, count
from tests.storm.reporting import Report
from tests.storm.stacks import PROFILES, Stack

# together 30 % of all tries: cut off at MAIL, put off at RCPT, put off after the body
FAILING = {"drop_at_mail": 0.112, "refuse_rcpt": 0.112, "refuse_data": 0.112}
FAR_AWAY = {
    "hang": 1.0,
    "hang_seconds": 0.03,
}  # a mail server that takes a moment, so that kills meet open sends
# a provider that knows a Message-ID again, and loses three answers in a hundred after the message
KNOWS_AGAIN = {"know_again": 1.0}
LOSING = {"lose_reply": 0.03}
WORKING_SECONDS, SETTLING_SECONDS = 240, 240

MOVING = """
    SELECT (SELECT count(*) FROM office_import WHERE state IN ('waiting', 'checking', 'applying')),
        (SELECT count(*) FROM milestones_achievement WHERE is_to_celebrate AND withdrawn_at IS NULL),
        (SELECT count(*) FROM advocacy_celebration WHERE state = 'waiting'),
        (SELECT count(*) FROM post_delivery WHERE state = 'pending'),
        (SELECT count(*) FROM post_delivery WHERE state = 'sending' AND lease_token IS NULL)
"""
# neither is waited for; see `settle`
END_WAITS = "UPDATE post_due SET due_at = '2000-01-01 00:00:00' WHERE due_at > '{now}'"
END_LEASES = "UPDATE post_delivery SET lease_until = '2000-01-01 00:00:00' WHERE state = 'sending'"


class Clock:
    """Whole seconds, phase by phase."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.began = monotonic()

    def ends(self, phase: str) -> None:
        self.seconds[phase] = round(monotonic() - self.began) - self.seconds.total()


def storm(prepared: Path, *, seed: int, kills: int, folder: Path, idempotent: bool = False) -> Report:
    """`folder` takes the state and the logs. AssertionError when people or processes come to no end."""
    about = preparing.about(prepared)
    profile, achievements = about["profile"], about["achievements"]
    dice, clock = random.Random(seed), Clock()
    with ExitStack() as cleaning:
        stack = PROFILES[profile](folder, dice, prepared)
        cleaning.callback(stack.stop)
        far_away = FAR_AWAY | (KNOWS_AGAIN if idempotent else {})
        if idempotent:
            stack.installation.env["SMTP_URL"] += "?idempotent=24h"
        stack.sink.misbehave(**FAILING, **far_away, **(LOSING if idempotent else {}))
        stack.start()
        clock.ends("starting")
        people = People(stack.installation.url, seed, about["work"], folder)
        cleaning.callback(people.stop)
        order = in_turn(list(stack.kinds), kills, dice)
        for place, kind in enumerate(order):
            people.wait_for(achievements * (place + dice.uniform(0.3, 0.9)) / kills)
            stack.kinds[kind]()
        people.wait_to_the_end()
        clock.ends("working")
        stack.sink.misbehave(**far_away)  # else the unluckiest of all mails decides how long this takes
        settle(stack)
        clock.ends("settling")
        counted = replace(count(achievements, stack), is_told_apart=idempotent)
        what = "kills -9, idempotent" if idempotent else "kills -9"
        return report_of(stack, what, seed, Counter(order), counted, people, clock)


def report_of(
    stack: Stack,
    what: str,
    seed: int,
    order: Counter[str],
    counted: Count,
    people: "People",
    clock: "Clock",
) -> Report:
    return Report(
        profile=stack.profile,
        seed=seed,
        what=what,
        hits=order,
        count=counted,
        tries_again=people.tries_again(),
        seconds=clock.seconds,
        day=datetime.now(UTC).date().isoformat(),
        versions=f"Python {python_version()}, Django {django.__version__}, {stack.versions()}",
        cores=os.cpu_count() or 0,
    )


def in_turn(kinds: list[str], kills: int, dice: random.Random) -> list[str]:
    """Every kind as often as the others, give or take one, in random order."""
    order: list[str] = []
    while len(order) < kills:
        order += dice.sample(kinds, len(kinds))
    return order[:kills]


class People:
    """Customers, Mara and Ada as a process of its own, see `people`."""

    def __init__(self, site: str, seed: int, work: dict[str, list[str]], folder: Path) -> None:
        plan, self.heard = folder / "plan.json", folder / "people.log"
        plan.write_text(json.dumps(work))
        command = [sys.executable, "-m", "tests.storm.people", site, str(seed), plan]
        with self.heard.open("wb") as log:
            self.process = processes.start(command, stdout=log, stderr=log)
        self._hearing = self.heard.open()
        self._rest, self._done, self._again = "", 0, Counter[str]()

    def done(self) -> int:
        """How many achievements the site has said yes to."""
        self._listen()
        return self._done

    def tries_again(self) -> Counter[str]:
        self._listen()
        return self._again

    def _listen(self) -> None:
        """To what they have said since; storms ask often."""
        whole, newline, self._rest = (self._rest + self._hearing.read()).rpartition("\n")
        for line in whole.split(newline) if newline else ():
            match line.split(" "):
                case "done", number:
                    self._done += int(number)
                case "again", why, *_:
                    self._again[why] += 1

    def wait_for(self, number: float) -> None:
        processes.wait_until(
            lambda: self.done() >= number or self.process.poll() is not None,
            f"{number:.0f} achievements ({self.done()} done), see {self.heard}",
            WORKING_SECONDS,
        )

    def wait_to_the_end(self) -> None:
        self.process.wait(WORKING_SECONDS)
        assert self.process.returncode == 0, self.heard.read_text()

    def stop(self) -> None:
        processes.stop(self.process, signal.SIGKILL)
        self._hearing.close()


def settle(stack: Stack) -> None:
    """Wait until nothing moves any more, at most for a while.

    Time is moved on, not waited for: mails that were put off are due at once, now that the mail server has
    come to itself, and once nobody sends any more, the leases of abandoned sends are ended, which takes five
    minutes else. What is done about either is the product's own business.
    """
    end = monotonic() + SETTLING_SECONDS
    _wait_until_still(stack, end)
    if stack.open_sends():
        stack.tell(END_LEASES)
        while stack.open_sends() and monotonic() < end:
            sleep(0.2)
    _wait_until_still(stack, end)


def _wait_until_still(stack: Stack, end: float) -> None:
    """Nothing is left to do, twice in a row: what is open then belongs to nobody."""
    still = 0
    while still < 2 and monotonic() < end:
        stack.tell(END_WAITS.format(now=datetime.now(UTC).replace(tzinfo=None)))
        [moving] = stack.ask(MOVING)
        still = 0 if any(moving) else still + 1
        sleep(0.5)
