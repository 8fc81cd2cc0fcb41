import pytest

from bosai.celery import app
from bosai.schedule import BEAT_SCHEDULE


@pytest.fixture(scope="module", autouse=True)
def _tasks():
    app.autodiscover_tasks(force=True)


@pytest.mark.parametrize("entry", BEAT_SCHEDULE.values(), ids=BEAT_SCHEDULE.keys())
def test_every_entry_is_a_known_task_and_expires_before_the_next_round(entry):
    assert entry["task"] in app.tasks
    assert entry["options"]["expires"] < entry["schedule"]


def test_no_task_carries_a_time_or_keeps_a_result():
    ours = [task for name, task in app.tasks.items() if not name.startswith(("celery.", "tests."))]
    assert ours
    assert all(task.ignore_result for task in ours)
    assert app.conf.result_backend is None
