"""Addresses and answers of the customer's page."""

import hashlib
import re
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from customers.models import Contact
from milestones.models import Ask
from organisations.models import Organisation
from post import linking
from tests.milestones.asked import make_token

WORDS = "Now I drink my coffee."


def page(name: str, token: str) -> str:
    return reverse(f"dashboards:{name}", args=[token])


def send(client: Client, token: str, answer: str, words: str = WORDS, **fields: Any) -> Any:
    return client.post(page("customer_page", token), {"answer": answer, "words": words, **fields})


def database() -> str:
    """A hash over every row of every table."""
    seen = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f"SELECT * FROM {table}")
            seen.update(repr(sorted(map(repr, cursor.fetchall()))).encode())
    return seen.hexdigest()


def expired(ask: Ask, now: datetime) -> str:
    return make_token(ask, now=now - timedelta(days=60))


def shape(statement: str) -> str:
    """A statement without its conditions and, for a savepoint, without its running number."""
    return re.sub(r'"s\d+_x\d+"', "savepoint", statement.split("WHERE")[0])


def make_page_token(organisation: Organisation, contact: Contact, now: datetime) -> str:
    """As in a celebration: it leads to the person's page and was made for no question."""
    return linking.make(
        organisation=organisation,
        purpose="customer",
        subject_id=contact.pk,
        address=contact.address,
        now=now,
        days=30,
    )
