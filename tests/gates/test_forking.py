"""A mutant lives in its own process, in the function that everybody knows already, and nowhere else."""

from datetime import time
from pathlib import Path

from post import wishes
from tests.gates import forking
from tests.gates.mutating import mutants_of


def test_a_function_is_changed_in_a_fork_and_nowhere_else():
    is_between, text = wishes._is_between, Path(wishes.__file__).read_text()
    [mutant] = [
        each for each in mutants_of("post/wishes.py", text) if each.said.endswith("→  start < moment < end")
    ]

    def begins_at_its_start() -> bool:
        return is_between(time(9), time(9), time(10))

    def changed() -> int:
        assert begins_at_its_start()
        return 77 if forking._put_in_place(mutant) and not begins_at_its_start() else 78

    assert forking._in_a_fork(changed) == 77
    assert begins_at_its_start()


def test_what_breaks_in_a_fork_was_noticed():
    assert forking._in_a_fork(lambda: 1 // 0) == forking.NOTICED
