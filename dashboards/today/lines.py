"""A line on Today: who, why, one action."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.models import Customer
from dashboards.today.scope import Cut
from milestones.walking import Path


class Kind(StrEnum):
    """Why a line is there, the most pressing first."""

    CONTESTED = "contested"
    DATA = "data"
    WRONG_OUTCOME = "wrong-outcome"
    CHAMPION = "champion"
    DISAGREED = "disagreed"
    TAKE_DOWN = "take-down"
    NOT_LOGGED = "not-logged"
    PROMISED = "promised"
    PICKED = "picked"
    UNDECIDED = "undecided"
    STEP = "step"
    REPLY = "reply"
    STORY = "story"
    REFERRED = "referred"
    LATE = "late"
    STUCK = "stuck"
    MAIL = "mail"
    NEAR = "near"
    CLAIM = "claim"
    GROWTH = "growth"
    THANKS = "thanks"
    NO_OUTCOME = "no-outcome"
    QUIET = "quiet"
    OWED = "owed"

    @property
    def words(self) -> Promise:
        return TITLES[self]

    @property
    def folds(self) -> bool:
        """Said along with an earlier line of the same customer, instead of in a line of its own."""
        return self in (Kind.LATE, Kind.STUCK, Kind.NEAR, Kind.CLAIM, Kind.NO_OUTCOME, Kind.QUIET)


TITLES: dict[Kind, Promise] = {
    Kind.CONTESTED: gettext_lazy("Contested milestones"),
    Kind.DATA: gettext_lazy("Requests about data"),
    Kind.WRONG_OUTCOME: gettext_lazy("Outcomes that customers say are wrong"),
    Kind.CHAMPION: gettext_lazy("Champions who may be lost"),
    Kind.DISAGREED: gettext_lazy("Milestones whose wording no longer fits"),
    Kind.TAKE_DOWN: gettext_lazy("Uses of stories that may not be told any more"),
    Kind.NOT_LOGGED: gettext_lazy("Planned calls not logged"),
    Kind.PROMISED: gettext_lazy("Our commitments due"),
    Kind.PICKED: gettext_lazy("Next steps that customers picked"),
    Kind.UNDECIDED: gettext_lazy("Promises from the sale without a decision"),
    Kind.STEP: gettext_lazy("Steps against challenges due"),
    Kind.REPLY: gettext_lazy("Answers to celebrations"),
    Kind.STORY: gettext_lazy("Stories that wait for you"),
    Kind.REFERRED: gettext_lazy("New referrals"),
    Kind.LATE: gettext_lazy("Milestones past target"),
    Kind.STUCK: gettext_lazy("Stuck, with no target date missed"),
    Kind.MAIL: gettext_lazy("Mails refused or uncertain"),
    Kind.NEAR: gettext_lazy("Milestones due within 7 days"),
    Kind.CLAIM: gettext_lazy("Claims without an answer for more than 5 days"),
    Kind.GROWTH: gettext_lazy("Growth that waits for you"),
    Kind.THANKS: gettext_lazy("Favours to thank for"),
    Kind.NO_OUTCOME: gettext_lazy("Customers without an outcome in their words"),
    Kind.QUIET: gettext_lazy("No call for 30 days or more"),
    Kind.OWED: gettext_lazy("What customers said they would do"),
}


@dataclass(frozen=True)
class Action:
    """What to do about it. A sheet opens over the page; `post` sends its values at once."""

    label: str
    href: str
    is_sheet: bool = False
    post: dict[str, str] = field(default_factory=dict)


@dataclass
class Line:
    kind: Kind | None
    when: str
    customer: Customer
    why: str
    action: Action
    words: str = ""
    """The customer's own, shown as such."""
    is_bad: bool = False
    also: list[str] = field(default_factory=list)
    path: Path | None = None
    brief: str = ""
    """Of a call that is to come: where one prepares for it."""

    @property
    def owner_name(self) -> str:
        return self.customer.owner.get_short_name() if self.customer.owner else _("nobody")


@dataclass(frozen=True)
class Group:
    """The lines of one kind, and the rows they were made of."""

    kind: Kind
    lines: list[Line]
    cut: Cut


def days_words(day: date | None, today: date) -> str:
    """ "3 days late", "Due today", "Tomorrow", "In 3 days": how far a date is."""
    if day is None:
        return _("Some day")
    ahead = (day - today).days
    if ahead < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -ahead) % {"n": -ahead}
    if ahead <= 1:
        return _("Due tomorrow") if ahead else _("Due today")
    return ngettext("In %(n)d day", "In %(n)d days", ahead) % {"n": ahead}
