"""Somebody lost their telephone and their recovery codes, and no admin can help them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from organisations import securing
from organisations.models import User


class Command(BaseCommand):
    help = "Take the second factor off an account. It is logged, and a mail tells the person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="E-MAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["address"]).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['address']}.")
        if securing.remove_all(user=user, by=None, now=timezone.now()):
            self.stdout.write(f"{user.email} signs in with the password alone from now on.")
        else:
            self.stdout.write(f"{user.email} has no second factor; nothing was changed.")
