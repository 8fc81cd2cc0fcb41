"""Every address of the API with an example for each of its methods: what is sent, and by whom it may be.

Words with an @ before them are ids of the lived-in world, by name.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bosai.api import RESOURCES
from customers.models import Metric, Reading, Segment
from milestones.models import Journey, Verdict
from office import authorising
from office.models import Import
from organisations.models import Event, Membership, Organisation, User
from tests.house.lived_in import World
from tests.house.on_journeys import JOURNEY
from tests.house.patterns import patterns
from tests.walls.days import day
from ui.api.resources import Resource

KESTREL, MIDDLE = "@customer kestrel-freight", "every-site-opens-with-it"

PAST, AHEAD = f"{day(-6)}T10:00:00Z", f"{day(47)}T10:00:00Z"


@dataclass(frozen=True)
class Sent:
    """A method of an address, and a body that goes through."""

    method: str
    body: dict[str, Any] | None = None
    of: str = ""
    """The row, by its name in the world."""
    refused: int = 0
    """Whoever may is refused all the same: what was contested cannot be celebrated."""


def post(of: str = "", **body: Any) -> Sent:
    return Sent("post", body, of)


def patch(of: str, **body: Any) -> Sent:
    return Sent("patch", body, of)


def get(of: str = "") -> Sent:
    return Sent("get", None, of)


CALLS: dict[str, list[Sent]] = {
    "api:achievements-detail": [get("achievement")],
    "api:achievements-list": [get()],
    "api:calls-detail": [get("call")],
    "api:calls-list": [
        get(),
        post(
            customer=KESTREL,
            held_at=PAST,
            contacts=["@contact"],
            enrolment="@enrolment",
            words="It works.",
            importance=9,
            confidence=8,
            commitments=[{"will": "send the numbers", "owner_contact": "@contact", "due_on": day(37)}],
            next_call_at=AHEAD,
        ),
    ],
    "api:celebration-replies-detail": [get("reply")],
    "api:celebration-replies-list": [get()],
    "api:celebrations-approval": [post("celebration review")],
    "api:celebrations-comeback": [Sent("post", {}, "celebration stopped", refused=409)],
    "api:celebrations-detail": [
        get("celebration waiting"),
        patch("celebration waiting", personal_line="Well done.", guests=["@guest"]),
    ],
    "api:celebrations-list": [get(), post(achievement="@achievement")],
    "api:celebrations-sending": [post("celebration waiting")],
    "api:celebrations-stop": [post("celebration waiting", why="They asked us to wait.")],
    "api:challenge-kinds-comeback": [post("challenge kind out")],
    "api:challenge-kinds-detail": [get("challenge kind"), patch("challenge kind", escalate="After a month.")],
    "api:challenge-kinds-list": [
        get(),
        post(name="No budget", steps=[{"words": "Ask who decides", "days": 2}], lead="manager"),
    ],
    "api:challenge-kinds-retirement": [post("challenge kind")],
    "api:challenge-steps-detail": [get("challenge step")],
    "api:challenge-steps-list": [get()],
    "api:challenge-steps-tick": [post("challenge step")],
    "api:challenge-steps-untick": [post("challenge step")],
    "api:challenges-comeback": [post("challenge over")],
    "api:challenges-detail": [get("challenge")],
    "api:challenges-giving-up": [post("challenge", why="They bring their own.")],
    "api:challenges-list": [get(), post(customer=KESTREL, kind="no-time", words="Not now.", owner="@user")],
    "api:challenges-resolution": [post("challenge", why="Three can do it now.")],
    "api:claims-detail": [get("claim")],
    "api:claims-list": [
        get(),
        post(
            enrolment="@enrolment",
            milestone=MIDDLE,
            statement="Every site opens with it.",
            reached_at=PAST,
            number=12,
            named_contact="@contact",
            asked=[],
        ),
    ],
    "api:claims-withdrawal": [post("claim", why="It was another site.")],
    "api:commitments-detail": [get("commitment")],
    "api:commitments-list": [get()],
    "api:commitments-settlement": [post("commitment", state="kept")],
    "api:contacts-comeback": [post("contact gone")],
    "api:contacts-detail": [get("contact"), patch("contact", title="Head of operations")],
    "api:contacts-leaving": [post("contact", on=day(-25))],
    "api:contacts-list": [get(), post(customer=KESTREL, name="Noor Ali", address="noor@kestrel.example")],
    "api:customers-archive": [post("customer kestrel-freight")],
    "api:customers-comeback": [post("customer heron")],
    "api:customers-detail": [
        get("customer kestrel-freight"),
        patch("customer kestrel-freight", about="Freight", owner="@user"),
    ],
    "api:customers-leaving": [post("customer kestrel-freight", on=day(-25), why="Sold")],
    "api:customers-list": [get(), post(name="New Ltd", key="new", segment="Freight", owner="@user")],
    "api:customers-restoration": [post("customer kite")],
    "api:deliveries-arrival": [post("delivery uncertain")],
    "api:deliveries-detail": [get("delivery simulated")],
    "api:deliveries-list": [get()],
    "api:deliveries-next-try": [post("delivery pending")],
    "api:deliveries-resending": [post("delivery failed")],
    "api:deliveries-stop": [post("delivery pending")],
    "api:enrolments-detail": [get("enrolment"), patch("enrolment", started_on="2026-01-02")],
    "api:enrolments-end": [post("enrolment", why="They stop here.")],
    "api:enrolments-pause": [post("enrolment", starts_on=day(24), resumes_on=day(39), why="Holiday")],
    "api:enrolments-resumption": [post("enrolment lumen", on=day(0))],
    "api:enrolments-version": [Sent("post", {"number": 1}, "enrolment", refused=409)],
    "api:enrolments-list": [
        get(),
        post(customer=KESTREL, journey="opening-a-new-site", started_on=day(-24)),
    ],
    "api:events-detail": [get("event")],
    "api:events-list": [get()],
    "api:guides-detail": [get("guide edition")],
    "api:guides-list": [
        get(),
        post(
            stage="outcome",
            kind="no-time",
            purpose="Less.",
            goal="What?",
            reality="How?",
            options="Else?",
            will="Who?",
            cues="- names",
            good="A date.",
            avoid="No pitch.",
        ),
    ],
    "api:imports-application": [post("import refused", partial=True)],
    "api:imports-cancellation": [post("import mapping")],
    "api:imports-detail": [get("import applied")],
    "api:imports-list": [get(), post(kind="customers", text="key,name\nnew,New Ltd\n", source="crm")],
    "api:imports-retry": [post("import failed")],
    "api:journeys-detail": [get("journey")],
    "api:journeys-list": [get()],
    "api:members-detail": [get("member")],
    "api:members-list": [get()],
    "api:metrics-detail": [get("metric")],
    "api:metrics-list": [get()],
    "api:outcomes-comeback": [post("outcome retired")],
    "api:outcomes-detail": [
        get("outcome"),
        patch("outcome", experience="In short steps.", said_by="kick-off"),
    ],
    "api:outcomes-list": [
        get(),
        post(customer=KESTREL, words="Nobody waits for Monday.", contact="@contact", said_on="2026-03-02"),
    ],
    "api:outcomes-place": [post("outcome", to=2)],
    "api:outcomes-question": [post("outcome", contact="@contact")],
    "api:outcomes-retirement": [post("outcome", why="Reached in spring.")],
    "api:promises-comeback": [post("promise declined", why="They asked again.")],
    "api:promises-decline": [post("promise undecided", why="Not in this country.")],
    "api:promises-detail": [get("promise"), patch("promise undecided", message="Live soon")],
    "api:promises-list": [get(), post(customer=KESTREL, words="Live soon.", seller="Noor", due_on=day(90))],
    "api:promises-outcome": [post("promise undecided", words="Stock-outs show by noon.")],
    "api:promises-renegotiation": [post("promise agreed", words="Live in June.", due_on=day(90))],
    "api:promises-settlement": [post("promise agreed", is_kept=True)],
    "api:pauses-detail": [get("pause")],
    "api:pauses-list": [get()],
    "api:pauses-withdrawal": [post("pause")],
    "api:questions-detail": [get("ask")],
    "api:questions-list": [get(), post(enrolment="@enrolment", milestone=MIDDLE, contact="@contact")],
    "api:readings-detail": [get("reading")],
    "api:readings-list": [
        get(),
        post(
            source="warehouse",
            rows=[{"customer": "kestrel-freight", "metric": "figures-matched", "at": PAST, "value": 7.5}],
        ),
    ],
    "api:resources-comeback": [post("resource out")],
    "api:resources-detail": [get("resource")],
    "api:resources-edition": [post("resource", summary="Shorter.", stages=["adoption"], owner="@user")],
    "api:resources-list": [
        get(),
        post(type="guide", title="A guide", summary="Good.", body="Do it.", kinds=["no-time"], owner="@user"),
    ],
    "api:resources-retirement": [post("resource")],
    "api:resources-review": [post("resource")],
    "api:referrals-detail": [get("referral won")],
    "api:referrals-list": [get()],
    "api:referrals-losing": [post("referral submitted", why="No budget this year.")],
    "api:referrals-qualification": [post("referral submitted")],
    "api:referrals-winning": [
        post("referral qualified", amount_e4=120_000_000, currency="EUR", customer=KESTREL)
    ],
    "api:segments-detail": [get("segment")],
    "api:segments-list": [get()],
    "api:sendings-detail": [get("sending")],
    "api:sendings-list": [get(), post(resource="@resource", contact="@contact", words="For you.")],
    "api:stories-detail": [get("story published")],
    "api:stories-list": [get(), post(achievement="@achievement")],
    "api:touchpoints-detail": [get("touchpoint")],
    "api:touchpoints-list": [get(), post(customer=KESTREL, due_at=AHEAD, owner="@user")],
    "api:touchpoints-skip": [post("touchpoint")],
    "api:verdicts-answer": [post("contest", answer="We look at it today.", contact="@contest contact")],
    "api:verdicts-detail": [get("contest")],
    "api:verdicts-list": [get()],
}


def operations() -> set[tuple[str, str]]:
    """Name and method of everything there is, as the URLconf has it."""
    return {
        (name, method)
        for name, _route, pattern in patterns()
        if name.startswith("api:") and hasattr(pattern.callback, "actions")
        for method in pattern.callback.actions
        if method != "head"
    }


def machines(harbour: Organisation) -> dict[str, str]:
    """A token of each role that may write everything, and two of Ada's that may not."""
    made = {who: _token(harbour, who, "write") for who in ("ada", "theo", "mara", "rio")}
    return made | {"reads": _token(harbour, "ada", "read"), "sends events": _token(harbour, "ada", "intake")}


def _token(harbour: Organisation, who: str, scope: str) -> str:
    user = User.objects.get(email=f"{who}@harbour.example")
    given = {"name": who, "scopes": [scope], "user": user, "by": None, "now": timezone.now()}
    return authorising.make(organisation=harbour, **given)[1]


def more_ids(harbour: Organisation, known: World) -> World:
    """With the rows that no page has an address for. Makes an import that failed."""
    failed = Import.objects.get(pk=known["import refused"])
    failed.pk, failed.state = None, Import.State.FAILED
    failed.save(force_insert=True)
    mara = Membership.objects.get(organisation=harbour, user__email="mara@harbour.example")
    ids = {
        "event": Event.objects.earliest("pk").pk,
        "import failed": failed.pk,
        "journey": Journey.objects.get(slug=JOURNEY).pk,
        "metric": Metric.objects.earliest("pk").pk,
        "reading": Reading.objects.earliest("pk").pk,
        "segment": Segment.objects.earliest("pk").pk,
        "user": mara.user_id,
        "contest contact": Verdict.objects.get(pk=known["contest"]).contact_id,
    }
    return World(known.ids | ids, known.tokens)


def resource_of(name: str) -> type[Resource]:
    nouns = [noun for noun in RESOURCES if name.startswith(f"api:{noun}-")]
    return RESOURCES[max(nouns, key=len)]


def everything() -> Iterator[tuple[str, Sent]]:
    for name, them in CALLS.items():
        for sent in them:
            yield name, sent


def filled(value: Any, world: World) -> Any:
    """The body with the ids of a world in it."""
    if isinstance(value, dict):
        return {name: filled(one, world) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, world) for one in value]
    if isinstance(value, str) and value.startswith("@"):
        return world[value[1:]]
    return value


def address(name: str, sent: Sent, world: World) -> str:
    return reverse(name, args=[world[sent.of]] if sent.of else [])


def send(client: Client, name: str, sent: Sent, world: World, body: Any = None) -> Any:
    given = filled(sent.body if body is None else body, world)
    data = {} if given is None else {"data": json.dumps(given), "content_type": "application/json"}
    return getattr(client, sent.method)(address(name, sent, world), **data)
