"""How a customer on a journey is doing, as the database finds it and in words. One of four, never two.

Paused: the clock stands today. Stuck: no progress for longer than the limit (`milestones.paces`). Behind:
past the target date of the next milestone, and not stuck. On track: none of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from milestones.clocks import running_days
from milestones.models import Enrolment, Pause
from milestones.models.pauses import PauseQuerySet
from milestones.paces import Pace, Source, by_key
from milestones.saying import pause_words
from organisations.models import Organisation
from ui.moments import day_words, short_day


class State(TextChoices):
    ON_TRACK = "on-track", gettext_lazy("On track")
    BEHIND = "behind", gettext_lazy("Behind")
    STUCK = "stuck", gettext_lazy("Stuck")
    PAUSED = "paused", gettext_lazy("Paused")


@dataclass(frozen=True)
class States:
    """The four as conditions on open enrolments with a milestone ahead."""

    paces: dict[str, Pace]
    today: date
    organisation: Organisation
    pauses: PauseQuerySet | None
    """Of this journey; none when nobody's clock ever stood."""

    def where(self, state: str, keys: Sequence[str]) -> Q:
        """Those at any of these milestones who are in that state."""
        paused = self._paused()
        stuck = by_key(self.paces, keys, on=self.today, organisation=self.organisation, pauses=self.pauses)
        behind = Q(due_on__isnull=False, due_on__lt=self.today)
        here = Q(current_key__in=keys)
        conditions = {
            State.PAUSED: paused,
            State.STUCK: ~paused & stuck,
            State.BEHIND: ~paused & ~stuck & behind,
            State.ON_TRACK: ~paused & ~stuck & ~behind,
        }
        return here & conditions[State(state)]

    def _paused(self) -> Q:
        if self.pauses is None:
            return Q(pk__in=[])
        return Q(pk__in=self.pauses.covering(self.today).values("enrolment"))


@dataclass(frozen=True)
class Standing:
    """One customer's state, and why in words. No state at the end of the journey."""

    state: State | None
    why: str
    days: int
    """Running days since something was reached, else since the start."""


def standing_of(
    enrolment: Enrolment,
    *,
    pace: Pace | None,
    pauses: Sequence[Pause],
    today: date,
    organisation: Organisation,
) -> Standing:
    """The same four for one customer, whose pauses are given."""
    since = (enrolment.moved_at or enrolment.enrolled_at).astimezone(organisation.tzinfo).date()
    days = running_days(since, today, pauses)
    if pace is None:
        return Standing(None, _("Everything is reached, the last %(day)s") % _day(since, today), days)
    due_on, pause = enrolment.due_on, next((each for each in pauses if each.covers(today)), None)
    late = (today - due_on).days if due_on and due_on < today else 0
    if pause:
        return Standing(State.PAUSED, f"{pause_words(pause, today=today)}: {pause.why}", days)
    if days > pace.limit:
        return Standing(
            State.STUCK, "; ".join(filter(None, (stuck_words(days, pace), late_words(late)))), days
        )
    if late:
        return Standing(State.BEHIND, late_words(late), days)
    return Standing(State.ON_TRACK, _ahead_words(due_on, today), days)


def stuck_words(days: int, pace: Pace) -> str:
    """ "Nothing new for 41 days; half of those who were here went on within 18"."""
    nothing = ngettext("Nothing new for %(days)d day", "Nothing new for %(days)d days", days)
    return f"{nothing % {'days': days}}; {usual_words(pace)}"


def usual_words(pace: Pace) -> str:
    """What is usual here, or which limit was set."""
    if pace.source == Source.LEARNED:
        words = ngettext(
            "half of those who were here went on within %(median)d day",
            "half of those who were here went on within %(median)d",
            pace.median or 0,
        )
        return words % {"median": pace.median}
    if pace.source == Source.TAKEN:
        return _("the limit is %(limit)d until enough have gone on from here") % {"limit": pace.limit}
    return _("the limit set here is %(limit)d") % {"limit": pace.limit}


def late_words(days: int) -> str:
    if not days:
        return ""
    return ngettext("%(days)d day past target", "%(days)d days past target", days) % {"days": days}


def _ahead_words(due_on: date | None, today: date) -> str:
    if due_on is None:
        return _("No target date")
    return _("Due %(day)s") % {"day": day_words(due_on, today=today)}


def _day(day: date, today: date) -> dict[str, str]:
    return {"day": short_day(day, today=today)}
