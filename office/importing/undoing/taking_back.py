"""The work of an undo: one transaction for the whole, or one for each part that was applied by itself.

Killed in the middle, the transaction never happened and the next process begins it again.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from advocacy.celebrating import stopping
from advocacy.models import Celebration
from milestones import judging
from milestones.evidence import outcome_key
from milestones.models import Achievement, CriterionProgress
from office.importing.kinds.base import TRACE_FIELDS
from office.importing.kinds.tracing import Taken, Traced, Undo
from office.importing.leasing import holding
from office.importing.undoing.rows import batches, tables
from office.models import Import, ImportTrace
from organisations.inserting import insert
from organisations.models import Organisation, User
from post.models import Delivery

WHY = "import undone"
LISTED_FIELDS = (*TRACE_FIELDS, "undone", "undone_at", "reason")

type Clock = Callable[[], datetime]
type Counts = dict[str, dict[str, int]]


def undo(organisation: Organisation, import_: Import, *, clock: Clock) -> None:
    """Take back what was asked for. Raises LeaseLost."""
    while import_.state == Import.State.UNDOING:
        with holding(organisation, import_):
            import_.refresh_from_db(fields=["parts", "undo"])
            asked = import_.undo
            part = asked["part"] if asked["part"] is not None else import_.parts_to_undo[0]
            by = User.objects.filter(pk=asked["by"]).first()
            work = Undo(organisation, import_, part, by, clock())
            counts = _take_back(work)
            _note(work, counts)


def _take_back(work: Undo) -> Counts:
    counts: Counts = {}
    for table in tables(work):
        counts[table.label()] = table.take_back() if isinstance(table, Taken) else _go_back(table)
    counts["milestones.achievement"] = _judge(work)
    return counts


def _go_back(table: Traced) -> dict[str, int]:
    ended: Counter[str] = Counter()
    for batch in batches(table, locked=True):
        ended.update(batch.counts)
        if batch.made:
            table.withdraw(batch.made)
            _mark(table, [row.pk for row in batch.made], ImportTrace.Undone.WITHDRAWN)
        if batch.why_left:
            _leave(table, batch.why_left)
        if batch.changed:
            were = {row.pk: table.image(row) for row in batch.changed}
            for row in batch.changed:
                before = batch.before[row.pk]
                assert before is not None
                table.put_back(row, before)
            table.restore(batch.changed, were)
            _mark(table, were, ImportTrace.Undone.RESTORED)
    table.finish()
    return dict(ended)


def _mark(table: Traced, ids: Iterable[int], undone: str) -> None:
    _traces(table, ids).update(undone=undone, undone_at=table.undo.now)


def _leave(table: Traced, why: dict[int, str]) -> None:
    rows, reasons = list(_traces(table, why)), dict(why)
    for row in rows:
        row.undone, row.undone_at = ImportTrace.Undone.LEFT, table.undo.now
        row.reason = reasons.pop(row.row, "")[:300]
    ImportTrace.objects.bulk_update(rows, ["undone", "undone_at", "reason"], batch_size=500)


def _traces(table: Traced, ids: Iterable[int]) -> QuerySet[ImportTrace]:
    traces = ImportTrace.objects.filter(of=table.undo.import_, model=table.label(), row__in=list(ids))
    return traces if table.undo.part is None else traces.filter(part=table.undo.part)


def _judge(work: Undo) -> dict[str, int]:
    """Whoever is concerned is judged again; waiting celebrations stop; what cannot go back is listed."""
    judged = judging.judge(
        organisation=work.organisation, customer_ids=work.to_judge, now=work.now, by=work.by, why_gone=WHY
    )
    stopping.stop_unfounded(work.organisation, now=work.now)
    withdrawn = [*work.withdrawn, *judged.withdrawn]
    _list(work, _sent(withdrawn), ImportTrace.Undone.SENT, _("its celebration was sent already"))
    confirmed = _confirmed(work)
    _list(work, confirmed, ImportTrace.Undone.CONFIRMED, _("the customer confirmed it, so it stays"))
    return {"withdrawn": len(withdrawn), "moved": len(judged.moved), "confirmed": len(confirmed)}


def _sent(withdrawn: list[int]) -> list[Celebration]:
    """Celebrations of these achievements of which a mail has left, or may have."""
    posted = Celebration.objects.filter(achievement__in=withdrawn, state=Celebration.State.POSTED)
    rows = {
        outcome_key(row.enrolment_id, row.milestone_key): row for row in posted.select_related("enrolment")
    }
    mails = Delivery.objects.filter(purpose=Delivery.Purpose.CELEBRATION, subject_key__in=rows)
    left = mails.exclude(state__in=stopping.NEVER_LEFT).values_list("subject_key", flat=True)
    return [rows[key] for key in sorted(set(left))]


def _confirmed(work: Undo) -> list[Achievement]:
    """Milestones that stand on nothing but what was taken back, and on the customer's own word."""
    mine = CriterionProgress.objects.filter(
        enrolment=OuterRef("enrolment"),
        criterion__milestone=OuterRef("milestone"),
        reading__retracted_by=work.import_.pk,
    )
    standing = Achievement.objects.standing().exclude(verified_at=None).filter(Exists(mine))
    listed = ImportTrace.objects.filter(of=work.import_, undone=ImportTrace.Undone.CONFIRMED)
    return list(standing.exclude(pk__in=listed.values("row")).select_related("enrolment").order_by("pk"))


def _list(work: Undo, rows: Iterable[Achievement | Celebration], undone: str, reason: str) -> None:
    insert(
        ImportTrace,
        LISTED_FIELDS,
        [
            (
                work.organisation.pk,
                work.import_.pk,
                work.part or 0,
                row._meta.label_lower,
                row.pk,
                row.enrolment.customer_id,
                None,
                "",
                undone,
                work.now,
                reason,
            )
            for row in rows
        ],
    )


def _note(work: Undo, counts: Counts) -> None:
    """What came of it; the last part ends it."""
    import_, asked = work.import_, work.import_.undo
    so_far: Counts = asked.get("so_far", {})
    asked["so_far"] = {
        what: dict(Counter(so_far.get(what, {})) + Counter(counts.get(what, {})))
        for what in [*counts, *(what for what in so_far if what not in counts)]
    }
    if work.part is not None:
        import_.parts[work.part]["undone_at"] = work.now.isoformat()
    asked["left"] -= 1
    if not asked["left"]:
        asked["counts"], asked["done_at"] = asked["so_far"], work.now.isoformat()
        is_all = work.part is None or not import_.parts_to_undo
        import_.state = Import.State.UNDONE if is_all else asked["was"]
        total = sum((Counter(ends) for ends in asked["counts"].values()), Counter[str]())
        work.organisation.log("import_undone", by=work.by, now=work.now, subject=import_, counts=dict(total))
    import_.save(update_fields=["parts", "undo", "state"])
