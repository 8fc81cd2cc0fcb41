"""Whose day it is, and how much of it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Window

from organisations.models import Organisation, User

ON_TODAY = 10
ON_A_PAGE = 50
MOST_COUNTED = 100

type Rows = QuerySet[Any]


@dataclass(frozen=True)
class Scope:
    """One person's customers, or everyone's. `now` stands in the reader's zone: its date is their day."""

    organisation: Organisation
    viewer: User | None
    """Whose own doing is no news to them; None: everything is."""
    person: User | None
    """None: everyone."""
    can_write: bool
    now: datetime
    first: int = 0
    most: int = ON_TODAY
    is_admin: bool = False
    """Whether what admins alone do is shown."""

    @property
    def today(self) -> date:
        return self.now.date()

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.now.tzinfo)

    @property
    def tomorrow(self) -> datetime:
        return self.midnight(self.today + timedelta(days=1))

    def days_ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def page(self, number: int) -> "Scope":
        return replace(self, first=(number - 1) * ON_A_PAGE, most=ON_A_PAGE)

    def customers(self, path: str = "") -> Q:
        """Customers who have neither left nor been archived, the person's own unless it is everyone."""
        return self.customers_of(path) & self.owned(f"{path}__owner" if path else "owner")

    def customers_of(self, path: str = "") -> Q:
        """The same, whoever their CSM is: for rows that have an owner of their own."""
        prefix = f"{path}__" if path else ""
        return Q(**{f"{prefix}left_on": None, f"{prefix}archived_at": None})

    def owned(self, path: str) -> Q:
        return Q(**{path: self.person}) if self.person else Q()

    def cut(
        self, rows: QuerySet[Any], dress: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    ) -> "Cut":
        """The rows asked for, and how many there are, in one query that never counts them all.

        What is dear to compute for each row goes into `dress`: it is added to the few that are looked at.
        """
        near = rows.filter(pk__in=rows.values("pk")[self.first : self.first + MOST_COUNTED + 1])
        counted = (dress(near) if dress else near).annotate(in_all=Window(Count("pk")))
        found = list(counted[: self.most])
        return Cut(found, self.first, found[0].in_all if found else 0)


@dataclass(frozen=True)
class Cut:
    """The rows that are shown of those there are."""

    rows: list[Any]
    first: int
    counted: int

    @property
    def in_all(self) -> int:
        """At least; exact unless `is_capped`."""
        return self.first + min(self.counted, MOST_COUNTED) if self.rows else 0

    @property
    def is_capped(self) -> bool:
        return self.counted > MOST_COUNTED

    @property
    def has_more(self) -> bool:
        return self.counted > len(self.rows)

    @property
    def said(self) -> str:
        """ "13", or "100+" when nobody counted any further."""
        return f"{self.in_all}+" if self.is_capped else str(self.in_all)
