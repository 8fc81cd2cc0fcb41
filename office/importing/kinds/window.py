"""Staged rows from one line to another, and what of them one statement stores; PostgreSQL only.

Most rows of a file are plainly new, or plainly as they stand here already: the database sees that for all of
them at once. Whatever needs a word or a second look (changed, kept, refused by now, overtaken) is given back
and goes row by row, under the same rules.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from office.importing.kinds.base import Job

STAGED = """
    SELECT id AS row, line, "end", data FROM office_importrow
    WHERE organisation_id = %(organisation)s AND of_id = %(import)s AND identity <> ''
        AND line > %(after)s AND line <= %(to)s"""


def ask(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a statement returns that looks keys up by `key >= … ORDER BY key LIMIT 1`.

    As no sorting is to be had, that finds a key by its own index. With `=`, a planner without statistics of
    this organisation or import thinks all indexes equal: it may read the whole for every row, as it does
    while a first file comes in.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(statement, parameters)
        found = cursor.fetchall()
        cursor.execute("SET LOCAL enable_sort TO DEFAULT")
        return found


@dataclass(frozen=True, slots=True)
class Window:
    """Lines above `after`, up to and with `to`."""

    after: int
    to: int

    def rows_of(self, statement: str, job: "Job", **parameters: Any) -> list[tuple[Any, ...]]:
        """What a statement over `STAGED` rows returns."""
        given: dict[str, Any] = {
            "organisation": job.organisation.pk,
            "import": job.import_id,
            "part": job.part,
            "source": job.source,
            "now": job.now,
            "by": job.by.pk if job.by else None,
            "after": self.after,
            "to": self.to,
        }
        return ask(statement, given | parameters)
