"""What is due, done once: celebrations gathered and posted, mails sent, imports gone on with.

The post loop runs this every two seconds, `./run manage sweep` once. A step that fails, or one organisation
in it, holds up no other.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from advocacy import celebrating, convening, expanding, storytelling
from coaching import inviting, noticing, reminding
from dashboards import digests
from dashboards.week import raising
from milestones import messaging
from office import importing, intake
from organisations import limits, sealing, sessions
from organisations.sweeping import in_each_organisation
from post import dispatching, webhooks

log = logging.getLogger(__name__)

type Clock = Callable[[], datetime]
type Stopping = Callable[[], bool]
type Counts = dict[str, int | None]
type Step = Callable[[Clock, Stopping], int]


def gather(clock: Clock, stopping: Stopping) -> int:
    """Achievements that became celebrations."""
    return in_each_organisation(
        lambda organisation, at_most: celebrating.gather(
            organisation=organisation, now=clock(), at_most=at_most
        ),
        part=celebrating.GATHERED_AT_ONCE,
        what="celebrations gathered",
        stopping=stopping,
    )


def post_due(clock: Clock, stopping: Stopping) -> int:
    """Celebrations whose hold has passed, put in the post."""
    return in_each_organisation(
        lambda organisation, at_most: celebrating.post_due(
            organisation=organisation, now=clock(), at_most=at_most
        ),
        part=celebrating.POSTED_AT_ONCE,
        what="celebrations posted",
        stopping=stopping,
    )


def follow_invitations(clock: Clock, stopping: Stopping) -> int:
    """Invitations to calls that said something else than what is planned."""
    return in_each_organisation(
        lambda organisation, at_most: inviting.follow_all(
            organisation=organisation, now=clock(), at_most=at_most
        ),
        part=inviting.FOLLOWED_AT_ONCE,
        what="invitations followed",
        stopping=stopping,
    )


def send_digests(clock: Clock, stopping: Stopping) -> int:
    """Digests of the day and the week, put in the post."""
    return digests.send_all(now=clock())


def write_messages(clock: Clock, stopping: Stopping) -> int:
    """Messages of journeys that are due, put in the post."""
    return messaging.write_all(now=clock())


def remind(clock: Clock, stopping: Stopping) -> int:
    """Reminders of what customers said they would do, put in the post."""
    return reminding.remind_everywhere(now=clock())


def notice_champions(clock: Clock, stopping: Stopping) -> int:
    """Signs that a champion is lost."""
    return noticing.notice_everywhere(now=clock())


def raise_due_calls(clock: Clock, stopping: Stopping) -> int:
    """Calls with customers that came due."""
    return raising.raise_all(now=clock())


def find_growth(clock: Clock, stopping: Stopping) -> int:
    """Signals of growth, found."""
    return expanding.look_everywhere(now=clock())


def tend_circles(clock: Clock, stopping: Stopping) -> int:
    """Calendars of circles that followed, introductions ended, news told."""
    return convening.tend_everywhere(now=clock())


def dispatch(clock: Clock, stopping: Stopping) -> int:
    """Mails the mail server took."""
    return dispatching.dispatch(now=clock(), stopping=stopping)


def resume_imports(clock: Clock, stopping: Stopping) -> int:
    """Imports nobody works on, gone on with beside the loop."""
    return importing.resume_orphans(now=clock())


def finish_imports(clock: Clock, stopping: Stopping) -> int:
    """Imports nobody works on, gone on with here and now."""
    return importing.go_on(importing.orphans(), clock=clock)


def tidy_imports(clock: Clock, stopping: Stopping) -> int:
    """Files and rows of old imports, cleared away."""
    return importing.sweep(now=clock())


def tidy_sign_in(clock: Clock, stopping: Stopping) -> int:
    """Sessions and counted tries that are over, cleared away."""
    return sessions.sweep(now=clock()) + limits.sweep(now=clock())


def seal_logs(clock: Clock, stopping: Stopping) -> int:
    """Events of the log, sealed."""
    return sealing.seal_all(now=clock())


def call_webhooks(clock: Clock, stopping: Stopping) -> int:
    """Calls of webhooks that were taken."""
    return webhooks.dispatch(now=clock(), stopping=stopping)


def tidy_events(clock: Clock, stopping: Stopping) -> int:
    """Incoming events of long ago, cleared away."""
    return intake.sweep(now=clock())


def tidy_webhooks(clock: Clock, stopping: Stopping) -> int:
    """Calls that came to rest long ago, cleared away."""
    return webhooks.sweep(now=clock())


def expire_stories(clock: Clock, stopping: Stopping) -> int:
    """Stories whose consent has run out, taken down."""
    return storytelling.expire_all(now=clock())


LOOP: dict[str, Step] = {
    "gathered": gather,
    "posted": post_due,
    "invitations followed": follow_invitations,
    "sent": dispatch,
    "imports resumed": resume_imports,
}
BESIDE: dict[str, Step] = {"webhooks called": call_webhooks}
"""Beside the loop, in a thread of its own: other people's servers may take seconds to answer."""
SWEEP: dict[str, Step] = (
    {"digests": send_digests, "messages": write_messages, "reminders": remind}
    | {"champions": notice_champions, "calls due": raise_due_calls}
    | LOOP
    | BESIDE
    | {
        "imports resumed": finish_imports,
        "stories expired": expire_stories,
        "growth found": find_growth,
        "imports tidied": tidy_imports,
        "sign-in tidied": tidy_sign_in,
        "events sealed": seal_logs,
        "webhooks tidied": tidy_webhooks,
        "events tidied": tidy_events,
        "circles tended": tend_circles,
    }
)


def run(
    steps: dict[str, Step], *, now: datetime, stopping: Stopping = lambda: False
) -> dict[str, int | None]:
    """Run the steps in order; how much each did, None for one that failed."""
    began = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - began)

    counts: Counts = dict.fromkeys(steps)
    for name, step in steps.items():
        if stopping():
            break
        with _logged(name):
            counts[name] = step(clock, stopping)
    return counts


@contextmanager
def _logged(name: str) -> Iterator[None]:
    """Whatever goes wrong inside is logged with its traceback, and over."""
    try:
        yield
    except Exception:
        log.exception("%s: failed in this round", name)
