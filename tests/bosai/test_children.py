from bosai import children
from bosai.children import Child, Log


def test_waits_between_restarts_double_up_to_half_a_minute():
    child, waits = Child("web", []), []
    for _ in range(9):
        waits.append(child.wait)
        child.grow_wait()
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_a_log_keeps_one_older_file_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(children, "LOG_BYTES", 100)
    log = Log(tmp_path, width=6)
    for number in range(100):
        log.line("web", b"line %d" % number)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["web.log", "web.log.1"]
    assert (tmp_path / "web.log").read_text().endswith("line 99\n")
    assert all(path.stat().st_size < 120 for path in tmp_path.iterdir())
