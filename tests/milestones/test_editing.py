"""Steps of the journey editor that have nothing to do: the outline stays as it is."""

import pytest

from milestones.editing import MOST_CRITERIA, MOST_MILESTONES, Edit
from milestones.outlines import MilestoneOutline, Outline


def outline_of(count: int) -> Outline:
    made = Outline(name="First data")
    for _ in range(count):
        made = made.saying(MilestoneOutline(stage="onboarding"))
    return made


def test_there_are_at_most_twelve_milestones():
    whole = outline_of(MOST_MILESTONES - 1)
    whole = Edit(handle=0, does="add-milestone")(whole)
    assert len(whole.milestones) == MOST_MILESTONES
    assert Edit(handle=0, does="add-milestone")(whole) == whole


def test_there_are_at_most_ten_criteria_to_a_milestone():
    whole = outline_of(1)
    handle = whole.milestones[0].handle
    for _ in range(MOST_CRITERIA + 3):
        whole = Edit(handle=handle, does="add-claim")(whole)
    assert len(whole.milestones[0].criteria) == MOST_CRITERIA


@pytest.mark.parametrize("does", ["add-claim", "remove-criterion-1", "measure", "remove-milestone"])
def test_a_milestone_that_is_not_there_is_not_changed(does):
    whole = outline_of(1)
    assert Edit(handle=99, does=does)(whole).milestones[:1] == whole.milestones
