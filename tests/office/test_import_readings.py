"""Readings from a file: identity, correction, metrics; judged once, in the same transaction."""

from datetime import UTC, datetime

import pytest

from customers.models import LatestReading, Metric, Reading
from milestones import judging
from milestones.models import Achievement
from organisations.models import Event
from tests.factories import make_customer, make_enrolment, make_journey, make_metric
from tests.office.bringing import bring, ends, refusal

HEADER = "customer,metric,at,value"


@pytest.fixture
def kestrel(in_harbour):
    return make_customer(in_harbour, "Kestrel", key="kestrel")


@pytest.fixture
def score(in_harbour):
    return make_metric(in_harbour)


def rows(*lines: str, header: str = HEADER) -> str:
    return "\n".join([header, *lines])


def test_it_stores_readings_and_keeps_the_latest(in_harbour, kestrel, score):
    content = rows("kestrel,score,2026-02-01,41.5", "kestrel,score,2026-01-01 12:00,39")
    import_ = bring(in_harbour, "readings", content, source="crm")
    assert import_.counts == {"new": 2}
    reading = Reading.objects.get(value=39)
    assert reading.at == datetime(2026, 1, 1, 11, tzinfo=UTC)
    assert (reading.source, reading.import_id) == ("crm", import_.pk)
    assert LatestReading.objects.get().value == 41.5


def test_it_changes_nothing_when_the_same_file_comes_twice(in_harbour, kestrel, score):
    content = rows("kestrel,score,2026-02-01,41.5")
    bring(in_harbour, "readings", content)
    assert bring(in_harbour, "readings", content).counts == {"unchanged": 1}
    assert Reading.objects.count() == 1


def test_it_takes_another_value_at_the_same_time_as_a_correction(in_harbour, kestrel, score):
    bring(in_harbour, "readings", rows("kestrel,score,2026-02-01,41"))
    import_ = bring(in_harbour, "readings", rows("kestrel,score,2026-02-01,43"))
    assert import_.counts == {"changed": 1}
    assert ends(import_)[2][1] == "41 becomes 43"
    assert Reading.objects.standing().get().value == 43
    assert Event.objects.get(verb="reading_corrected").data == {"metric_id": score.pk, "from": 41, "to": 43}


def test_it_knows_readings_by_their_id_when_there_is_one(in_harbour, kestrel, score):
    header = "customer,metric,at,value,id"
    bring(in_harbour, "readings", rows("kestrel,score,2026-02-01,41,r1", header=header))
    import_ = bring(in_harbour, "readings", rows("kestrel,score,2026-02-05,41,r1", header=header))
    assert import_.counts == {"changed": 1}
    assert Reading.objects.standing().get().at == datetime(2026, 2, 4, 23, tzinfo=UTC)


def test_it_keeps_two_sources_apart(in_harbour, kestrel, score):
    header = "customer,metric,at,value,id"
    content = rows("kestrel,score,2026-02-01,41,r1", header=header)
    bring(in_harbour, "readings", content, source="crm")
    assert bring(in_harbour, "readings", content, source="billing").counts == {"new": 1}


def test_it_judges_in_the_same_transaction_and_only_once(in_harbour, kestrel, score, monkeypatch):
    journey = make_journey(in_harbour, metric=score)
    make_enrolment(kestrel, journey)
    calls = []
    judge = judging.judge

    def counted(**how):
        calls.append(how)
        return judge(**how)

    monkeypatch.setattr(judging, "judge", counted)
    monkeypatch.setattr("office.importing.applying.CHUNK", 1)
    bring(in_harbour, "readings", rows("kestrel,score,2026-02-01,41", "kestrel,score,2026-01-15,60"))
    assert len(calls) == 1
    assert calls[0]["customer_ids"] == {kestrel.pk}
    reached = Achievement.objects.standing()
    assert {each.achieved_at for each in reached} == {datetime(2026, 1, 14, 23, tzinfo=UTC)}
    assert all(each.is_to_celebrate and not each.is_history for each in reached)


def test_it_marks_what_comes_as_history(in_harbour, kestrel, score):
    make_enrolment(kestrel, make_journey(in_harbour, metric=score))
    bring(in_harbour, "readings", rows("kestrel,score,2026-02-01,41"), is_history=True)
    assert set(Achievement.objects.values_list("is_history", "is_to_celebrate")) == {(True, False)}


def test_it_makes_metrics_only_when_the_mapping_says_so(in_harbour, kestrel):
    content = rows("kestrel,logins,2026-02-01,41")
    import_ = bring(in_harbour, "readings", content)
    assert refusal(import_) == (2, "metric", "logins", "there is no such metric; there are: none yet")
    mapping = {
        "customer": "customer",
        "metric": {"from": "metric", "create": True},
        "at": "at",
        "value": "value",
    }
    assert bring(in_harbour, "readings", content, mapping=mapping).counts == {"new": 1}
    assert Metric.objects.get().key == "logins"
    bad = bring(in_harbour, "readings", content.replace("logins", "no slug!"), mapping=mapping)
    assert refusal(bad)[3] == "a metric's key holds letters, digits, - and _"


def test_it_makes_no_metric_in_a_dry_run(in_harbour, kestrel):
    mapping = {
        "customer": "customer",
        "metric": {"from": "metric", "create": True},
        "at": "at",
        "value": "value",
    }
    import_ = bring(in_harbour, "readings", rows("kestrel,x,2026-02-01,41"), mapping=mapping, is_dry_run=True)
    assert (import_.state, import_.counts) == ("checked", {"new": 1})
    assert not Metric.objects.exists()


def test_it_refuses_a_second_value_for_the_same_time_in_one_file(in_harbour, kestrel, score):
    content = rows(
        "kestrel,score,2026-02-01,41", "kestrel,score,2026-02-01,42", "kestrel,score,2026-02-01,41"
    )
    assert ends(bring(in_harbour, "readings", content)) == {
        2: ("new", ""),
        3: ("refused", "line 2 is about the same and says otherwise"),
        4: ("unchanged", "the same as line 2"),
    }


def test_it_stores_nothing_when_one_row_is_refused(in_harbour, kestrel, score):
    import_ = bring(
        in_harbour, "readings", rows("kestrel,score,2026-02-01,41", "kestrel,score,2026-02-02,many")
    )
    assert refusal(import_) == (3, "value", "many", "is not a number")
    assert not Reading.objects.exists()
