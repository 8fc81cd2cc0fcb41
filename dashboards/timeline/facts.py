"""What a page of events is about, read in a constant number of queries.

Events hold ids alone. Names, words and numbers are joined here, when they are shown, so that erasing a person
leaves the log whole.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, F, Model, QuerySet, Subquery, TextField, Value
from django.db.models.aggregates import StringAgg
from django.db.models.functions import Cast

from advocacy.models import CelebrationReply, Circle, Expansion, ExpansionRule, Favour, Need, Referral, Story
from coaching.models import (
    Call,
    Challenge,
    ChallengeKind,
    ChallengeStep,
    Commitment,
    Occurrence,
    Resource,
    Sending,
)
from customers.models import ChampionChange, Contact, Customer, Metric, Outcome, OutcomeReply, Promise
from milestones.models import Agreement, Claim, Journey, Milestone, Pick, Verdict
from office.models import Token
from organisations.models import Event, Invitation, Membership, Organisation, User
from post.models import Delivery

SUBJECTS = {
    "advocacy.circle": "circle",
    "advocacy.expansion": "expansion",
    "advocacy.expansionrule": "expansion_rule",
    "advocacy.favour": "favour",
    "advocacy.need": "need",
    "advocacy.referral": "referral",
    "advocacy.celebrationreply": "back",
    "advocacy.story": "story",
    "coaching.challenge": "challenge",
    "coaching.challengekind": "challenge_kind",
    "coaching.challengestep": "step",
    "coaching.occurrence": "occurrence",
    "coaching.resource": "resource",
    "coaching.sending": "sending",
    "customers.contact": "contact",
    "customers.customer": "customer",
    "customers.outcome": "outcome",
    "customers.outcomereply": "reply",
    "customers.championchange": "change",
    "customers.promise": "promise",
    "milestones.pick": "pick",
    "milestones.agreement": "agreement",
    "milestones.claim": "claim",
    "milestones.verdict": "verdict",
    "post.delivery": "delivery",
    "organisations.membership": "membership",
    "organisations.invitation": "invitation",
    "office.token": "token",
}
DATA = {
    "milestone_id": "milestone",
    "contact_id": "contact",
    "owner_id": "user",
    "from_id": "user",
    "journey_id": "journey",
    "from_journey_id": "journey",
    "metric_id": "metric",
    "token_id": "token",
    "outcome_id": "outcome",
    "challenge_id": "challenge",
    "resource_id": "resource",
    "circle_id": "circle",
}
# Which text says each kind of thing. One query reads all of them.
TEXTS: dict[str, tuple[type[Model], str]] = {
    "milestone": (Milestone, "name"),
    "contact": (Contact, "name"),
    "customer": (Customer, "name"),
    "user": (User, "name"),
    "journey": (Journey, "name"),
    "metric": (Metric, "name"),
    "outcome": (Outcome, "words"),
    "reply": (OutcomeReply, "words"),
    "promise": (Promise, "words"),
    "pick": (Pick, "words"),
    "change": (ChampionChange, "words"),
    "change_end": (ChampionChange, "closed_why"),
    "agreement": (Agreement, "words"),
    "challenge": (Challenge, "kind__name"),
    "challenge_kind": (ChallengeKind, "name"),
    "challenge_words": (Challenge, "words"),
    "challenge_end": (Challenge, "closed_why"),
    "step": (ChallengeStep, "words"),
    "occurrence": (Occurrence, "skipped_why"),
    "resource": (Resource, "title"),
    "sending": (Sending, "words"),
    "back": (CelebrationReply, "words"),
    "story": (Story, "title"),
    "claim": (Claim, "statement"),
    "verdict": (Verdict, "words"),
    "answer": (Verdict, "answer"),
    "delivery": (Delivery, "subject"),
    "address": (Delivery, "address"),
    "membership": (Membership, "user__name"),
    "invitation": (Invitation, "email"),
    "token": (Token, "name"),
    "circle": (Circle, "name"),
    "favour": (Favour, "words"),
    "referral": (Referral, "name"),
    "expansion": (Expansion, "rule__name"),
    "expansion_why": (Expansion, "why"),
    "expansion_rule": (ExpansionRule, "name"),
    "need": (Need, "words"),
    "favour_reply": (Favour, "reply"),
    "favour_result": (Favour, "result"),
    "favour_thanks": (Favour, "thanks"),
}
ALSO = {
    "verdict": ("answer",),
    "delivery": ("address",),
    "expansion": ("expansion_why",),
    "favour": ("favour_reply", "favour_result", "favour_thanks"),
    "change": ("change_end",),
    "challenge": ("challenge_words", "challenge_end"),
}


@dataclass(frozen=True)
class Facts:
    """The names and words behind some events, and the calls and commitments themselves."""

    organisation: Organisation
    texts: dict[tuple[str, int], str] = field(default_factory=dict)
    calls: dict[int, Call] = field(default_factory=dict)
    commitments: dict[int, Commitment] = field(default_factory=dict)

    def text(self, kind: str, pk: int | None) -> str:
        """What it says; empty for what is not there any more."""
        return self.texts.get((kind, pk or 0), "")

    def of(self, event: Event, name: str) -> str:
        """The text behind one id in the event's data, such as "milestone_id"."""
        return self.text(DATA[name], event.data.get(name))


def facts_of(
    events: Iterable[Event],
    *,
    organisation: Organisation,
    call: QuerySet[Call] | None = None,
    commitments: QuerySet[Commitment] | None = None,
) -> Facts:
    """Read what the events are about: three queries, fewer when nothing asks for one.

    One more `call` and further `commitments` that the page wants anyway come with the same queries.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        kind = SUBJECTS.get(event.subject_type) or event.subject_type
        if event.subject_id:
            wanted[kind].add(event.subject_id)
        if event.customer_id:
            wanted["customer"].add(event.customer_id)
        for name, kind in DATA.items():
            if isinstance(pk := event.data.get(name), int):
                wanted[kind].add(pk)
    for kind, others in ALSO.items():
        for other in others:
            wanted[other] |= wanted[kind]
    return Facts(
        organisation=organisation,
        texts=_texts({kind: wanted[kind] for kind in TEXTS if wanted[kind]}),
        calls=_calls(wanted["coaching.call"], call),
        commitments=_commitments(wanted["coaching.commitment"], commitments),
    )


def _texts(wanted: dict[str, set[int]]) -> dict[tuple[str, int], str]:
    rows = [_said(kind, pks) for kind, pks in wanted.items()]
    if not rows:
        return {}
    found = rows[0].union(*rows[1:], all=True).order_by() if len(rows) > 1 else rows[0]
    return {(row["text_kind"], row["text_of"]): row["text_said"] for row in found}


def _said(kind: str, pks: set[int]) -> QuerySet[Any, dict[str, Any]]:
    model, column = TEXTS[kind]
    return (
        model._default_manager.filter(pk__in=pks)
        .order_by()
        .annotate(
            text_kind=Value(kind, output_field=CharField()),
            text_of=F("pk"),
            text_said=Cast(column, output_field=TextField()),
        )
        .values("text_kind", "text_of", "text_said")
    )


def _calls(pks: set[int], also: QuerySet[Call] | None) -> dict[int, Call]:
    if not pks and also is None:
        return {}
    # one more id in the list, not an OR of two: that would read every call there is
    wanted = [*pks, *([Subquery(also.values("pk"))] if also is not None else [])]
    rows = Call.objects.filter(pk__in=wanted)
    names = StringAgg("contacts__name", delimiter=Value(", "))
    return {call.pk: call for call in rows.select_related("by").annotate(people=names)}


def _commitments(pks: set[int], also: QuerySet[Commitment] | None) -> dict[int, Commitment]:
    if not pks and also is None:
        return {}
    rows = Commitment.objects.filter(pk__in=pks)
    if also is not None:
        rows = rows | also
    return {row.pk: row for row in rows.with_owners()}
