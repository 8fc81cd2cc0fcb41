"""Print the one-time link to the first-run wizard; nothing when there is an organisation already."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from organisations import founding


class Command(BaseCommand):
    help = "Print the one-time set-up link, while there is no organisation."

    def handle(self, *args: Any, **options: Any) -> None:
        if token := founding.first_run_begins():
            link = settings.BOSAI_URL + reverse("organisations:setup", args=[token])
            self.stdout.write(f"Set Bosai up, once, at:\n    {link}")
