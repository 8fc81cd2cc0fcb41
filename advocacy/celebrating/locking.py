"""Rows are locked in one order everywhere, or two of us would wait for each other for ever:
celebrations, enrolments, achievements, mails. Judging and answering begin with the enrolment as well.
"""

from collections.abc import Collection

from milestones.models import Enrolment


def hold(enrolment_ids: Collection[int]) -> None:
    """Wait for whoever judges or answers on these enrolments, and let the next one wait until we are done."""
    rows = Enrolment.objects.select_for_update(of=("self",)).filter(pk__in=enrolment_ids)
    list(rows.order_by("pk").values_list("pk", flat=True))
