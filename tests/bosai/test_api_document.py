"""The document of the API is true: machines that read it find the API as it says, people find it all."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from hypothesis import Phase, given
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from bosai.wsgi import application
from organisations import tenancy
from organisations.models import Organisation, User
from tests.bosai.test_api import Api
from tests.factories import make_contact, make_customer, make_enrolment, make_journey, make_metric
from tests.house.ours import ROOT
from tests.services.installation import Installation
from ui.api.views import document

BIN = Path(sys.executable).parent
SETTINGS = ROOT / "tests/bosai/schemathesis.toml"
AT_NIGHT = [ignored_auth, positive_data_acceptance]  # need its settings, which st reads from a file
A_FEW = hypothesis.settings(
    max_examples=2,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(hypothesis.HealthCheck),
)


@pytest.mark.once
def test_it_is_made_without_a_warning() -> None:
    reset_generator_stats()
    SchemaGenerator().get_schema(public=True)
    assert (GENERATOR_STATS._warn_cache, GENERATOR_STATS._error_cache) == ({}, {})


@pytest.mark.once
@pytest.mark.django_db
def test_everybody_may_read_it(client: Client) -> None:
    answer = client.get("/api/v1/schema/")
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json;version=3.1"
    said = answer.json()
    assert said["openapi"].startswith("3.1")
    operations = [one for methods in said["paths"].values() for one in methods.values()]
    assert all(one["security"] == [{"token": []}] for one in operations)
    bodies = {name: one for name, one in said["components"]["schemas"].items() if name.endswith("Request")}
    assert all(one["additionalProperties"] is False for one in bodies.values() if one["type"] == "object")


@pytest.mark.once
@pytest.mark.django_db
def test_the_reference_shows_every_operation_field_and_refusal(client: Client) -> None:
    page = client.get("/api/v1/reference/").text
    for methods in document()["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    for text in (
        "rows[].external_id",
        "commitments[].due_on",
        "versions[].milestones[].criteria[].threshold",
    ):
        assert f"<code>{text}</code>" in page
    assert 'id="problem-too-often"' in page
    assert "<script>" not in page


@pytest.fixture
def one_connection(db: None) -> Iterator[None]:
    """Django closes connections between requests; the test's own stays, as with Django's test client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.once
@pytest.mark.usefixtures("one_connection")
def test_it_is_found_as_its_document_says(harbour: Organisation, ada: User, settings: Any) -> None:
    """A few requests of each operation; `./run nightly` sends 200 of each, and follows what they made."""
    settings.API_PER_MINUTE = 1_000_000
    with tenancy.within(harbour):
        make_contact(make_customer(harbour))
    api = Api(harbour, ada)
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", application)
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @A_FEW
        @given(case=operation.as_strategy())
        def agree(case: Any) -> None:
            response = case.call(headers={"Authorization": f"Bearer {api.text}"})
            assert response.status_code < 500
            case.validate_response(response, excluded_checks=AT_NIGHT)

        agree()
        tried += 1
    assert tried > 70


@pytest.fixture
def lived_in(installation: Installation) -> Installation:
    """An installation of its own, with a customer, a person, a call and a promise."""
    installation.env["BOSAI_API_PER_MINUTE"] = "100000000"
    if "DATABASE_URL" not in installation.env:
        installation.manage("migrate", "-v0")
    installation.manage(
        "create_organisation", "--slug", "harbour", "--name", "Harbour", "--admin", "ada@harbour.example"
    )
    installation.start()
    return installation


@pytest.mark.nightly
@pytest.mark.once
@pytest.mark.timeout(5400)
@pytest.mark.parametrize("scope", ["read", "write"])
def test_schemathesis_finds_nothing(lived_in: Installation, scope: str, tmp_path: Path) -> None:
    """All checks, stateful, 200 examples an operation, a fixed seed."""
    token = lived_in.manage(
        "token", "--organisation", "harbour", "--name", scope, "--scope", scope
    ).stdout.strip()
    command: list[Any] = [f"{BIN}/st", "--config-file", SETTINGS, "run", f"{lived_in.url}/api/v1/schema/"]
    command += ["-H", f"Authorization: Bearer {token}", "-n", "200", "--seed", "20261125"]
    command += ["--continue-on-failure", "--checks", "all", "--phases", "examples,coverage,fuzzing,stateful"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=dict(os.environ))
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_generated_client_runs_the_documented_example(
    live_server: Any, harbour: Organisation, ada: User, tmp_path: Path
) -> None:
    with tenancy.within(harbour):
        customer = make_customer(harbour)
        make_enrolment(customer, make_journey(harbour, metric=make_metric(harbour)))
    given_schema, config = tmp_path / "schema.json", tmp_path / "config.yaml"
    given_schema.write_text(json.dumps(document()))
    config.write_text("post_hooks: []\n")
    made = subprocess.run(
        [f"{BIN}/openapi-python-client", "generate", "--path", given_schema, "--config", config,
         "--output-path", tmp_path / "bosai_client", "--meta", "none", "--fail-on-warning"],
        capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip
    assert (made.returncode, "Warning" in made.stdout + made.stderr) == (0, False), made.stdout + made.stderr
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "BOSAI": live_server.url}
    done = subprocess.run(
        [sys.executable, ROOT / "docs/examples/api_client.py"],
        capture_output=True, text=True, env=environment | {"TOKEN": Api(harbour, ada).text},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "409 Another customer has this key" in done.stdout
    assert "1 new, 5 milestones reached" in done.stdout
    assert "m5 2026-03-02 not verified" in done.stdout
