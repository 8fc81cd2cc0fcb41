"""The library as a list: which resources are asked for, a page at a time, with what each says now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coaching.models import Resource, ResourceEdition, ResourceQuerySet
from milestones.models import Milestone
from organisations.models import User

PAGE = 50
SHOW: Mapping[str, Promise] = {
    "": _("On the shelf"),
    "mine": _("Kept by me"),
    "review": _("Review due"),
    "drafts": _("Never published"),
    "retired": _("Off the shelf"),
}


@dataclass(frozen=True)
class Wish:
    """What the filters of the address ask for."""

    text: str = ""
    show: str = ""
    stage: str = ""
    kind: int = 0
    type: str = ""


@dataclass(frozen=True)
class Line:
    """One resource with the edition in force, if there is one."""

    resource: Resource
    edition: ResourceEdition | None
    sent: int
    opened: int
    helped: int
    judged: int
    is_review_due: bool


@dataclass(frozen=True)
class Page:
    lines: Sequence[Line]
    earlier: str
    later: str
    """Keys of the pages before and after; empty where there is none."""


def wanted(wish: Wish, *, reader: User, now: datetime) -> ResourceQuerySet:
    rows: ResourceQuerySet = Resource.objects.all()
    if wish.show == "retired":
        rows = rows.exclude(retired_at=None)
    elif wish.show == "drafts":
        rows = rows.filter(reviewed_at=None)
    else:
        rows = rows.current()
    if wish.show == "mine":
        rows = rows.filter(owner=reader)
    if wish.show == "review":
        rows = rows.stale(now)
    if wish.stage in Milestone.Stage.values:
        rows = rows.at_stage(wish.stage)
    if wish.kind:
        rows = rows.about([wish.kind])
    if wish.type:
        rows = rows.filter(type=wish.type)
    return rows.matching(wish.text).best_first(wish.text)


def page(
    wish: Wish, *, reader: User, now: datetime, after: str = "", before: str = "", size: int = PAGE
) -> Page:
    """What follows the key `after`, or comes before the key `before`; else from the top."""
    backwards = bool(before)
    rows = wanted(wish, reader=reader, now=now)
    rows = _beyond(rows, before or after, backwards)
    if backwards:
        rows = rows.reverse()
    found = list(_counted(rows.with_places())[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return Page(
        lines=lines_of(found, now=now),
        earlier=_key(found[0]) if found and (more if backwards else after) else "",
        later=_key(found[-1]) if found and (more or backwards) else "",
    )


def every(wish: Wish, *, reader: User, now: datetime) -> Iterator[Line]:
    """All of them, read in parts."""
    after = ""
    while True:
        found = page(wish, reader=reader, now=now, after=after, size=500)
        yield from found.lines
        if not found.later:
            return
        after = found.later


def lines_of(rows: Sequence[Resource], *, now: datetime) -> list[Line]:
    editions = ResourceEdition.objects.by_resource(rows)
    return [
        Line(
            resource=row,
            edition=editions.get(row.pk),
            sent=getattr(row, "n_sent", 0),
            opened=getattr(row, "n_opened", 0),
            helped=getattr(row, "n_helped", 0),
            judged=getattr(row, "n_judged", 0),
            is_review_due=row.is_review_due(now),
        )
        for row in rows
    ]


def _counted(rows: ResourceQuerySet) -> ResourceQuerySet:
    return rows.annotate(
        n_sent=Count("sendings"),
        n_opened=Count("sendings", filter=Q(sendings__opened_at__isnull=False)),
        n_judged=Count("sendings", filter=Q(sendings__has_helped__isnull=False)),
        n_helped=Count("sendings", filter=Q(sendings__has_helped=True)),
    )


def _key(row: Resource) -> str:
    return f"{row.elsewhere}-{row.pk}"


def _beyond(rows: ResourceQuerySet, key: str, backwards: bool) -> ResourceQuerySet:
    """From the row that the key names, in the order of `best_first`; a key that is none is no key."""
    elsewhere, _dash, pk = key.partition("-")
    if not (elsewhere in ("0", "1") and pk.isascii() and pk.isdecimal() and len(pk) < 19):
        return rows
    title = Resource.objects.filter(pk=int(pk)).values_list("title_folded", flat=True).first()
    if title is None:
        return rows
    way = "lt" if backwards else "gt"
    place, at = int(elsewhere), {"elsewhere": int(elsewhere)}
    further = Q(**{f"elsewhere__{way}": place}) | Q(**at, **{f"title_folded__{way}": title})
    return rows.filter(further | Q(**at, title_folded=title, **{f"pk__{way}": int(pk)}))
