"""Enrolments from a file: who set out when, who left when and why."""

from datetime import UTC, date, datetime

import pytest

from customers.models import Segment
from milestones import designing, enrolling, moving, varying
from milestones.models import Achievement, Enrolment, Journey, PastAchievement
from organisations.models import Event
from tests.factories import make_customer, make_enrolment, make_journey, make_metric, make_reading
from tests.office.bringing import NOW, bring, ends, refusal


@pytest.fixture
def journey(in_harbour):
    return make_journey(in_harbour, slug="first-data")


@pytest.fixture
def kestrel(in_harbour):
    return make_customer(in_harbour, "Kestrel", key="kestrel")


def test_it_enrols_each_with_a_start_of_their_own_or_none(in_harbour, journey, kestrel):
    make_customer(in_harbour, "Ostra", key="ostra")
    mapping = {
        "customer": "c",
        "journey": {"const": "first-data"},
        "started_on": {"from": "d", "days_from": "2026-01-01"},
    }
    import_ = bring(in_harbour, "enrolments", "c,d\nkestrel,-10\nostra,\n", mapping=mapping)
    assert import_.counts == {"new": 2}
    started = dict(Enrolment.objects.values_list("customer__key", "started_on"))
    assert started == {"kestrel": date(2025, 12, 22), "ostra": None}
    first = Enrolment.objects.get(customer=kestrel)
    assert first.started_at == datetime(2025, 12, 21, 23, tzinfo=UTC)  # midnight in Amsterdam
    assert first.enrolled_at == NOW
    assert Event.objects.filter(verb="enrolled").count() == 2


def test_it_judges_what_is_there_already_and_marks_history(in_harbour, kestrel):
    score = make_metric(in_harbour)
    make_journey(in_harbour, slug="first-data", metric=score)
    make_reading(kestrel, score, 50, at=datetime(2026, 2, 1, tzinfo=UTC))
    content = "customer,journey,started_on\nkestrel,first-data,2026-01-01\n"
    bring(in_harbour, "enrolments", content, is_history=True)
    assert Achievement.objects.filter(is_history=True, is_to_celebrate=False).count() == 5


@pytest.fixture
def variants(in_harbour, journey, theo):
    """For freight, and for routing."""
    for name, segment, use_case in (("Haul", "Freight", ""), ("Routes", "", "Routing")):
        made = {"base": journey, "name": name, "segment": segment, "use_case": use_case}
        variant = varying.begin_variant(**made, by=theo, now=NOW)
        designing.publish(journey=variant, by=theo, now=NOW)
    return Segment.objects.get()


FITTING = "customer,journey,fitting,started_on\n"


def test_it_enrols_on_what_fits_and_the_same_file_changes_nothing(in_harbour, kestrel, journey, variants):
    kestrel.segment = variants
    kestrel.save()
    make_customer(in_harbour, "Ostra", key="ostra")
    file = f"{FITTING}kestrel,first-data,yes,2026-01-01\nostra,haul,yes,\n"
    assert bring(in_harbour, "enrolments", file).counts == {"new": 2}
    on = dict(Enrolment.objects.values_list("customer__key", "journey__slug"))
    assert on == {"kestrel": "haul", "ostra": "first-data"}
    kestrel.segment = None  # who is on the family stays, whatever fits by now
    kestrel.save()
    assert bring(in_harbour, "enrolments", file).counts == {"unchanged": 2}
    assert Enrolment.objects.count() == 2


def test_who_was_moved_to_a_variant_is_found_there_by_the_same_file(in_harbour, kestrel, journey, variants):
    file = "customer,journey,started_on,ended_on\nkestrel,first-data,2026-01-01,{}\n"
    bring(in_harbour, "enrolments", file.format(""))
    haul = Journey.objects.get(slug="haul")
    ids = [Enrolment.objects.get().pk]
    moving.move(organisation=in_harbour, enrolment_ids=ids, version=haul.current_version(), by=None, now=NOW)
    assert bring(in_harbour, "enrolments", file.format("")).counts == {"unchanged": 1}
    reached = "customer,journey,milestone,at\nkestrel,first-data,m1,2026-02-01\n"
    assert bring(in_harbour, "achievements", reached).counts == {"new": 1}
    assert PastAchievement.objects.get().enrolment_id == ids[0]
    assert bring(in_harbour, "enrolments", file.format("2026-02-01")).counts == {"changed": 1}
    enrolment = Enrolment.objects.get()
    assert enrolment.journey == haul
    assert enrolment.ended_at


def test_it_refuses_a_row_whom_two_fit_equally_well_and_names_them(in_harbour, kestrel, variants):
    kestrel.segment, kestrel.use_case = variants, "routing"
    kestrel.save()
    import_ = bring(in_harbour, "enrolments", f"{FITTING}kestrel,first-data,yes,\n")
    assert refusal(import_) == (
        2,
        "fitting",
        "yes",
        "“haul”, “routes” fit equally well; name the one they set out on",
    )
    assert not Enrolment.objects.exists()
    assert bring(in_harbour, "enrolments", f"{FITTING}kestrel,routes,no,\n").counts == {"new": 1}


def test_it_changes_nothing_when_the_same_file_comes_twice(in_harbour, journey, kestrel):
    content = (
        "customer,journey,started_on,ended_on,ended_why\nkestrel,first-data,2026-01-01,2026-02-01,moved\n"
    )
    bring(in_harbour, "enrolments", content)
    before = list(Enrolment.objects.values())
    assert before[0]["ended_why"] == "moved"
    assert bring(in_harbour, "enrolments", content).counts == {"unchanged": 1}
    assert before == list(Enrolment.objects.values())


def test_it_moves_a_start_and_judges_again(in_harbour, kestrel):
    score = make_metric(in_harbour)
    make_journey(in_harbour, slug="first-data", metric=score)
    make_reading(kestrel, score, 50, at=datetime(2026, 2, 1, tzinfo=UTC))
    bring(in_harbour, "enrolments", "customer,journey,started_on\nkestrel,first-data,2026-03-01\n")
    assert not Achievement.objects.exists()
    import_ = bring(in_harbour, "enrolments", "customer,journey,started_on\nkestrel,first-data,2026-01-01\n")
    assert import_.counts == {"changed": 1}
    assert Achievement.objects.standing().count() == 5
    assert Event.objects.get(verb="start_changed").data["to"] == "2026-01-01"


def test_it_ends_enrolments_on_their_day(in_harbour, journey, kestrel):
    make_enrolment(kestrel, journey, started_on=date(2026, 1, 1))
    content = "customer,journey,started_on,ended_on\nkestrel,first-data,2026-01-01,2026-02-01\n"
    assert bring(in_harbour, "enrolments", content).counts == {"changed": 1}
    enrolment = Enrolment.objects.get()
    assert enrolment.ended_at == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert enrolment.ended_why
    assert enrolment.is_judged
    assert Event.objects.get(verb="enrolment_ended").subject_id == enrolment.pk


def test_it_enrols_again_after_an_end_within_one_file(in_harbour, journey, kestrel):
    rows = ["kestrel,first-data,2026-02-10,", "kestrel,first-data,2025-01-01,2025-06-01"]
    content = "\n".join(["customer,journey,started_on,ended_on", *rows])
    assert bring(in_harbour, "enrolments", content).counts == {"new": 2}
    assert Enrolment.objects.open().get().started_on == date(2026, 2, 10)
    assert bring(in_harbour, "enrolments", content).counts == {"unchanged": 2}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("nobody,first-data,,", (2, "customer", "nobody", "no customer has this key")),
        (
            "kestrel,last-data,,",
            (2, "journey", "last-data", "there is no such published journey; there are: first-data"),
        ),
        ("kestrel,first-data,2026-02-01,2026-01-01", (2, "ended_on", "2026-01-01", "lies before the start")),
        ("kestrel,first-data,2026-02-01,2027-01-01", (2, "ended_on", "2027-01-01", "lies in the future")),
    ],
)
def test_it_refuses_with_a_reason(in_harbour, journey, kestrel, row, expected):
    make_journey(in_harbour, slug="draft", published=False)
    import_ = bring(in_harbour, "enrolments", f"customer,journey,started_on,ended_on\n{row}\n")
    assert refusal(import_) == expected
    assert not Enrolment.objects.exists()


def test_it_refuses_a_customer_who_would_be_on_a_journey_twice(in_harbour, journey, kestrel):
    rows = ["kestrel,first-data,2026-01-01", "kestrel,first-data,2026-02-01"]
    import_ = bring(in_harbour, "enrolments", "\n".join(["customer,journey,started_on", *rows]))
    assert ends(import_)[3] == ("refused", "line 2 has this customer on this journey already")


def test_it_keeps_a_start_and_an_end_that_a_person_corrected_and_lists_them(
    in_harbour, journey, kestrel, mara
):
    content = "customer,journey,started_on\nkestrel,first-data,2026-01-01\n"
    bring(in_harbour, "enrolments", content)
    corrected = date(2026, 1, 15)
    enrolling.change_start(enrolment=Enrolment.objects.get(), started_on=corrected, by=mara, now=NOW)
    import_ = bring(in_harbour, "enrolments", content)
    row = import_.rows.get(end="kept")
    assert (row.column, row.value) == ("started_on", "2026-01-01")
    assert Enrolment.objects.get().started_on == corrected
    taken = {"from": "started_on", "edited": "take"}
    takes = {"customer": "customer", "journey": "journey", "started_on": taken}
    import_ = bring(in_harbour, "enrolments", content, mapping=takes)
    assert import_.counts == {"changed": 1}
    assert (Enrolment.objects.get().started_on, Enrolment.objects.get().edited) == (date(2026, 1, 1), {})
    enrolling.end(enrolment=Enrolment.objects.get(), why="Paused", by=mara, now=NOW)
    ended = "customer,journey,started_on,ended_on,ended_why\nkestrel,first-data,2026-01-01,2026-02-01,gone\n"
    assert bring(in_harbour, "enrolments", ended).counts == {"kept": 1}
    assert Enrolment.objects.get().ended_why == "Paused"


def test_it_refuses_a_day_outside_of_any_customers_life(in_harbour, journey, kestrel):
    content = "customer,journey,started_on\nkestrel,first-data,0001-01-01\n"
    assert "date" in refusal(bring(in_harbour, "enrolments", content))[3]
