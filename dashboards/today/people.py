"""Lines about people at customers: champions who may be lost, what they picked, what they ask."""

from django.utils.translation import gettext as _

from customers.models import ChampionChange, DataRequest
from dashboards.today import links
from dashboards.today.lines import Group, Kind, Line
from dashboards.today.scope import Scope
from milestones.models import Pick
from ui.moments import day_words, local

Sign = ChampionChange.Sign


def champions(scope: Scope) -> Group:
    """Signs that a champion is lost, until somebody says what is so."""
    rows = (
        ChampionChange.objects.open()
        .filter(scope.customers("customer"))
        .select_related("customer__owner", "contact")
        .order_by("noticed_at", "id")
    )
    cut = scope.cut(rows)
    return Group(Kind.CHAMPION, [_champion(scope, change) for change in cut.rows], cut)


def _champion(scope: Scope, change: ChampionChange) -> Line:
    return Line(
        kind=Kind.CHAMPION,
        when=_("Champion"),
        is_bad=True,
        customer=change.customer,
        why=sign_words(change, scope),
        action=links.see_sign(scope, change),
    )


def sign_words(change: ChampionChange, scope: Scope) -> str:
    """What was noticed, and what to do first."""
    who = change.contact.name
    if change.sign == Sign.BOUNCED:
        return _("Mails to %(who)s come back. Ask somebody there whether they left.") % {"who": who}
    if change.sign == Sign.LEFT:
        return _("%(who)s left. Find out who carries it now.") % {"who": who}
    if change.sign == Sign.SEEN:
        return _("%(who)s: %(words)s") % {"who": who, "words": change.words[:200]}
    since = day_words(change.since, today=scope.today) if change.since else ""
    words = _("No answer from %(who)s, no call, nothing opened since %(day)s. Call them.")
    return words % {"who": who, "day": since}


def picked(scope: Scope) -> Group:
    """What customers picked after a win, until somebody here takes it up."""
    rows = (
        Pick.objects.new()
        .filter(scope.customers("enrolment__customer"))
        .select_related("enrolment__customer__owner", "milestone", "contact")
        .order_by("at", "id")
    )
    cut = scope.cut(rows)
    return Group(Kind.PICKED, [_picked(scope, pick) for pick in cut.rows], cut)


def _picked(scope: Scope, pick: Pick) -> Line:
    who = pick.contact.name if pick.contact else _("Somebody there")
    words = _("%(who)s picked after “%(milestone)s”: %(step)s")
    return Line(
        kind=Kind.PICKED,
        when=_("Picked"),
        customer=pick.enrolment.customer,
        why=words % {"who": who, "milestone": pick.milestone, "step": pick.words},
        action=links.take_pick_up(scope, pick),
    )


def requests(scope: Scope) -> Group:
    """What people ask about their own data: an admin's to do, whoever the CSM is."""
    rows = DataRequest.objects.open() if scope.is_admin else DataRequest.objects.none()
    rows = rows.select_related("customer__owner", "contact").order_by("asked_at", "id")
    cut = scope.cut(rows)
    return Group(Kind.DATA, [_request(scope, row) for row in cut.rows], cut)


def _request(scope: Scope, row: DataRequest) -> Line:
    who = row.contact.name if row.contact else _("Somebody there")
    words = _("%(who)s asks for a copy of their data.")
    if row.kind == DataRequest.Kind.ERASURE:
        words = _("%(who)s asks that their data be erased.")
    return Line(
        kind=Kind.DATA,
        when=_("Asked %(day)s") % {"day": day_words(local(row.asked_at).date(), today=scope.today)},
        is_bad=True,
        customer=row.customer,
        why=words % {"who": who},
        action=links.answer_request(scope),
    )
