"""`./run` in folders of its own, with Pythons that are and are not what their names say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import processes

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
REAL = Path(sys.base_prefix) / "bin" / "python3"


class Checkout:
    """A folder with `run`, locks without packages, and a manage.py that says who runs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "check out"
        self.folder.mkdir()
        shutil.copy(ROOT / "run", self.folder)
        self.lock("requirements.lock", "# nothing\n")
        self.lock("requirements-dev.lock", "# nothing, for developers\n")
        (self.folder / "manage.py").write_text(
            "import sys, os; print(sys.version_info[:2] >= (3, 12), *sys.argv[1:], os.environ['BOSAI_STATE'])"
        )
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in ("sh", "cat", "cmp", "cp", "dirname", "env", "mkdir", "mv", "rm", "sleep"):
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.home = folder / "home"

    def lock(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def program(self, name: str, script: str) -> Path:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def pyenv(self, version: str) -> None:
        where = self.home / ".pyenv" / "versions" / version / "bin"
        where.mkdir(parents=True)
        (where / "python3").symlink_to(REAL)

    def environment(self) -> dict[str, str]:
        return {"PATH": str(self.bin), "HOME": str(self.home), "PIP_NO_INDEX": "1"}

    def run(self, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "run", *arguments],
            env=self.environment() | env,
            cwd=self.folder.parent,
            capture_output=True,
            text=True,
        )


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


def test_it_finds_pyenvs_python_behind_shims_that_fail(checkout):
    checkout.program("python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    checkout.program("python3", "echo 'Python 3.11.7'; exit 1")
    checkout.pyenv("3.13.0")
    done = checkout.run("manage", "check", "--flag with space")
    assert done.stdout.split(maxsplit=1)[0] == "True"
    assert "check --flag with space" in done.stdout
    assert done.returncode == 0


def test_it_says_what_to_type_when_there_is_no_python(checkout):
    checkout.program("python3", "echo 'Python 3.11.7'; exit 1")
    done = checkout.run("demo")
    assert done.returncode == 1
    assert "needs Python 3.12, 3.13 or 3.14, and found none (Python 3.11.7)" in done.stderr
    assert "apt install python3.13" in done.stderr
    assert not (checkout.folder / ".venv").exists()


def test_it_works_with_uv_alone(checkout):
    made = 'shift; while [ $# -gt 1 ]; do shift; done; "$REAL" -m venv --without-pip "$1"'
    checkout.program(
        "uv",
        'echo "$*" >> "$HOME/asked"\n'
        f'REAL={REAL}\ncase "$1 $2" in\n'
        '"python find") [ -e "$HOME/fetched" ] && echo "$REAL" ;;\n'
        '"python install") : > "$HOME/fetched" ;;\n'
        f'"venv "*) {made} ;;\nesac',
    )
    checkout.home.mkdir()
    done = checkout.run("manage")
    assert (done.returncode, done.stdout.split()[0]) == (0, "True"), done.stderr
    asked = (checkout.home / "asked").read_text()
    assert "python install 3.13" in asked
    assert "pip install --quiet --require-hashes --python .venv/bin/python -r requirements.lock" in asked


def test_it_installs_again_only_when_the_lock_changed(checkout):
    first = checkout.run("manage", BOSAI_PYTHON=str(REAL))
    second = checkout.run("manage")
    checkout.lock("requirements.lock", "# something else\n")
    third = checkout.run("manage")
    assert [("installing" in done.stderr) for done in (first, second, third)] == [True, False, True]
    assert [done.returncode for done in (first, second, third)] == [0, 0, 0]


def test_demo_after_test_takes_nothing_away(checkout):
    (checkout.folder / "tests").mkdir()
    (checkout.folder / "tests" / "checks.py").write_text("")
    developing = checkout.run("check", BOSAI_PYTHON=str(REAL))
    assert "installing from requirements-dev.lock" in developing.stderr
    assert "installing" not in checkout.run("manage").stderr
    assert "installing" not in checkout.run("check").stderr


def test_two_at_once_install_once(checkout):
    command = [checkout.folder / "run", "manage"]
    env = checkout.environment() | {"BOSAI_PYTHON": str(REAL)}
    both = [processes.start(command, env=env, stdout=-1, stderr=-1) for _ in range(2)]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(b"installing" in err for _, err in said) == 1


def test_it_mends_an_environment_whose_python_is_gone(checkout):
    checkout.run("manage", BOSAI_PYTHON=str(REAL))
    python = checkout.folder / ".venv" / "bin" / "python"
    for link in python.parent.glob("python*"):
        link.unlink()
        link.symlink_to("/nowhere/python")
    done = checkout.run("manage", BOSAI_PYTHON=str(REAL))
    assert (done.returncode, done.stdout.split()[0]) == (0, "True"), done.stderr


def test_a_relative_state_folder_is_the_callers(checkout):
    done = checkout.run("manage", BOSAI_PYTHON=str(REAL), BOSAI_STATE="mine")
    assert done.stdout.strip().endswith(f"{checkout.folder.parent}/mine")


def test_an_unknown_command_gets_the_list(checkout):
    done = checkout.run("dmeo")
    assert done.returncode == 2
    assert "./run demo" in done.stderr


def test_the_locks_carry_hashes_and_no_address():
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
    assert not (ROOT / ".python-version").exists()
    assert not (ROOT / "uv.lock").exists()


def test_the_script_is_posix():
    assert os.access(ROOT / "run", os.X_OK)
    assert subprocess.run(["sh", "-n", ROOT / "run"]).returncode == 0
