"""What the database asks of a criterion: the fields of its kind, all of them, within sense, and no other."""

from django.db.models import F, Q

from milestones.models.wording import ALL_FIELDS, FIELDS, MAY_BE_EMPTY, WAYS, Kind

TEXTS = ("operator", "way", "urgency")
OPERATORS = ["gte", "gt", "lte", "lt"]
LEAST = 0.000001  # of an amount that is calculated with; nobody asks for less, and no product of two vanishes


def whole_criterion() -> Q:
    """Whatever kind it is, it is whole."""
    whole = Q()
    for kind in Kind.values:
        whole |= _whole(kind)
    return whole


def _whole(kind: str) -> Q:
    asked = Q(kind=kind)
    for name in ALL_FIELDS:
        if name in FIELDS[kind]:
            asked &= _filled(kind, name)
        else:
            asked &= Q(**{name: "" if name in TEXTS else None})
    if kind == Kind.SURVEY:
        asked &= Q(scale_low__lt=F("scale_high"))
    return asked


def _filled(kind: str, name: str) -> Q:
    if name == "operator":
        return Q(operator__in=OPERATORS)
    if name == "way":
        ways = [str(way.value) for way in WAYS[kind]]
        return Q(way__in=["", *ways] if (kind, name) in MAY_BE_EMPTY else ways)
    if name == "urgency":
        return Q()
    filled = Q(**{f"{name}__isnull": False})  # said apart: to a check, what is unknown is as good as true
    if name in ("days", "holds_days", "answers"):
        filled &= Q(**{f"{name}__gte": 1})
    if name == "threshold" and kind in (Kind.CHANGE, Kind.WINDOW):
        filled &= Q(threshold__gte=LEAST)
    return filled
