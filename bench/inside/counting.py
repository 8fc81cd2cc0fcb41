"""python -m bench.inside.counting: statements and bytes of pages, as {name: [cookie, path, headers]}."""

import json
import sys

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.inside import tell


def count(cookie: str, path: str, headers: dict[str, str]) -> dict[str, object]:
    """Of the second request, as everybody after the first one sees it."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies.load(cookie)
    client.get(path, headers=headers)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    statements = [query["sql"] for query in asked.captured_queries]
    count = sum(1 for statement in statements if not statement.startswith(("BEGIN", "COMMIT")))
    return {"sql": count, "bytes": len(body), "statements": statements}


if __name__ == "__main__":
    tell({name: count(*given) for name, given in json.loads(sys.argv[1]).items()})
