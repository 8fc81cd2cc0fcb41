"""Lines about those who speak for us: who wrote by their address, whom to thank, where growth waits."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from advocacy.models import Expansion, Favour, Referral
from dashboards.today.lines import Action, Group, Kind, Line, days_words
from dashboards.today.scope import Scope


def referred(scope: Scope) -> Group:
    """People who were referred and nobody has looked at, the oldest first."""
    customer = "advocate__contact__customer"
    rows = Referral.objects.waiting().filter(scope.customers(customer))
    rows = rows.select_related(f"{customer}__owner").order_by("submitted_at", "id")
    cut = scope.cut(rows)
    return Group(Kind.REFERRED, [_referred(scope, row) for row in cut.rows], cut)


def to_thank(scope: Scope) -> Group:
    """Favours that were done, and nobody has thanked for."""
    rows = Favour.objects.to_thank().filter(scope.customers("contact__customer"))
    rows = rows.select_related("contact__customer__owner").order_by("done_at", "id")
    cut = scope.cut(rows)
    return Group(Kind.THANKS, [_to_thank(scope, row) for row in cut.rows], cut)


def growth(scope: Scope) -> Group:
    """Signals to decide about, and next steps that are due."""
    due = Q(state=Expansion.State.SIGNAL) | Q(state=Expansion.State.CONFIRMED, next_on__lte=scope.today)
    rows = Expansion.objects.filter(due, scope.customers("customer"))
    rows = rows.select_related("customer__owner", "rule", "need").order_by(
        F("next_on").asc(nulls_first=True), "found_at", "id"
    )
    cut = scope.cut(rows)
    return Group(Kind.GROWTH, [_growth(scope, row) for row in cut.rows], cut)


def _referred(scope: Scope, row: Referral) -> Line:
    assert row.advocate is not None, "asked for by their customer"
    said = {"who": row.who, "name": row.advocate.contact.name}
    return Line(
        kind=Kind.REFERRED,
        when=_("New"),
        customer=row.advocate.contact.customer,
        why=_("%(who)s wrote, by the address of %(name)s.") % said,
        action=_to(scope, "referral", row.pk, _("Look")),
    )


def _to_thank(scope: Scope, row: Favour) -> Line:
    said = {"name": row.contact.name, "what": row.get_kind_display()}
    return Line(
        kind=Kind.THANKS,
        when=_("Thank"),
        customer=row.contact.customer,
        why=_("%(name)s did what you asked: %(what)s.") % said,
        action=_to(scope, "person", row.contact_id, _("Thank them")),
    )


def _growth(scope: Scope, row: Expansion) -> Line:
    is_signal = row.state == Expansion.State.SIGNAL
    said = {"sign": row.rule.name, "step": row.next_step}
    why = _("Signal of growth, %(sign)s. They said:") if is_signal else _("Growth, %(sign)s: %(step)s")
    return Line(
        kind=Kind.GROWTH,
        when=_("Decide") if is_signal else days_words(row.next_on, scope.today),
        is_bad=not is_signal and row.next_on is not None and row.next_on < scope.today,
        customer=row.customer,
        why=why % said,
        words=row.need.words if is_signal else "",
        action=_to(scope, "expansion", row.pk, _("Decide") if is_signal else _("Go on")),
    )


def _to(scope: Scope, page: str, pk: int, label: str) -> Action:
    url = reverse(f"advocacy:{page}", args=[scope.organisation.slug, pk])
    return Action(label=label if scope.can_write else _("Open"), href=url)
