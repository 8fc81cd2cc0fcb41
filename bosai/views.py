"""What machines ask: does this process answer, may it get requests, how is it doing.

No session, no cookie, any Host: `ProbeMiddleware` answers these before anything else looks at the request.
"""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from bosai import metrics as numbers
from organisations import replicas

PRIVATE = {"Cache-Control": "no-store"}


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks no database: one that is down must not get every web process killed."""
    return _say("ok")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the database answers and has every table and column this version expects."""
    try:
        missing = _expected() - set(MigrationRecorder(connection).applied_migrations())
    except DatabaseError:
        connection.close()  # whatever broke, the next one asks anew
        return _say("the database does not answer", status=503)
    if missing:
        return _say("the database is not migrated: ./run manage migrate", status=503)
    return _say("\n".join(["ok", *_replica()]))


def _replica() -> list[str]:
    """For people who look: without its replica a process is as ready as with it."""
    if not replicas.is_set_up():
        return []
    found = replicas.standing()
    age = "" if found.age is None else f"{found.age:.0f} s behind"
    return [f"replica: {', '.join(filter(None, [age, found.why_not and f'not read: {found.why_not}']))}"]


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, with the token of BOSAI_METRICS_TOKEN; without it there is no such page."""
    given = request.headers.get("Authorization", "")
    wanted = settings.METRICS_TOKEN
    if not wanted or not constant_time_compare(given, f"Bearer {wanted}"):
        raise Http404
    body = numbers.rendered(now=timezone.now())
    return HttpResponse(body, content_type=numbers.CONTENT_TYPE, headers=PRIVATE)


@cache
def _expected() -> set[tuple[str, str]]:
    """The newest migration of every app; they imply the others."""
    return set(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _say(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain", headers=PRIVATE)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}
