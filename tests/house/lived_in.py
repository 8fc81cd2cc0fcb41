"""A database in which everything there is to show is there: the demo, and what it has none of."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from unittest import mock

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

import bosai.urls  # now, while it is not the demo: addresses are read once
from advocacy.models import Celebration
from bosai.demo import seeding
from coaching import challenging, feeding, guiding, planning, scheduling
from coaching.models import (
    CadenceRule,
    Call,
    Challenge,
    ChallengeKind,
    ChallengeStep,
    Commitment,
    DayOff,
    Guide,
    Occurrence,
    Touchpoint,
)
from customers import defining, keeping
from customers.models import Contact, Customer, GoalLevel, Outcome, OutcomeAsk, OutcomeReply
from milestones.models import Achievement, Agreement, Ask, Claim, Enrolment, Pause, Verdict
from office import authorising, importing, intake, parting
from office.models import EventRule, Import, KeptAnswer, Token
from organisations import factors, founding, securing, signing_in, tenancy
from organisations.models import Invitation, Membership, Organisation, User
from organisations.sessions import Seat
from post import linking, webhooks
from post.models import Delivery, Recipient, WebhookDelivery, WebhookEndpoint
from tests.house import in_the_library, of_circles, of_people, on_advocacy
from tests.house.on_journeys import JOURNEY, say_of_wordings, stand_still, user, vary
from tests.house.on_stories import (
    agree_to_one,
    ask_for_stories,
    doors_of_stories,
    ids_of_stories,
    slugs_of_stories,
)
from tests.office.bringing import bring, work

assert bosai.urls

CUSTOMERS = 12
LIVED_IN, EMPTY, CROWDED = "harbour", "cleanslate", "orchard"


@dataclass(frozen=True)
class World:
    """Ids and tokens that addresses are made of, by name."""

    ids: dict[str, int]
    tokens: dict[str, str]

    def __getitem__(self, name: str) -> int:
        return self.ids[name]


@contextmanager
def world(*, crowd: int = 0) -> Iterator[World]:
    """Make it, stored for other threads to read, and clear it all away again; with so many at Orchard.

    In demo mode, since pages show most there: the doors of customers, the hints, the people to sign in as.
    """
    with override_settings(DEMO=True), mock.patch.object(founding, "answers_to", "first-run".__eq__):
        try:
            seeding.seed(now=timezone.now(), customers=CUSTOMERS, crowd=crowd)
            harbour = Organisation.objects.get(slug=LIVED_IN)
            with tenancy.within(harbour):
                _bring_files(harbour)
                _have_trouble(harbour)
                _part(harbour)
                _object(harbour)
                stand_still(harbour)
                vary(harbour)
                say_of_wordings(harbour)
                of_people.ask_about_data(harbour)
                ask_for_stories()
                agree_to_one(harbour)
                _take_one_out(harbour)
                _write_a_guide(harbour)
                _be_due(harbour)
                in_the_library.fill(harbour)
                _tell_others(harbour)
                _take_events(harbour)
                _be_safe(user("theo"))
                _let_machines_in(harbour)
                ids, tokens = _ids(harbour), _tokens(harbour)
            if crowd:
                ids |= _crowded_ids()
            yield World(ids, tokens)
        finally:
            call_command(
                "flush",
                verbosity=0,
                interactive=False,
                reset_sequences=False,
                allow_cascade=False,
                inhibit_post_migrate=False,
            )


def _bring_files(harbour: Organisation) -> None:
    """One import that went well and disagrees with what stands, one with rows refused, one to be matched."""
    by = user("theo")
    mapping = {"key": "key", "name": "name", "compare": [{"has": {"transactions": "any"}}]}
    bring(harbour, "customers", "key,name\nheron,Heron Haulage\nkite,Kite & Sons\n", by=by, mapping=mapping)
    bring(harbour, "customers", "key,name\nswift,\n,Nobody\nlark,Lark Ltd\n", by=by)
    gone = bring(harbour, "customers", "key,name\nwren,Wren Post\n", by=by)
    Import.objects.filter(state="applied").update(finished_at=timezone.now())
    importing.ask_to_undo(gone, by=by, now=timezone.now())
    work(harbour, gone)
    started = Enrolment.objects.filter(journey__slug=JOURNEY).exclude(started_on=None)
    began = started.select_related("customer", "journey").earliest("pk")
    where = f"{began.customer.key},{began.journey.slug},first-report-trusted,{began.started_on}"
    bring(harbour, "achievements", f"customer,journey,milestone,at\n{where}\n", by=by)
    importing.start(
        organisation=harbour,
        kind="customers",
        file=io.BytesIO("Kundennummer;Firma\n17;Möwe & Söhne\n".encode()),
        file_name="kunden.csv",
        mapping=None,
        source="erp",
        by=by,
        now=timezone.now(),
        wishes=importing.Wishes(),
    )


def _have_trouble(harbour: Organisation) -> None:
    """Mails that were refused, are uncertain, went out and were not wanted."""
    now = timezone.now()
    rows = list(Delivery.objects.filter(state=Delivery.State.SIMULATED).order_by("-id")[:4])
    states = ("failed", "uncertain", "sent", "suppressed")
    for row, state in zip(rows, states, strict=True):
        row.state, row.reason, row.attempts = state, "550 5.1.1 no such user here", 1
        row.sent_at = now - timedelta(hours=2) if state == "sent" else None
        row.save()


def _part(harbour: Organisation) -> None:
    """A customer who left, one in the archive, somebody who no longer works there."""
    now, by = timezone.now(), user("ada")
    gone, stored = Customer.objects.get(key="heron"), Customer.objects.get(key="kite")
    parting.customer_leaves(customer=gone, on=now.date(), why="Sold to a competitor", by=by, now=now)
    keeping.archive(customer=stored, by=by, now=now)
    noor = Contact.objects.get(name="Noor Haddad")
    keeping.contact_left(contact=noor, on=now.date(), by=by, now=now)
    planned = Touchpoint.objects.planned().filter(customer__key="alder-finch").get()
    scheduling.skip(touchpoint=planned, by=by, now=now)
    _invite(harbour)


def _invite(harbour: Organisation) -> None:
    """Two people at Kestrel asked to a call, one of them not any more."""
    now, mara = timezone.now(), user("mara")
    kestrel = Customer.objects.get(key="kestrel-freight")
    two = list(kestrel.contacts.current().filter(recipient__isnull=False)[:2])
    for invite in (two, two[:1]):
        scheduling.plan(
            organisation=harbour,
            customer=kestrel,
            owner=mara,
            due_at=now + timedelta(days=3),
            by=mara,
            now=now,
            terms=scheduling.Terms(minutes=45, place="https://meet.harbour.example/kestrel", invite=invite),
        )


def _object(harbour: Organisation) -> None:
    """An outcome that a customer says is wrong, one that they said is right, one that is wanted no more."""
    by, now = user("mara"), timezone.now()
    lumen = Outcome.objects.select_related("customer").get(customer__key="lumen-dental")
    values = {"metric": lumen.metric, "target": 4.0, "baseline": None}
    defining.edit(outcome=lumen, values=values, by=by, now=now)
    contact = lumen.customer.contacts.current().exclude(recipient=None).first()
    ask = defining.ask(outcome=lumen, contact=contact, by=by, now=now)
    token = linking.make(
        organisation=harbour,
        purpose="outcome",
        subject_id=ask.pk,
        address=contact.address,
        now=now,
        days=30,
    )
    link = linking.find(token)[1]
    defining.object_to(ask=ask, link=link, words="We want full chairs, not reports.", now=now)
    old = defining.add(customer=lumen.customer, values={"words": "One booking system."}, by=by, now=now)
    defining.retire(outcome=old, why="reached in spring", by=by, now=now)


def _take_one_out(harbour: Organisation) -> None:
    """A challenge that is out of the catalogue, one that was resolved at Kestrel, and one open there."""
    theo, mara, now = user("theo"), user("mara"), timezone.now()
    kinds = {kind.key: kind for kind in ChallengeKind.objects.select_related("organisation")}
    challenging.retire_kind(kind=kinds["scope-grows"], by=theo, now=now)
    kestrel = Customer.objects.get(key="kestrel-freight")
    opened = {"customer": kestrel, "by": mara, "now": now}
    old = challenging.open_challenge(kind=kinds["technical-block"], **opened)
    challenging.resolve(challenge=old, why="IT opened it for every depot.", by=mara, now=now)
    challenging.open_challenge(kind=kinds["skills-missing"], words="Only Ilse can do it.", **opened)


def _write_a_guide(harbour: Organisation) -> None:
    """The second edition of one, a draft of its third, the draft of one that never was published.

    One of ours was never taken.
    """
    Guide.objects.filter(stage="outcome", kind__key="sponsor-absent").delete()
    made = {"by": user("theo"), "now": timezone.now()}
    plain = {"organisation": harbour, "stage": "adoption", "kind": None, **made}
    draft = guiding.keep_draft(values={"purpose": "Let what **works** spread."}, **plain)
    guiding.publish(guide=draft.guide, **made)
    guiding.keep_draft(values={"cues": "- who is not there"}, **plain)
    kind = ChallengeKind.objects.get(key="gone-quiet")
    guiding.keep_draft(
        organisation=harbour, stage="mastery", kind=kind, values={"purpose": "Hear from them."}, **made
    )


def _be_due(harbour: Organisation) -> None:
    """Calls with everybody with whom none is planned."""
    values = {"every_days": 1, "minutes": 20, "channel": "video"}
    planning.set_rule(
        organisation=harbour, segment=None, stage="", risk="", values=values, by=user("theo"),
        now=timezone.now(),
    )  # fmt: skip


def _tell_others(harbour: Organisation) -> None:
    """Two addresses, one of them off; calls that were taken, refused, and wait; a chat channel."""
    ada, now = user("ada"), timezone.now()
    with override_settings(DEMO=False):
        made = {"organisation": harbour, "by": ada, "now": now, "url": "https://data.harbour.example/hooks"}
        address, _secret = webhooks.add(about="Our data platform", kinds=["call.logged"], **made)
        off, _secret = webhooks.add(about="", kinds=[], **made)
        made |= {"url": "https://hooks.slack.com/services/T0/B0/Zq9x", "about": "#customer-success"}
        webhooks.add_channel(style="slack", kinds=[webhooks.DAILY, "outcome.contested"], **made)
    facts = [webhooks.Fact(n, now, {"call_id": n}) for n in range(3)]
    webhooks.tell(organisation=harbour, kind="call.logged", facts=lambda: facts, now=now)
    webhooks.renew_secret(endpoint=address, by=ada, now=now)
    webhooks.switch_off(endpoint=off, by=ada, now=now)
    tried = {"at": now.isoformat(), "status": 500, "ms": 40, "words": "Internal Server Error"}
    for row, state in zip(
        WebhookDelivery.objects.filter(endpoint=address), ("delivered", "failed"), strict=False
    ):
        row.state, row.settled_at, row.attempts, row.tries = state, now, 1, [tried]
        row.save()


def _take_events(harbour: Organisation) -> None:
    """Events that were taken, wait, and are ignored; two rules."""
    by, now = user("theo"), timezone.now()
    made = {"organisation": harbour, "by": by, "now": now}
    intake.add_rule(event="Report Opened", property="", metric=None, new_metric="Reports opened", **made)
    intake.add_rule(event="Page Scrolled", property="", metric=None, **made)
    said = [
        {"type": "group", "userId": "u1", "groupId": "kestrel-freight"},
        {"type": "track", "userId": "u1", "event": "Report Opened", "properties": {"seconds": 4.5}},
        {"type": "track", "userId": "u1", "event": "Report Shared"},
        {"type": "track", "userId": "u2", "event": "Report Opened"},
        {"type": "track", "userId": "u1", "event": "Page Scrolled"},
        {"type": "page", "userId": "u1"},
    ]
    intake.take(intake.messages("batch", {"batch": said}, now=now), **made)


def _be_safe(user: User) -> None:
    """Theo has a second factor, and recovery codes with it."""
    now, secret = timezone.now(), generate_totp_secret()
    code = format_hotp_value(hotp_value(secret, int(now.timestamp()) // factors.PERIOD))
    securing.add_app(user=user, secret=secret, code=code, seat=Seat("", "", ""), now=now)


def _let_machines_in(harbour: Organisation) -> None:
    """Tokens: one in use, one for events, one that is ended."""
    ada, theo, now = user("ada"), user("theo"), timezone.now()
    made = {"organisation": harbour, "by": ada, "now": now}
    used, _text = authorising.make(name="warehouse", scopes=["read"], user=theo, days=90, **made)
    authorising.note_use(used, now=now)
    said = {"status": 201, "body": "{}", "fingerprint": "0" * 64, "made_at": now}
    KeptAnswer.objects.create(organisation=harbour, token=used, key="crm-4711", **said)
    authorising.make(name="website", scopes=["intake"], user=ada, **made)
    gone, _text = authorising.make(name="old CRM", scopes=["customers:write"], user=theo, **made)
    authorising.end(token=gone, by=ada, now=now)


def _ids(harbour: Organisation) -> dict[str, int]:
    customers = {f"customer {key}": pk for pk, key in Customer.objects.values_list("pk", "key")}
    deliveries = {f"delivery {state}": pk for pk, state in Delivery.objects.values_list("pk", "state")}
    celebrations = {
        f"celebration {state}": pk for pk, state in Celebration.objects.values_list("pk", "state")
    }
    imports = {f"import {state}": pk for pk, state in Import.objects.values_list("pk", "state")}
    contests = Verdict.objects.filter(kind="contested")
    kestrel = Customer.objects.get(key="kestrel-freight")
    return (
        customers
        | deliveries
        | celebrations
        | imports
        | {
            "call": Call.objects.filter(customer=kestrel).newest_first().first().pk,
            "commitment": Commitment.objects.open().first().pk,
            "challenge kind": ChallengeKind.objects.get(key="habit-in-some-teams").pk,
            "challenge kind out": ChallengeKind.objects.exclude(retired_at=None).get().pk,
            "guide": Guide.objects.get(stage="adoption", kind=None).pk,
            "guide edition": Guide.objects.get(stage="adoption", kind=None).editions.get(number=1).pk,
            "guide begun": Guide.objects.get(stage="mastery", kind__key="gone-quiet").pk,
            "challenge": Challenge.objects.open().filter(customer=kestrel).first().pk,
            "challenge over": Challenge.objects.closed().filter(customer=kestrel).first().pk,
            "challenge step": ChallengeStep.objects.pending().filter(challenge__customer=kestrel).first().pk,
            "goal level": GoalLevel.objects.earliest("pk").pk,
            "outcome graded": GoalLevel.objects.earliest("pk").scale.outcome_id,
            "cadence rule": CadenceRule.objects.earliest("pk").pk,
            "day off": DayOff.objects.get(user=user("mara")).pk,
            "occurrence skipped": Occurrence.objects.skipped().earliest("pk").pk,
            "user mara": user("mara").pk,
            "touchpoint off": Touchpoint.objects.get(customer__key="alder-finch", state="skipped").pk,
            "touchpoint": Touchpoint.objects.planned().first().pk,
            "contact": Contact.objects.get(customer=kestrel, is_primary=True).pk,
            "contact gone": Contact.objects.exclude(left_on=None).filter(erasures=None).earliest("id").pk,
            "enrolment": Enrolment.objects.get(customer=kestrel).pk,
            "enrolment lumen": Enrolment.objects.get(customer__key="lumen-dental").pk,
            "enrolment saltmarsh": Enrolment.objects.get(customer__key="saltmarsh-water").pk,
            "pause": Pause.objects.standing().earliest("pk").pk,
            "achievement": Achievement.objects.standing().first().pk,
            "claim": Claim.objects.filter(withdrawn_at=None).first().pk,
            "outcome": Outcome.objects.filter(customer=kestrel).first().pk,
            "outcome wrong": OutcomeReply.objects.open_objections().first().outcome_id,
            "outcome retired": Outcome.objects.exclude(retired_at=None).first().pk,
            "agreement wrong": Agreement.objects.open_objections().first().pk,
            "agreement right": Agreement.objects.filter(answer="right").first().pk,
            "outcome ask": OutcomeAsk.objects.filter(closed_at=None).first().pk,
            "ask": Ask.objects.filter(closed_at=None).first().pk,
            "contest": contests.filter(settled_at=None).first().pk,
            "contest mended": contests.exclude(settled_at=None).first().pk,
            "guest": Celebration.objects.get(pk=celebrations["celebration waiting"]).guests.first().pk,
            "member": Membership.objects.get(organisation=harbour, user=user("jonas")).pk,
            "member safe": Membership.objects.get(organisation=harbour, user=user("theo")).pk,
            "factor": factors.of(user("theo")).app.pk,
            "invitation": Invitation.objects.get().pk,
            "event rule": EventRule.objects.first().pk,
            "webhook": WebhookEndpoint.objects.get(off_at=None, style="signed").pk,
            "channel": WebhookEndpoint.objects.get(style="slack").pk,
            "webhook off": WebhookEndpoint.objects.exclude(off_at=None).get().pk,
            "token": Token.objects.get(name="warehouse").pk,
        }
        | in_the_library.ids()
        | on_advocacy.ids()
        | of_circles.ids()
        | of_people.ids()
        | ids_of_stories()
        | {f"webhook call {state}": pk for pk, state in WebhookDelivery.objects.values_list("pk", "state")}
    )


def _crowded_ids() -> dict[str, int]:
    with tenancy.within(Organisation.objects.get(slug=CROWDED)):
        return {
            "one of the crowd": Customer.objects.filter(owner__email="lena@orchard.example")
            .earliest("id")
            .pk,
            "import of the crowd": Import.objects.earliest("id").pk,
        }


def _tokens(harbour: Organisation) -> dict[str, str]:
    """Doors of people outside: one asked, one who answered lately, one whose link ran out."""
    now = timezone.now()
    lucia = Contact.objects.get(name="Lucía Marín")
    ken = Contact.objects.get(name="Ken Osei")
    asked = Ask.objects.filter(contact=lucia, closed_at=None).get()
    worded = OutcomeAsk.objects.filter(closed_at=None).select_related("contact__recipient").first()
    said = OutcomeReply.objects.standing().select_related("ask__contact__recipient")
    right, wrong = (said.filter(kind=kind).order_by("at").last().ask for kind in ("right", "wrong"))
    fits = Agreement.objects.select_related("contact__recipient")
    open_, denied = fits.get(answered_at=None), fits.open_objections().first()
    acting = of_people.acting()
    subjects = of_circles.subjects() | on_advocacy.subjects() | doors_of_stories()
    subjects |= {
        "own": ("own", acting.pk, acting.address, 1),
        "agreement": ("agreement", open_.pk, open_.contact.address, 30),
        "agreement said": ("agreement", denied.pk, denied.contact.address, 30),
        "wording": ("outcome", worded.pk, worded.contact.address, 30),
        "wording right": ("outcome", right.pk, right.contact.address, 30),
        "wording wrong": ("outcome", wrong.pk, wrong.contact.address, 30),
        "wording run out": ("outcome", worded.pk, worded.contact.address, -1),
        "confirm": ("confirm", asked.pk, lucia.address, 30),
        "answered": ("customer", ken.pk, ken.address, 30),
        "run out": ("customer", ken.pk, ken.address, -1),
        "unsubscribe": ("unsubscribe", Recipient.objects.get(pk=ken.recipient_id).pk, ken.address, 30),
        "digest": ("digest", harbour.memberships.get(user=user("mara")).pk, user("mara").email, 30),
        "invited": ("invitation", Invitation.objects.get().pk, Invitation.objects.get().email, 14),
    }
    tokens = {
        name: linking.make(
            organisation=harbour, purpose=purpose, subject_id=subject_id, address=address, now=now, days=days
        )
        for name, (purpose, subject_id, address, days) in subjects.items()
    }
    uid, key = signing_in.password_link(user("jonas")).rstrip("/").rpartition("/")[2].split("-", 1)
    address = feeding.make(organisation=harbour, by=user("mara"), now=now)
    calendar = address.rpartition("/")[2].removesuffix(".ics")
    tokens |= in_the_library.tokens(harbour) | on_advocacy.codes() | slugs_of_stories()
    return tokens | {"uid": uid, "key": key, "calendar": calendar}
