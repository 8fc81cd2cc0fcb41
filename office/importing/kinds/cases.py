"""Support cases by the help desk's id. What the desk does not say is unknown, and never taken for a 0."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from customers.models import SupportCase
from milestones import judging
from office.importing.kinds.base import Row
from office.importing.kinds.retracted import TracedCases
from office.importing.kinds.sourced import Kept, Sourced, moment
from office.importing.rows import Values

SAME = ("reopened_count", "reassigned_count", "channel", "urgency", "subject")


class Cases(Sourced):
    undoes = (TracedCases,)
    MODEL = SupportCase
    KEPT = {
        "opened_at": moment("opened_at"),
        "first_answer_at": moment("first_answer_at"),
        "resolved_at": moment("resolved_at"),
        "reopened_at": moment("reopened_at"),
        "satisfaction": Kept("satisfaction"),
        "satisfaction_of": Kept("satisfaction_of"),
        **{name: Kept(name) for name in SAME},
    }

    def makes_sense(self, row: Row, stored: Any) -> bool:
        _count_minutes(row.values)
        return self._has_been(row) and self._is_in_order(row, stored) and self._is_on_scale(row, stored)

    def _has_been(self, row: Row) -> bool:
        """A case tells of what was. A day still to come is a wrong year, or day and month changed over."""
        for target in ("opened_at", "first_answer_at", "resolved_at", "reopened_at"):
            said = row.values.get(target)
            if row.is_good and said and datetime.fromisoformat(said) > self.job.now:
                row.refuse(self.job.named(target), said, _("lies in the future"))
        return row.is_good

    def _is_in_order(self, row: Row, stored: Any) -> bool:
        opened = datetime.fromisoformat(row.values["opened_at"])
        for target in ("first_answer_at", "resolved_at", "reopened_at"):
            said = row.values.get(target)
            at = datetime.fromisoformat(said) if said else getattr(stored, target, None)
            if at is not None and at < opened:
                row.refuse(self.job.named(target), said or at.isoformat(), _("lies before it was opened"))
        return row.is_good

    def _is_on_scale(self, row: Row, stored: Any) -> bool:
        values = row.values
        said = values.get("satisfaction", getattr(stored, "satisfaction", None))
        best = values.get("satisfaction_of", getattr(stored, "satisfaction_of", None))
        if said is None:
            values.pop("satisfaction_of", None)
        elif best is None:
            reason = _("of how many? Say the best answer of the scale with satisfaction_of")
            row.refuse(self.job.named("satisfaction"), said, reason)
        elif not 0 <= said <= best:
            reason = _("is not between 0 and %(best)s") % {"best": f"{best:g}"}
            row.refuse(self.job.named("satisfaction"), said, reason)
        return row.is_good

    def finish(self) -> None:
        """What was asked or closed, or was not, may be evidence."""
        job = self.job
        judging.judge_silence(organisation=job.organisation, now=job.now, by=job.by, history=job.is_history)


def _count_minutes(values: Values) -> None:
    """Minutes until the first answer become its time, unless the time itself is given."""
    minutes = values.pop("first_answer_minutes", None)
    if minutes is not None and "first_answer_at" not in values:
        opened = datetime.fromisoformat(values["opened_at"])
        values["first_answer_at"] = (opened + timedelta(minutes=minutes)).isoformat()
