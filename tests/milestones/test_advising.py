"""Advice on wording and criteria: explained, the author's to set aside, and the log says so."""

from dataclasses import replace

import pytest

from milestones import designing
from milestones.checking.advice import advice_on
from milestones.models import Journey
from milestones.outlines import CriterionOutline, MetricOutline, MilestoneOutline
from milestones.starters import starters
from organisations import tenancy
from organisations.models import Event
from tests.milestones.journey_editor import Editor, outline

METRICS = {
    key: MetricOutline(key, name)
    for key, name in [("logins", "Weekly logins"), ("calls", "Trainings held"), ("saved", "Hours saved")]
}
SAVED, YES, CLAIM = (
    CriterionOutline("metric", "saved"),
    CriterionOutline("confirmation"),
    CriterionOutline("claim"),
)


def codes(**said) -> list[str]:
    said.setdefault("criteria", (SAVED,))
    return [one.code for one in advice_on(MilestoneOutline(**said), METRICS)]


@pytest.mark.once
@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ({"name": "Kick-off held"}, ["vendor-name"]),
        ({"name": "Every planner logs in daily"}, ["usage-name"]),
        ({"name": "Planning takes half as long"}, []),
        ({"meaning": "Our team shows your planners how it works."}, ["vendor-meaning"]),
        ({"meaning": "Your planners see it without us."}, []),
        ({"criteria": (CriterionOutline("window", "calls"),)}, ["vendor-metric"]),
        ({"criteria": (CriterionOutline("metric", "logins"), SAVED)}, ["usage-metric"]),
        ({"criteria": (CLAIM,)}, ["only-our-word"]),
        ({"criteria": (CLAIM, SAVED), "join": "any"}, ["only-our-word"]),
        ({"criteria": (CLAIM, YES)}, []),
        ({"criteria": (CLAIM, YES, SAVED), "join": "at_least", "needed": "1"}, ["only-our-word"]),
        ({"criteria": (CLAIM, YES, SAVED), "join": "at_least", "needed": "2"}, []),
        ({"criteria": (CLAIM, YES, SAVED), "join": "at_least", "needed": "x"}, []),
        ({"criteria": ()}, []),
    ],
)
def test_it_advises_where_the_customer_s_outcome_is_missing(said, advice):
    assert codes(**said) == advice
    assert all(one.why for one in advice_on(MilestoneOutline(**{"criteria": (SAVED,)} | said), METRICS))


@pytest.fixture
def draft(harbour, theo, now) -> Journey:
    with tenancy.within(harbour):
        return designing.new_journey(organisation=harbour, name="Blank", by=theo, now=now)


@pytest.fixture
def editor(client_for, theo, draft) -> Editor:
    return Editor(client_for(theo), draft)


def test_the_author_decides_and_the_log_says_so(editor, draft, theo, harbour):
    editor.press("save", name="Kick-off held")
    assert "Reads like something we do" in editor.text
    assert "they do not celebrate it" in editor.text
    editor.press("set-aside-1-vendor-name", meaning="You decided who does what.")
    assert outline(draft).milestone(1).meaning == "You decided who does what."
    assert editor.editor.doubts_here == []
    assert "Kept as it is, against advice" in editor.text
    with tenancy.within(harbour):
        event = Event.objects.get(verb="advice_set_aside")
        assert (event.actor, event.subject_id) == (theo, draft.pk)
        assert event.data["milestone"] == "kick-off-held"
        assert event.data["code"] == "vendor-name"
    editor.press("set-aside-1-vendor-name")
    editor.press("set-aside-1-nonsense")
    editor.press("set-aside-x")
    with tenancy.within(harbour):
        assert Event.objects.filter(verb="advice_set_aside").count() == 1
    editor.press("save", name="Kick-off and training held")
    assert [one.code for one in editor.editor.doubts_here] == ["vendor-name"]


def test_advice_never_keeps_a_journey_from_being_published(draft, theo, now, harbour):
    with tenancy.within(harbour):
        whole = starters()["saas"].outline
        first = replace(whole.milestones[0], name="Training held")
        designing.save_draft(journey=draft, change=lambda _: whole.saying(first), by=theo, now=now)
        assert designing.publish(journey=draft, by=theo, now=now).published_at


def test_every_kind_is_written_in_the_editor_without_a_script(editor, draft, harbour, theo, now):
    """Each kind is added by its button; what is wrong stands at its field; it reads as a sentence."""
    editor.press("measure", new_metric_name="Score", new_metric_unit="%")
    editor.press("add-change", **{"criterion-1-threshold": "40"})
    editor.press("add-sustained", **{"criterion-2-metric": "score", "criterion-2-threshold": "0"})
    assert "Write a number above 0" in editor.text
    editor.press(
        "add-window",
        **{"criterion-2-threshold": "10", "criterion-3-metric": "score", "criterion-3-threshold": "5"},
    )
    editor.press(
        "add-survey", **{"criterion-4-metric": "score", "criterion-4-threshold": "9", "criterion-4-days": "x"}
    )
    assert "is not a number of days" in editor.text
    editor.press(
        "add-support",
        **{"criterion-4-days": "30", "criterion-5-metric": "score", "criterion-5-threshold": "11"},
    )
    assert "lies outside the scale" in editor.text
    editor.press("add-claim", **{"criterion-5-threshold": "8", "criterion-6-urgency": "high"})
    editor.press("save", join="at_least", needed="9", **{"criterion-7-way": "link"})
    assert "Write a number from 1 to 7" in editor.text
    editor.press("save", needed="3")
    first = outline(draft).milestone(1)
    metrics = {one.key: one for one in outline(draft).metrics}
    assert [one.sentence(metrics).replace("\N{NO-BREAK SPACE}", " ") for one in first.criteria] == [
        "Score is at least 40 %",
        "Score rises by at least 10 % "
        "against their last reading at or before the start, else their first after it",
        "Score stays at least 5 % for 30 days on end; each reading holds for 10 days",
        "There are at least 9 readings of Score within 30 days",
        "The mean of the 5 newest answers to Score is at least 8 % (scale 0 to 10)",
        "No support case of urgency “high” is open for 30 days on end",
        "The CSM claims it, with a link",
    ]
    assert "It is so when at least 3 of these hold" not in editor.text  # the editor has a field for it
    assert (first.join, first.needed) == ("at_least", "3")
