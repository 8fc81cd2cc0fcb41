"""A process for each mutant, forked from one that has imported everything and collected all tests.

As a pytest plugin: where `BOSAI_TEST_MUTANTS` names a file of mutants with their tests, those run in place of
the collected ones. The changed function is put in place of the one that lives, wherever it is known already;
each process has the database as it was. Answers go beside the file: 1 noticed, 0 not, 2 it cannot be done so.
"""

import functools
import gc
import json
import os
import pickle
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep
from types import CodeType, FunctionType

import pytest

from tests.gates.mutating import ROOT, Mutant

GIVEN = "BOSAI_TEST_MUTANTS"
SECONDS, CPU_SECONDS = 900, 60  # for all tests of one mutant
NOT_NOTICED, NOTICED, IMPOSSIBLE = 0, 1, 2


def pytest_configure(config: pytest.Config) -> None:
    if given := os.environ.get(GIVEN):
        config.pluginmanager.register(Trier(Path(given)), "mutant-trier")


class Trier:
    def __init__(self, given: Path) -> None:
        self.given = given

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        self._warm_up(session.items)
        with self.given.with_suffix(".json").open("w") as answers:
            for mutant, tests in pickle.loads(self.given.read_bytes()):
                answer = _in_a_fork(
                    lambda m=mutant, t=tests: _answer(m, [items[name] for name in t if name in items])
                )
                answers.write(json.dumps(answer) + "\n")
                answers.flush()
        return True

    def _warm_up(self, items: Sequence[pytest.Item]) -> None:
        """A database and a mail server, once for all."""
        first = next(item for item in items if "mail_server" in getattr(item, "fixturenames", ()))
        elsewhere = next(item for item in items if item.path.parent != first.path.parent)
        first.config.hook.pytest_runtest_protocol(item=first, nextitem=elsewhere)
        assert not first.session.testsfailed, "it fails unchanged"
        from django.db import connections

        connections.close_all()


def _in_a_fork(work: Callable[[], int]) -> int:
    child = os.fork()
    if not child:
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
            os._exit(work())
        except BaseException:
            os._exit(NOTICED)
    until = monotonic() + SECONDS
    while monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else NOTICED
        sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return NOTICED


def _answer(mutant: Mutant, items: Sequence[pytest.Item]) -> int:
    if not _put_in_place(mutant):
        return IMPOSSIBLE
    for cached in gc.get_objects():
        if type(cached) is functools._lru_cache_wrapper:  # isinstance would wake lazy objects
            cached.cache_clear()
    with tempfile.TemporaryDirectory() as folder:
        _use_database_of_its_own(Path(folder) / "test.sqlite3")
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if item.session.testsfailed:
                return NOTICED
    return NOT_NOTICED


def _use_database_of_its_own(path: Path) -> None:
    from django.db import connection

    shutil.copy(str(connection.settings_dict["NAME"]), path)
    connection.settings_dict["NAME"] = str(path)


def _put_in_place(mutant: Mutant) -> bool:
    path = str(ROOT / mutant.path)
    source = mutant.source(Path(path).read_text(encoding="utf-8"))
    changed = [code for code in _codes(compile(source, path, "exec")) if code.co_qualname == mutant.function]
    living = [
        each
        for each in gc.get_objects()
        if type(each) is FunctionType  # isinstance would wake lazy objects
        and each.__code__.co_filename == path
        and each.__code__.co_qualname == mutant.function
    ]
    if len(changed) != 1 or len(living) != 1:
        return False
    try:
        living[0].__code__ = changed[0]
    except ValueError:
        return False
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def answers_of(given: Path) -> list[int]:
    return [json.loads(line) for line in given.with_suffix(".json").read_text().splitlines()]
