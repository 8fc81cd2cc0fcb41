"""How the API speaks: one form of refusal, pages by key, exact types, requests done once, a budget each."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from customers.models import Customer, Reading
from milestones.models import Achievement, Enrolment
from office import authorising
from office.models import KeptAnswer, Token
from organisations import governing, tenancy
from organisations.models import Event, Membership, Organisation, User
from post.models import Delivery
from tests.factories import make_contact, make_customer, make_enrolment, make_journey, make_metric

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


class Api:
    """A client with a token."""

    def __init__(self, organisation: Organisation, user: User, *scopes: str) -> None:
        with tenancy.within(organisation):
            self.token, self.text = authorising.make(
                organisation=organisation,
                name="warehouse",
                scopes=scopes or ("write",),
                user=user,
                by=user,
                now=timezone.now(),
            )
        self.client = Client(headers={"Authorization": f"Bearer {self.text}"})

    def __call__(self, method: str, path: str, body: Any = None, key: str = "", **how: Any) -> Any:
        if body is not None:
            how |= {"data": body if isinstance(body, str | bytes) else json.dumps(body)}
            how.setdefault("content_type", "application/json")
        headers = {"Idempotency-Key": key} if key else {}
        return getattr(self.client, method)(f"/api/v1/{path}", headers=headers, **how)


@pytest.fixture
def api(harbour: Organisation, ada: User) -> Api:
    return Api(harbour, ada)


def fields(answer: Any) -> dict[str, str]:
    assert answer["Content-Type"] == PROBLEM
    return {one["field"]: one["detail"] for one in answer.json().get("errors", [])}


# Refusals


@pytest.mark.parametrize(
    ("method", "path", "how", "status"),
    [
        ("get", "customers/999999/", {}, 404),
        ("get", "customers/99999999999999999999999/", {}, 404),
        ("get", "customers/x/", {}, 404),
        ("get", "nothing/at/all/", {}, 404),
        ("get", "", {}, 404),
        ("post", "customers", {"body": {"name": "X"}}, 404),
        ("put", "customers/1/", {"body": {}}, 405),
        ("delete", "customers/1/", {}, 405),
        ("options", "customers/", {}, 405),
        ("trace", "customers/", {}, 405),
        ("post", "customers/", {"body": "{"}, 400),
        ("post", "customers/", {"body": b"\xff\xfe"}, 400),
        ("post", "customers/", {"body": '{"name": NaN}'}, 400),
        ("post", "customers/", {"body": "[" * 100_000}, 400),
        ("post", "customers/", {"body": "[]"}, 422),
        ("post", "customers/", {"body": ""}, 422),
        ("post", "customers/", {"body": "name=X", "content_type": "text/plain"}, 415),
        ("post", "customers/", {"data": {"name": "X"}}, 415),
        ("post", "customers/", {"body": " " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}, 413),
        ("get", "customers/?limit=0", {}, 422),
        ("get", "customers/?limit=201", {}, 422),
        ("get", "customers/?after=x", {}, 422),
        ("get", "customers/?colour=red", {}, 422),
        ("post", "customers/", {"body": {"name": "X"}, "key": "two words"}, 400),
        ("post", "customers/", {"body": {"name": "X"}, "key": "x" * 256}, 400),
    ],
)
def test_every_refusal_says_what_is_wrong_and_what_to_do(
    api: Api, harbour: Organisation, method: str, path: str, how: dict[str, Any], status: int
) -> None:
    answer = api(method, path, **how)
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    said = answer.json()
    assert said["status"] == status
    assert said["type"].startswith("/api/v1/reference/#problem-")
    assert len(said["detail"]) > 20
    if status == 405:
        assert "GET" in answer["Allow"]
    with tenancy.within(harbour):
        assert not Customer.objects.exists()


def test_our_own_fault_is_a_problem_too(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("customers.keeping.add_customer", lambda **_given: 1 / 0)
    api.client.raise_request_exception = False
    answer = api("post", "customers/", {"name": "X"})
    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert "nothing was stored" in answer.json()["detail"]


def test_a_field_is_exactly_what_it_says(api: Api, harbour: Organisation) -> None:
    answer = api(
        "post",
        "customers/",
        {
            "name": 7,
            "key": "",
            "about": None,
            "owner": "1",
            "outcome_on": "0001-01-01",
            "outcome_target": "5",
            "outcome_baseline": 10**400,
            "outcome_metric": "unknown",
            "outcome": "a\u0000b",
            "colour": "red",
        },
    )
    assert answer.status_code == 422
    assert fields(answer).keys() == {
        "name", "key", "about", "owner", "outcome_on", "outcome_target", "outcome_baseline",
        "outcome_metric", "outcome", "colour",
    }  # fmt: skip
    answer = api("post", "calls/", {"customer": True, "held_at": "2026-03-12T09:00:00", "minutes": 1.5})
    assert fields(answer).keys() == {"customer", "held_at", "minutes"}
    assert "time zone" in fields(answer)["held_at"]
    answer = api("post", "contacts/", {"name": "X", "is_primary": "yes", "zone": "Mars/Olympus"})
    assert fields(answer).keys() == {"customer", "is_primary", "zone"}


# Who may


def test_a_token_of_whoever_left_stands_still(api: Api, harbour: Organisation, theo: User, ada: User) -> None:
    theirs = Api(harbour, theo, "read")
    assert theirs("get", "customers/").status_code == 200
    membership = Membership.objects.get(user=theo)
    with tenancy.within(harbour):
        governing.end_membership(membership=membership, by=ada, now=timezone.now())
    answer = theirs("get", "customers/")
    assert answer.status_code == 401
    assert "Theo Brandt, for whom this token acts, works here no more" in answer.json()["detail"]


def test_what_it_writes_it_writes_in_a_members_name(harbour: Organisation, mara: User) -> None:
    made = Api(harbour, mara, "customers:write")("post", "customers/", {"name": "Kestrel Freight"})
    assert (made.status_code, made["Location"]) == (201, f"/api/v1/customers/{made.json()['id']}/")
    with tenancy.within(harbour):
        event = Event.objects.get(verb="customer_created")
        assert (event.actor, event.subject_id) == (mara, made.json()["id"])
        assert Token.objects.get().used_at is not None


def test_the_log_names_the_token_beside_the_member(harbour: Organisation, ada: User) -> None:
    key = Api(harbour, ada, "customers:write")
    made = key("post", "customers/", {"name": "Kestrel Freight"}).json()["id"]
    client = Client()
    client.force_login(ada)
    client.post(f"/o/harbour/customers/{made}/archive/")
    with tenancy.within(harbour):
        events = {event.verb: event.data for event in Event.objects.filter(customer_id=made)}
    assert events["customer_created"]["token_id"] == key.token.pk
    assert "token_id" not in events["customer_archived"], "a person did that"
    page = client.get("/o/harbour/audit/?verb=customer_created")
    assert page.text.count("by token “warehouse”") == 1
    table = client.get("/o/harbour/audit/?format=csv").getvalue().decode()
    assert "Ada Okonjo, by token “warehouse”" in table


def test_a_planned_call_invites_by_mail(harbour: Organisation, mara: User) -> None:
    api = Api(harbour, mara)
    with tenancy.within(harbour):
        kestrel = make_customer(harbour)
        amara, other = make_contact(kestrel), make_contact(make_customer(harbour, "Lumen", key="lumen"))
    ahead = (timezone.now() + timedelta(days=3)).isoformat()
    given = {"customer": kestrel.pk, "due_at": ahead, "minutes": 45, "place": "Room 4"}
    refused = api("post", "touchpoints/", given | {"invite": [amara.pk, other.pk]})
    assert (refused.status_code, fields(refused).keys()) == (422, {"invite"})
    made = api("post", "touchpoints/", given | {"invite": [amara.pk]}).json()
    assert (made["minutes"], made["place"]) == (45, "Room 4")
    with tenancy.within(harbour):
        mail = Delivery.objects.get(purpose="appointment")
    assert (mail.address, "METHOD:REQUEST" in mail.calendar) == (amara.address, True)


def test_an_ended_token_opens_nothing(api: Api, harbour: Organisation, ada: User) -> None:
    with tenancy.within(harbour):
        authorising.end(token=api.token, by=ada, now=timezone.now())
    assert api("get", "customers/").status_code == 401


# Pages


def test_a_list_goes_by_key_to_its_end(api: Api, harbour: Organisation) -> None:
    with tenancy.within(harbour):
        ids = [make_customer(harbour, f"Customer {n}").pk for n in range(5)]
    seen, after = [], 0
    while after is not None:
        page = api("get", f"customers/?limit=2&after={after}").json()
        seen += [row["id"] for row in page["results"]]
        after = page["next"]
    assert seen == ids


def test_a_list_is_narrowed(api: Api, harbour: Organisation, mara: User) -> None:
    with tenancy.within(harbour):
        kestrel = make_customer(harbour, owner=mara)
        gone = make_customer(harbour, "Heron Haulage", left_on="2026-01-01", left_why="Sold")
        make_contact(kestrel)
    found = {
        query: [row["id"] for row in api("get", f"customers/?{query}").json()["results"]]
        for query in (f"owner={mara.pk}", "key=heron-haulage", "current=true", "current=false", "q=amara")
    }
    assert found == {
        f"owner={mara.pk}": [kestrel.pk],
        "key=heron-haulage": [gone.pk],
        "current=true": [kestrel.pk],
        "current=false": [gone.pk],
        "q=amara": [kestrel.pk],
    }


# Once


def test_a_repeated_request_is_done_once_and_answered_the_same(api: Api, harbour: Organisation) -> None:
    first = api("post", "customers/", {"name": "Kestrel"}, key="a-1")
    again = api("post", "customers/", {"name": "Kestrel"}, key="a-1")
    assert (first.status_code, first.content, first["Location"]) == (201, again.content, again["Location"])
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert "Idempotent-Replayed" not in first
    with tenancy.within(harbour):
        assert Customer.objects.count() == 1


def test_the_same_key_with_another_request_is_refused(api: Api, harbour: Organisation) -> None:
    api("post", "customers/", {"name": "Kestrel"}, key="a-1")
    for path, body in (("customers/", {"name": "Heron"}), ("customers/?x=1", {"name": "Kestrel"})):
        answer = api("post", path, body, key="a-1")
        assert answer.status_code == 422
        assert "Use a new one" in answer.json()["detail"]
    with tenancy.within(harbour):
        assert Customer.objects.count() == 1


def test_another_tokens_key_is_another_key(api: Api, harbour: Organisation, ada: User) -> None:
    api("post", "customers/", {"name": "Kestrel"}, key="a-1")
    assert Api(harbour, ada)("post", "customers/", {"name": "Heron"}, key="a-1").status_code == 201


def test_a_conflict_is_kept_and_a_slip_is_not(api: Api, harbour: Organisation) -> None:
    with tenancy.within(harbour):
        make_customer(harbour, key="kestrel")
    assert api("post", "customers/", {"name": "Kestrel", "key": "kestrel"}, key="a").status_code == 409
    with tenancy.within(harbour):
        Customer.objects.all().delete()
    kept = api("post", "customers/", {"name": "Kestrel", "key": "kestrel"}, key="a")
    assert (kept.status_code, kept["Content-Type"], kept["Idempotent-Replayed"]) == (409, PROBLEM, "true")
    assert api("post", "customers/", {"nam": "Kestrel"}, key="b").status_code == 422
    assert api("post", "customers/", {"name": "Kestrel"}, key="b").status_code == 201


def test_after_a_day_the_key_is_new(api: Api, harbour: Organisation) -> None:
    api("post", "customers/", {"name": "Kestrel"}, key="a")
    with tenancy.within(harbour):
        KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert api("post", "customers/", {"name": "Heron"}, key="a").status_code == 201


def test_when_it_fails_on_our_side_nothing_is_kept(
    api: Api, harbour: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("office.models.KeptAnswer.objects.create", lambda **_given: 1 / 0)
        assert api("post", "customers/", {"name": "Kestrel"}, key="a").status_code == 500
    with tenancy.within(harbour):
        assert not Customer.objects.exists(), "never the effect without its answer"
    assert api("post", "customers/", {"name": "Kestrel"}, key="a").status_code == 201


# A budget for each


def test_one_token_cannot_starve_the_others(
    api: Api, harbour: Organisation, ada: User, settings: Any
) -> None:
    settings.API_PER_MINUTE = 3
    left = [api("get", "segments/")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = [api("get", "segments/") for _ in range(150)]  # fifty times its limit
    assert {answer.status_code for answer in refused} == {429}
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert (refused[0]["RateLimit-Limit"], refused[0]["RateLimit-Remaining"]) == ("3", "0")
    assert "At most 3 requests a minute" in refused[0].json()["detail"]
    assert Api(harbour, ada)("get", "segments/").status_code == 200


# Readings


@pytest.fixture
def on_journey(harbour: Organisation) -> Enrolment:
    with tenancy.within(harbour):
        return make_enrolment(make_customer(harbour), make_journey(harbour, metric=make_metric(harbour)))


def row(value: float, *, at: str = "2025-11-02T08:00:00Z", **more: Any) -> dict[str, Any]:
    return {"customer": "kestrel-freight", "metric": "score", "at": at, "value": value} | more


def test_readings_are_judged_in_the_same_request_and_a_repeat_changes_nothing(
    api: Api, harbour: Organisation, on_journey: Enrolment
) -> None:
    batch = {"source": "warehouse", "rows": [row(12), row(55, at="2025-11-03T08:00:00+01:00")]}
    first = api("post", "readings/", batch)
    assert first.status_code == 201
    said = first.json()
    assert [one["end"] for one in said["rows"]] == ["new", "new"]
    assert (said["new"], len(said["achieved"])) == (2, 5)
    with tenancy.within(harbour):
        assert set(Achievement.objects.values_list("pk", flat=True)) == set(said["achieved"])
    again = api("post", "readings/", batch).json()
    assert (again["new"], again["unchanged"], again["achieved"]) == (0, 2, [])
    assert [one["id"] for one in again["rows"]] == [one["id"] for one in said["rows"]]
    corrected = api("post", "readings/", {"source": "warehouse", "rows": [row(13), batch["rows"][1]]}).json()
    assert [one["end"] for one in corrected["rows"]] == ["changed", "unchanged"]


def test_one_wrong_row_keeps_all_out_and_each_fault_has_its_place(
    api: Api, harbour: Organisation, on_journey: Enrolment
) -> None:
    rows = [
        row(1),
        row(2, customer="nobody"),
        row(3, metric="nothing", at="2999-01-01T00:00:00Z"),
        row(4, at="2100-01-01T00:00:00Z"),
    ]
    answer = api("post", "readings/", {"source": "warehouse", "rows": [rows[0], rows[1], rows[3]]})
    assert fields(answer).keys() == {"rows.1.customer", "rows.2.at"}
    answer = api("post", "readings/", {"source": "warehouse", "rows": rows})
    assert fields(answer).keys() == {"rows.2.at"}
    answer = api("post", "readings/", {"source": "warehouse", "rows": [row(1)] * 1001})
    assert answer.status_code == 422
    with tenancy.within(harbour):
        assert not Reading.objects.exists()


def test_a_thousand_readings_cost_as_many_queries_as_ten(
    api: Api, harbour: Organisation, on_journey: Enrolment
) -> None:
    from tests.counting import queries_of

    def cost(n: int, source: str) -> int:
        rows = [row(1, external_id=str(place)) for place in range(n)]
        return len(queries_of(lambda: api("post", "readings/", {"source": source, "rows": rows})))

    cost(1, "a")  # the first request of a minute notes that the token is used
    assert cost(10, "b") == cost(100, "c")


# Verbs whose refusals are their own


def refusals(harbour: Organisation, mara: User) -> list[tuple[str, dict[str, Any], int, str]]:
    """What is sent where, the status and the field that it names."""
    kestrel, heron = make_customer(harbour), make_customer(harbour, "Heron")
    there, elsewhere = make_contact(kestrel), make_contact(heron, "Ben Ode")
    journey, draft = make_journey(harbour), make_journey(harbour, slug="draft", published=False)
    enrolment = make_enrolment(kestrel, journey)
    so = {
        "enrolment": enrolment.pk,
        "milestone": "m1",
        "statement": "So.",
        "reached_at": "2025-12-01T00:00:00Z",
    }
    call = {"customer": kestrel.pk, "held_at": "2026-01-02T09:00:00Z"}
    plan = {"will": "send it", "owner_user": mara.pk, "owner_contact": there.pk}
    ask = {"enrolment": enrolment.pk, "milestone": "m1", "contact": elsewhere.pk}
    early, late, soon = "2020-01-01T00:00:00Z", "2100-01-02T09:00:00Z", "2026-01-03T09:00:00Z"
    file = {"kind": "customers", "text": "a", "mapping": {"nam": "a"}}
    person = {"customer": kestrel.pk, "name": "B", "address": there.address}
    return [
        ("contacts/", person, 409, "address"),
        ("enrolments/", {"customer": heron.pk, "journey": draft.slug}, 409, "journey"),
        ("enrolments/", {"customer": kestrel.pk, "journey": journey.slug}, 409, "customer"),
        ("claims/", so, 422, "number"),
        ("claims/", so | {"number": 1, "reached_at": early}, 422, "reached_at"),
        ("claims/", so | {"number": 1, "milestone": "m9"}, 422, "milestone"),
        ("questions/", ask, 409, ""),
        ("calls/", call | {"held_at": late}, 422, "held_at"),
        ("calls/", call | {"next_call_at": soon}, 422, "next_call_at"),
        ("calls/", call | {"contacts": [elsewhere.pk]}, 422, "customer"),
        ("calls/", call | {"commitments": [plan]}, 422, "commitments.0.owner_user"),
        ("touchpoints/", {"customer": kestrel.pk, "due_at": soon}, 422, "due_at"),
        ("imports/", file, 422, "mapping"),
    ]


def test_what_a_verb_refuses_is_said_with_its_field(api: Api, harbour: Organisation, mara: User) -> None:
    with tenancy.within(harbour):
        sent = refusals(harbour, mara)
    for path, body, status, field in sent:
        answer = api("post", path, body)
        assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), (body, answer.content)
        assert list(fields(answer)) == ([field] if field else []), body


def test_an_import_comes_in_as_text(api: Api, harbour: Organisation) -> None:
    made = api(
        "post", "imports/", {"kind": "customers", "text": "key,name\nnew,New Ltd\n", "apply_at_once": True}
    )
    assert made.status_code == 201
    assert made.json()["state"] in ("waiting", "applied")


def test_a_stopped_celebration_comes_back(
    api: Api, harbour: Organisation, on_journey: Enrolment, mara: User
) -> None:
    api("post", "readings/", {"source": "x", "rows": [row(55)]})
    with tenancy.within(harbour):
        pk = Achievement.objects.earliest("pk").pk
    made = api("post", "celebrations/", {"achievement": pk}).json()
    assert made["state"] == "review"
    assert api("post", f"celebrations/{made['id']}/stop/", {"why": "wait"}).json()["state"] == "stopped"
    back = api("post", f"celebrations/{made['id']}/return/", {})
    assert back.status_code == 200, back.content
    assert back.json()["state"] == "review"
    assert (
        api("patch", f"celebrations/{made['id']}/", {"personal_line": "Well done."}).json()["personal_line"]
        == "Well done."
    )
