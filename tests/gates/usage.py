"""Nothing is untested: every address, template, mail, task and command is used by some test.

As a pytest plugin it notes what a test run used, into the folder that BOSAI_TEST_USAGE names; without it,
nothing happens. `python -m tests.gates.usage FOLDER` says what no process used. `./run test` does both when
it runs everything; a part of the tests proves nothing about the rest.
"""

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

type Used = dict[str, set[str]]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "BOSAI_TEST_USAGE"
KINDS = {
    "address": "addresses", "template": "templates", "mail": "mails", "task": "tasks", "command": "commands",
}  # fmt: skip

NEEDLESS: dict[str, dict[str, str]] = {
    # kind: {name: why no test need use it}
}
"""What no test need use, by kind and name, with the reason."""


class Notes:
    """What this process used."""

    def __init__(self) -> None:
        self.used: Used = {kind: set() for kind in KINDS}

    def watch(self) -> None:
        """From now on. Wraps the one place that everything of a kind passes."""
        from celery.app.task import Task
        from django.core.handlers.base import BaseHandler
        from django.core.management.base import BaseCommand
        from django.test.signals import template_rendered

        from post import posting

        _after(BaseHandler, "get_response", self._answered)
        _after(BaseCommand, "execute", self._commanded)
        _after(Task, "__call__", lambda _done, task, *_a, **_k: self.used["task"].add(task.name))
        _after(posting, "post", lambda done, **_k: self.used["mail"].add(str(done.purpose)))
        template_rendered.connect(self._rendered)

    def _answered(self, response: Any, _handler: Any, request: Any) -> None:
        """An address counts when it did what it is for: refusals and the way to sign-in are no use of it."""
        match = getattr(request, "resolver_match", None)
        if match and response.status_code < 400 and "/accounts/login/" not in response.get("Location", ""):
            self.used["address"].add(match.view_name)

    def _commanded(self, _done: Any, command: Any, *_arguments: Any, **_options: Any) -> None:
        self.used["command"].add(type(command).__module__.rpartition(".")[2])

    def _rendered(self, template: Any, **_given: Any) -> None:
        self.used["template"].add(str(template.origin.template_name))

    def write(self, folder: Path) -> None:
        named = {kind: sorted(names) for kind, names in self.used.items()}
        (folder / f"{os.getpid()}.json").write_text(json.dumps(named))


def _after(owner: Any, name: str, note: Callable[..., object]) -> None:
    """Call `note(result, …)` with every call of `owner.name` that ends well."""
    before = getattr(owner, name)

    @functools.wraps(before)
    def noting(*args: Any, **kwargs: Any) -> Any:
        result = before(*args, **kwargs)
        note(result, *args, **kwargs)
        return result

    setattr(owner, name, noting)


def pytest_configure(config: pytest.Config) -> None:
    if folder := os.environ.get(FOLDER):
        config.pluginmanager.register(Keeper(Path(folder)), "usage-keeper")


class Keeper:
    """Notes from the first test of this process to its last."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.notes = folder, Notes()

    def pytest_sessionstart(self) -> None:
        self.notes.watch()

    def pytest_sessionfinish(self) -> None:
        self.notes.write(self.folder)


def note_by_hand(kind: str, name: str) -> None:
    """For what a test does in a process of its own, such as `manage.py NAME`."""
    if folder := os.environ.get(FOLDER):
        kept = Path(folder) / f"by-hand-{kind}-{name}.json"
        kept.write_text(json.dumps({kind: [name]}))


def merged(folder: Path) -> Used:
    total: Used = {kind: set() for kind in KINDS}
    for path in folder.glob("*.json"):
        for kind, names in json.loads(path.read_text()).items():
            total[kind] |= set(names)
    return total


def existing() -> Used:
    """Everything of ours that a test could use. Needs Django to be set up."""
    from django.core.management import get_commands

    from bosai.celery import app
    from post.models import Delivery
    from tests.house.patterns import patterns

    app.loader.import_default_modules()
    folder = ROOT / "templates"
    rooms = {room for room in os.listdir(ROOT) if (ROOT / room / "__init__.py").exists()}
    return {
        "address": {name for name, _route, _pattern in patterns()},
        "template": {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()},
        "mail": set(Delivery.Purpose.values),
        "task": {name for name in app.tasks if name.split(".")[0] in rooms},
        "command": {name for name, room in get_commands().items() if room in rooms},
    }


def unused(used: Used, there_is: Used) -> Used:
    return {kind: names - used[kind] - NEEDLESS.get(kind, {}).keys() for kind, names in there_is.items()}


def report(left: Used, there_is: Used) -> Iterable[str]:
    yield "used by tests: " + ", ".join(
        f"{len(names) - len(left[kind])} of {len(names)} {KINDS[kind]}" for kind, names in there_is.items()
    )
    for kind, names in left.items():
        for name in sorted(names):
            yield f"  no test uses the {kind} {name}"


def main(folder: str) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    there_is = existing()
    left = unused(merged(Path(folder)), there_is)
    for line in report(left, there_is):
        sys.stdout.write(line + "\n")
    return int(any(left.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
