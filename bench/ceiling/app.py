"""A minimal Django application: session, list, search, a page with 20 activities, one more activity.

Flat rows, one index for each question, no forms, no tenancy, no layout. `python -m bench.ceiling.app N`
makes and fills its tables and prints the session to come with.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django
import environ
from django.conf import settings

if not settings.configured:
    if os.environ.get("DATABASE_URL"):
        database = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    else:
        pragmas = "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
        name = Path(os.environ["BOSAI_STATE"]) / "ceiling.sqlite3"
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
    settings.configure(
        SECRET_KEY="a-key-for-measuring-only-and-nothing-else-at-all",
        ALLOWED_HOSTS=["127.0.0.1", "testserver"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parent / "templates"],
                "OPTIONS": {"context_processors": ["django.contrib.auth.context_processors.auth"]},
            }
        ],
        DATABASES={"default": database | {"CONN_MAX_AGE": None}},
    )
    django.setup()

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import path
from django.utils import timezone

ROWS = 50  # as many as our list shows


class Customer(models.Model):
    name = models.CharField(max_length=200)
    segment = models.CharField(max_length=40)
    owner = models.CharField(max_length=40)
    stage = models.CharField(max_length=40)
    called_at = models.DateTimeField()

    class Meta:
        app_label = "ceiling"
        indexes = [models.Index(fields=["name", "id"], name="by_name")]


class Activity(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)
    kind = models.CharField(max_length=20)
    words = models.TextField()
    at = models.DateTimeField()

    class Meta:
        app_label = "ceiling"
        indexes = [models.Index(fields=["customer", "-at", "-id"], name="newest")]


@login_required
def customers(request: HttpRequest) -> HttpResponse:
    found = Customer.objects.order_by("name", "id")
    if text := request.GET.get("q", ""):
        found = found.filter(name__icontains=text)
    rows = list(found[: ROWS + 1])
    return render(request, "list.html", {"rows": rows[:ROWS], "more": len(rows) > ROWS})


@login_required
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    activities = Activity.objects.filter(customer=pk).order_by("-at", "-id")[:20]
    return render(request, "detail.html", {"customer": Customer.objects.get(pk=pk), "rows": activities})


@login_required
def add(request: HttpRequest, pk: int) -> HttpResponse:
    Activity.objects.create(
        customer_id=pk, kind="call", words=request.POST.get("words", ""), at=timezone.now()
    )
    return HttpResponse(status=302, headers={"Location": f"/customers/{pk}"})


urlpatterns = [path("", customers), path("customers/<int:pk>", customer), path("customers/<int:pk>/add", add)]
application = get_wsgi_application()


def seed(count: int) -> dict[str, Any]:
    """Five activities each, twenty for one customer in forty: those are the ids to ask for."""
    step = max(2, count // 40)
    call_command("migrate", verbosity=0)
    is_postgres = connection.vendor == "postgresql"

    def ago(hours: str) -> str:
        if is_postgres:
            return f"now() - make_interval(hours => ({hours})::int)"
        return f"datetime('now', '-' || ({hours}) || ' hours')"

    with connection.schema_editor() as editor:
        editor.create_model(Customer)
        editor.create_model(Activity)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO ceiling_customer (name, segment, owner, stage, called_at) {numbers.format(count)}"
            " SELECT 'Customer ' || substr(CAST(10000000 + i AS text), 2), 'Segment ' || i % 5,"
            f" 'Owner ' || i % 20, 'adoption', {ago('i % 9000')} FROM n"
        )
        cursor.execute(
            f"INSERT INTO ceiling_activity (customer_id, kind, words, at) {numbers.format(20)}"
            f" SELECT c.id, 'call', 'They asked for ' || i, {ago('c.id % 500 + i * 24')}"
            f" FROM ceiling_customer c CROSS JOIN n WHERE n.i <= 5 OR c.id % {step} = 1"
        )
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(get_user_model().objects.create(username="reader"))
    return {
        "cookie": f"sessionid={client.cookies['sessionid'].value}",
        "ids": list(range(1, count + 1, step)),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(seed(int(sys.argv[1]))))
