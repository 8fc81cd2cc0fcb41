"""The web process: granian serves `application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bosai.settings")

from django.core.wsgi import get_wsgi_application

import bosai.celery  # noqa: F401  (tasks woken from a page go through this app)
from bosai import lifeline

lifeline.follow_parent()
application = get_wsgi_application()

from bosai import checks, starting  # noqa: E402

starting.process(checks.PAGES)
