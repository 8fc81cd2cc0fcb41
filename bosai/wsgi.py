"""The web process: granian serves `application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bosai.settings")

from django.core.wsgi import get_wsgi_application

import bosai.celery  # noqa: F401  (tasks woken from a page go through this app)
from bosai import lifeline
from organisations import roles

lifeline.follow_parent()
application = get_wsgi_application()
roles.refuse_unsafe()
