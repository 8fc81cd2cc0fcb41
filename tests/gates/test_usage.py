"""The gate that says what no test uses, and the list of what Bosai is made of."""

import json

import pytest
from django.http import HttpRequest, HttpResponse

from tests.gates import sbom, usage

pytestmark = pytest.mark.django_db  # Celery closes connections before it imports tasks


class Match:
    view_name = "dashboards:today"


def _answered(status: int, location: str = "") -> set[str]:
    notes, request = usage.Notes(), HttpRequest()
    request.resolver_match = Match()  # type: ignore[assignment]
    response = HttpResponse(status=status, headers={"Location": location} if location else None)
    notes._answered(response, None, request)
    return notes.used["address"]


def test_an_address_counts_when_it_did_what_it_is_for():
    assert _answered(200) == _answered(302, "/o/harbour/today/") == {"dashboards:today"}


def test_an_address_that_refuses_does_not_count():
    assert _answered(403) == _answered(302, "/accounts/login/?next=/o/harbour/today/") == set()


def test_it_adds_up_what_processes_used_and_names_the_rest(tmp_path, monkeypatch):
    notes = usage.Notes()
    notes.used["task"].add("post.tasks.dispatch")
    notes.write(tmp_path)
    monkeypatch.setenv(usage.FOLDER, str(tmp_path))
    usage.note_by_hand("command", "post")
    used = usage.merged(tmp_path)
    assert used["task"] == {"post.tasks.dispatch"}
    there_is = usage.existing()
    left = usage.unused(used, there_is)
    assert "post" not in left["command"]
    assert "sweep" in left["command"]
    said = list(usage.report(left, there_is))
    assert "  no test uses the command sweep" in said
    assert f" of {len(there_is['address'])} addresses, " in said[0]


def test_everything_that_is_ours_is_asked_for():
    there_is = usage.existing()
    assert {"dashboards:today", "post:outbox"} <= there_is["address"]
    assert {"base.html", "ui/charts/bar.svg", "emails/post/test.txt"} <= there_is["template"]
    assert {"celebration", "contest"} <= there_is["mail"]
    assert {"post.tasks.dispatch", "office.tasks.work_on_import"} <= there_is["task"]
    assert {"post", "sweep", "import_csv", "roles"} <= there_is["command"]


def test_the_bill_of_materials_is_as_the_lock_has_it():
    """Renewed the lock: python -m tests.gates.sbom"""
    assert sbom.main(["--check"]) == 0
    content = json.loads(sbom.FILE.read_text())
    assert {one["name"] for one in content["components"]} >= {"django", "celery", "granian"}
    assert all(one["hashes"] and one["purl"].endswith(one["version"]) for one in content["components"])


def test_a_package_that_joins_the_lock_is_missed():
    made = sbom.components("left-pad==1.0 \\\n    --hash=sha256:" + "a" * 64 + "\n")
    assert made[0]["purl"] == "pkg:pypi/left-pad@1.0"
    assert made[0]["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]
