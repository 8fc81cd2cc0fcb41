"""Programs that run with an installation's settings: `python -m bench.inside.NAME …` prints JSON."""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bosai.settings")

import django

django.setup()


def tell(found: object) -> None:
    """Hand the result to whoever started us."""
    sys.stdout.write(json.dumps(found) + "\n")
