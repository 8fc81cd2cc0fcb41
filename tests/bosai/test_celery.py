import os
import signal
import subprocess
import sys

import pytest

from tests.services import processes
from tests.services.brokers import TOUCH
from tests.services.processes import alive_in_session, wait_until

pytestmark = [pytest.mark.redis, pytest.mark.slow, pytest.mark.alone]


def test_a_task_runs_in_the_worker(broker, worker, tmp_path):
    trace = tmp_path / "trace"
    broker.send(TOUCH, path=str(trace))
    assert int(wait_until(lambda: trace.exists() and trace.read_text(), "the task")) != os.getpid()


def test_the_worker_survives_the_loss_of_its_broker(broker, worker, tmp_path):
    trace = tmp_path / "trace"
    broker.destroy()
    broker.restore()

    def arrived() -> bool:
        broker.send(TOUCH, path=str(trace))  # what was sent before the worker came back may be lost
        return trace.exists()

    wait_until(arrived, "a task after the loss")
    assert worker.process.poll() is None


def test_publishing_gives_up_in_time(tmp_path, black_hole):
    """Redis refused, and Redis that accepts and never answers."""
    once = "start = time.monotonic()\ntry: app.send_task('x', retry=False)\nexcept Exception: pass\n"
    script = f"import time; from bosai.celery import app\n{once}{once}print(time.monotonic() - start)"
    for port in (processes.free_port(), black_hole):
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "bosai.settings", "BOSAI_STATE": str(tmp_path)}
        env["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True)
        assert float(done.stdout) < 1.5


def test_the_pool_does_not_outlive_a_killed_worker(broker, worker):
    assert len(alive_in_session(worker.process.pid)) == 3
    os.kill(worker.process.pid, signal.SIGKILL)
    wait_until(lambda: not alive_in_session(worker.process.pid), "the pool to end", seconds=5)


def test_sigterm_stops_the_worker_in_peace(broker, worker):
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(10) == 0
    assert alive_in_session(worker.process.pid) == []
