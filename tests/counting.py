"""Count the queries a page makes, without what PostgreSQL's wall adds around each of them."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

WALL = ("set_config", "current_setting", "SAVEPOINT", "BEGIN", "COMMIT")


def queries_of(page: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        page()
    return [q["sql"] for q in captured if not any(word in q["sql"] for word in WALL)]
