"""Where a line's action leads."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from coaching.models import Commitment, Touchpoint
from customers.models import ChampionChange, Customer, Outcome, Promise
from dashboards.today.lines import Action
from dashboards.today.scope import Scope
from milestones.models import Agreement, Ask, Pick, Verdict
from post.models import Delivery


def open_customer(scope: Scope, customer: Customer) -> Action:
    url = reverse("dashboards:customer", args=[scope.organisation.slug, customer.pk])
    return Action(label=_("Open"), href=url)


def log_call(scope: Scope, customer: Customer, label: str = "") -> Action:
    if not scope.can_write:
        return open_customer(scope, customer)
    url = reverse("coaching:call_new", args=[scope.organisation.slug, customer.pk])
    return Action(label=label or _("Log call"), href=url, is_sheet=True)


def brief_of(scope: Scope, customer: Customer) -> str:
    return reverse("dashboards:brief", args=[scope.organisation.slug, customer.pk])


def plan_call(scope: Scope, customer: Customer) -> Action:
    if not scope.can_write:
        return open_customer(scope, customer)
    slug = scope.organisation.slug
    url = reverse("coaching:next_call", args=[slug, customer.pk])
    back = urlencode({"next": reverse("dashboards:today", args=[slug])})
    return Action(label=_("Plan call"), href=f"{url}?{back}")


def keep(scope: Scope, commitment: Commitment) -> Action:
    if not scope.can_write:
        return open_customer(scope, commitment.customer)
    url = reverse("coaching:commitment_settlement", args=[scope.organisation.slug, commitment.pk])
    return Action(label=_("Done"), href=url, post={"state": Commitment.State.KEPT})


def challenges_of(scope: Scope, customer: Customer) -> Action:
    url = reverse("coaching:challenges", args=[scope.organisation.slug, customer.pk])
    return Action(label=_("See the steps") if scope.can_write else _("Open"), href=url)


def write_outcome(scope: Scope, customer: Customer) -> Action:
    if not scope.can_write:
        return open_customer(scope, customer)
    url = reverse("customers:outcome_new", args=[scope.organisation.slug, customer.pk])
    return Action(label=_("Write it down"), href=url)


def correct_outcome(scope: Scope, outcome: Outcome) -> Action:
    name = "customers:outcome_edit" if scope.can_write else "customers:outcome"
    url = reverse(name, args=[scope.organisation.slug, outcome.pk])
    return Action(label=_("Correct it") if scope.can_write else _("Open"), href=url)


def decide_promise(scope: Scope, promise: Promise) -> Action:
    url = reverse("customers:promise", args=[scope.organisation.slug, promise.pk])
    return Action(label=_("Decide") if scope.can_write else _("Open"), href=url)


def see_sign(scope: Scope, change: ChampionChange) -> Action:
    url = reverse("dashboards:customer", args=[scope.organisation.slug, change.customer_id])
    return Action(label=_("See to it") if scope.can_write else _("Open"), href=f"{url}#map")


def take_pick_up(scope: Scope, pick: Pick) -> Action:
    customer = pick.enrolment.customer
    if not scope.can_write:
        return open_customer(scope, customer)
    if pick.outcome_id:
        url = reverse("customers:outcome", args=[scope.organisation.slug, pick.outcome_id])
    else:
        url = reverse("coaching:commitments", args=[scope.organisation.slug, customer.pk])
    act = reverse("coaching:pick_taking_up", args=[scope.organisation.slug, pick.pk])
    return Action(label=_("Take it up"), href=act, post={"next": url})


def answer_request(scope: Scope) -> Action:
    return Action(label=_("Do it"), href=reverse("customers:data_requests", args=[scope.organisation.slug]))


def read_call(scope: Scope, touchpoint: Touchpoint) -> Action:
    url = reverse("coaching:call", args=[scope.organisation.slug, touchpoint.call_id])
    return Action(label=_("Read"), href=url)


def answer(scope: Scope, verdict: Verdict) -> Action:
    url = reverse("milestones:contest", args=[scope.organisation.slug, verdict.pk])
    return Action(label=_("Answer") if scope.can_write else _("Open"), href=url)


def take_up(scope: Scope, agreement: Agreement) -> Action:
    url = reverse("milestones:agreement", args=[scope.organisation.slug, agreement.pk])
    return Action(label=_("Take it up") if scope.can_write else _("Open"), href=url)


def ask_again(scope: Scope, ask: Ask) -> Action:
    if not scope.can_write:
        return open_customer(scope, ask.enrolment.customer)
    url = reverse("milestones:claim", args=[scope.organisation.slug, ask.enrolment_id, ask.milestone.key])
    return Action(label=_("Ask again"), href=url)


def decide_mail(scope: Scope, delivery: Delivery) -> Action:
    url = reverse("post:delivery", args=[scope.organisation.slug, delivery.pk])
    return Action(label=_("Decide") if scope.can_write else _("Open"), href=url)
