"""A dispatcher as a process of its own: python -m tests.post.dispatcher DATABASE NOW [once | loop].

SMTP_URL and the rest come from the environment. Round after round until it is killed; `once` for one round;
`loop` for the whole of `manage.py post`.
"""

import os
import sys
from datetime import datetime, timedelta
from time import monotonic

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from post import dispatching  # noqa: E402
from tests.gates.usage import note_by_hand  # noqa: E402


def main(name: str, now: datetime, how: str) -> None:
    connection.settings_dict["NAME"] = name
    if how == "loop":
        call_command("post")
        note_by_hand("command", "post")
        return
    began = monotonic()
    while True:
        count = dispatching.dispatch(now=now + timedelta(seconds=monotonic() - began))
        if how == "once":
            sys.stdout.write(f"{count}\n")
            return


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
