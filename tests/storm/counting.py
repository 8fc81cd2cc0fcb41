"""What was achieved against what arrived, by address and milestone."""

from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from tests.services.smtp_sink import Arrived
from tests.storm import plan
from tests.storm.stacks import Stack

type Cheer = tuple[str, str]  # address, milestone


@dataclass(frozen=True)
class Count:
    wanted: int
    achieved: int
    arrived: int
    """Achievements with a celebration at the sink."""
    doubled: int
    """Mails of any kind that came once more than they should."""
    unfounded: int
    """Celebrations at the sink of what was not achieved."""
    uncertain: int
    """Mails of any kind that Bosai says it cannot know about."""
    uncertain_arrived: int
    lost: int
    """Achieved, nothing at the sink, and not flagged as uncertain."""
    unexplained: int
    """Uncertain, and not on their way when somebody was killed."""
    open_at_kills: int
    mails: int
    mail_tries: int
    is_told_apart: bool = False
    """The provider knows a mail again: nothing has to be uncertain."""
    forgotten: int = 0
    """Mails that are open and that nobody will look at again, see `Delivery.objects.forgotten`."""

    def faults(self) -> list[str]:
        found = {
            f"{self.wanted - self.achieved} answers were taken and not kept": self.achieved != self.wanted,
            f"{self.lost} lost": self.lost,
            f"{self.doubled} doubled": self.doubled,
            f"{self.unfounded} celebrated without cause": self.unfounded,
            f"{self.forgotten} forgotten": self.forgotten,
            f"{self.unexplained} uncertain that no kill has met": self.unexplained,
            f"{self.uncertain} uncertain, and the provider knows mail again": self.is_told_apart
            and self.uncertain,
        }
        return [fault for fault, is_so in found.items() if is_so]


@dataclass(frozen=True)
class Posted:
    """A row of the outbox."""

    message_id: str
    address: str
    text: str
    state: str
    attempts: int = 1


def count(wanted: int, stack: Stack) -> Count:
    achieved = {(plan.address_of(key), milestone) for key, milestone in stack.ask(ACHIEVED)}
    outbox = [Posted(*row) for row in stack.ask(OUTBOX)]
    counted = compare(wanted, achieved, outbox, stack.sink.mails(), stack.met)
    return replace(counted, forgotten=stack.forgotten())


OUTBOX = "SELECT message_id, address, text, state, attempts FROM post_delivery"
ACHIEVED = """
    SELECT c.key, a.milestone_key FROM milestones_achievement a
    JOIN milestones_enrolment e ON e.id = a.enrolment_id JOIN customers_customer c ON c.id = e.customer_id
    WHERE a.withdrawn_at IS NULL
"""


def compare(
    wanted: int,
    achieved: Iterable[Cheer],
    outbox: Sequence[Posted],
    mails: Sequence[Arrived],
    met: Set[str],
) -> Count:
    achieved = set(achieved)
    copies = Counter(_what(mail) for mail in mails)
    cheered = {what for what in copies if what[1] in plan.ROUTES}
    message_ids = {str(mail.message["Message-ID"]).strip() for mail in mails}
    uncertain = [row for row in outbox if row.state == "uncertain"]
    flagged = {(row.address, milestone_in(row.text)) for row in uncertain}
    return Count(
        wanted=wanted,
        achieved=len(achieved),
        arrived=len(achieved & cheered),
        doubled=sum(number - 1 for number in copies.values()),
        unfounded=len(cheered - achieved),
        uncertain=len(uncertain),
        uncertain_arrived=sum(row.message_id in message_ids for row in uncertain),
        lost=len(achieved - cheered - flagged),
        unexplained=sum(row.message_id not in met for row in uncertain),
        open_at_kills=len(met),
        mails=len(outbox),
        mail_tries=sum(row.attempts for row in outbox),
    )


def _what(mail: Arrived) -> Any:
    """Address and milestone of a celebration; address and subject of any other mail."""
    [address] = mail.to
    return address, milestone_in(mail.text) or mail.subject


def milestone_in(text: str) -> str:
    """The milestone whose celebration this is; empty for other mails."""
    return next((key for key, route in plan.ROUTES.items() if route.fact in text), "")
