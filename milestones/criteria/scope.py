"""Whose enrolments are judged, and what their journeys ask for."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from milestones.criteria.tables import CRITERION, ENROLMENT, MILESTONE, PROGRESS
from milestones.models import Criterion, Milestone
from organisations.models import Organisation
from organisations.sets import ids_as_rows


@dataclass(frozen=True)
class Scope:
    """Whose enrolments are judged: those of some customers, or (None) of all in the organisation."""

    organisation: Organisation
    customer_ids: Collection[int] | None

    @cached_property
    def _used(self) -> list[tuple[str, str]]:
        """Kinds of criteria and ways to join them that the organisation's journeys use.

        Only published versions have criteria as rows.
        """
        rows = Criterion.objects.filter(organisation=self.organisation).order_by()
        return list(rows.values_list("kind", "milestone__join").distinct())

    @property
    def kinds(self) -> list[str]:
        """No statement runs for a kind that nothing asks for."""
        return [kind for kind in Criterion.Kind.values if any(kind == used for used, _ in self._used)]

    @property
    def counts_criteria(self) -> bool:
        """Whether any milestone needs at least so many of its criteria."""
        return any(join == Milestone.Join.AT_LEAST for _, join in self._used)

    def sql(self, *, holding: str = "") -> tuple[str, list[Any]]:
        """A common table expression `scope` of the enrolments, and its parameters.

        `holding` narrows it to enrolments with a met criterion of that kind.
        """
        where = ""
        parameters: list[Any] = [self.organisation.pk]
        if self.customer_ids is not None:
            rows, ids = ids_as_rows(self.customer_ids)
            where, parameters = f" AND customer_id IN ({rows})", [self.organisation.pk, *ids]
        if holding:
            where += (
                f" AND id IN (SELECT p.enrolment_id FROM {PROGRESS} p JOIN {CRITERION} c"
                " ON c.id = p.criterion_id AND c.kind = %s WHERE p.organisation_id = %s)"
            )
            parameters += [holding, self.organisation.pk]
        return (
            "WITH scope AS MATERIALIZED (SELECT id, organisation_id, customer_id, version_id, started_on,"
            f" started_at FROM {ENROLMENT} WHERE organisation_id = %s AND is_judged{where})",
            parameters,
        )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Wait for whoever judges the same enrolments, so that the second one sees the first one's evidence.

        SQLite needs none: its writers come one after another.
        """
        if connection.vendor != "postgresql":
            yield
            return
        scope, parameters = self.sql()
        with connection.cursor() as cursor, self._joined_by_hash(cursor):
            cursor.execute(
                f"{scope} SELECT count(*) FROM (SELECT e.id FROM {ENROLMENT} e JOIN scope s ON s.id = e.id"
                " ORDER BY e.id FOR UPDATE OF e) AS locked",
                parameters,
            )
            yield

    @contextmanager
    def _joined_by_hash(self, cursor: CursorWrapper) -> Iterator[None]:
        """Keep the planner from nested loops where it cannot know better: in tables just filled by an import
        (no statistics yet), and when a large part of all enrolments is judged at once."""
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [ENROLMENT])
        known = cursor.fetchone()[0]
        if self.customer_ids is not None and known > 0 and len(self.customer_ids) < known / 10:
            yield
            return
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true)")
        yield
        cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")


# What is asked of each enrolment in the scope: one row for every criterion of a kind in its version.
ASKED = f"""asked AS (
        SELECT s.id AS enrolment_id, s.organisation_id, s.customer_id, s.started_at, m.key AS milestone_key,
               c.id AS criterion_id, c.metric_id, c.operator, c.threshold, c.way, c.days, c.holds_days,
               c.answers, c.scale_low, c.scale_high, c.urgency
        FROM scope s
        JOIN {MILESTONE} m ON m.version_id = s.version_id AND m.organisation_id = s.organisation_id
        JOIN {CRITERION} c ON c.milestone_id = m.id AND c.kind = '{{kind}}'
    )"""
