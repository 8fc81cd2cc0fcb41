import pytest
from kombu import Producer

from tests.services.brokers import Broker


class Queue:
    """The default exchange, as Celery publishes: no binding is needed to reach a queue."""

    def __init__(self, channel):
        self.channel = channel

    def put(self, body):
        Producer(self.channel).publish(body, exchange="", routing_key="bosai")

    def get(self):
        message = self.channel.basic_get("bosai", no_ack=True)
        return message and message.decode()


@pytest.fixture
def files(tmp_path):
    return Broker(tmp_path)


@pytest.fixture
def queue(files):
    with files.connection() as connection:
        yield Queue(connection.default_channel)


def folder(files, name):
    return files.state / "broker" / name


def test_messages_come_in_the_order_they_were_sent(queue):
    for number in range(20):
        queue.put(number)
    assert [queue.get() for _ in range(21)] == [*range(20), None]


def test_it_makes_its_folders_again_to_send(files, queue):
    queue.put("first")
    files.destroy()
    queue.put("second")
    assert queue.get() == "second"


def test_it_makes_its_folders_again_to_look(files, queue):
    queue.put("lost")
    files.destroy()
    assert queue.get() is None
    assert folder(files, "messages").is_dir()


def test_it_drops_an_unreadable_message_and_goes_on(files, queue, caplog):
    queue.put("whole")
    (folder(files, "messages") / "00_torn.bosai.msg").write_text('{"bod')
    assert queue.get() == "whole"
    assert "dropped an unreadable message: 00_torn.bosai.msg" in caplog.text


def test_a_message_is_never_seen_half_written(files, queue, monkeypatch):
    queue.put("whole")
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: 1 / 0)  # the power goes while writing
    with pytest.raises(ZeroDivisionError):
        queue.put("half")
    monkeypatch.undo()
    assert [queue.get(), queue.get()] == ["whole", None]


def test_a_torn_exchange_file_keeps_nobody_out(files, queue):
    queue.channel._queue_bind("control", "", "", "first")
    (folder(files, "control") / "control.exchange").write_text("")
    queue.channel._queue_bind("control", "", "", "second")
    assert [bound.queue for bound in queue.channel.get_table("control")] == ["second"]
