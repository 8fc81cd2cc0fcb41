"""A token for a machine, from the command line. Its text is printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from office import authorising
from office.models.tokens import SCOPES
from organisations import tenancy
from organisations.models import Organisation, User


class Command(BaseCommand):
    help = "Make a token for the API or for event intake, and print it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--name", required=True, help="where it is used, such as warehouse")
        parser.add_argument(
            "--scope",
            action="append",
            default=[],
            choices=SCOPES,
            metavar="SCOPE",
            help="what it may do; repeat for more. Default: read. One of " + ", ".join(SCOPES),
        )
        parser.add_argument(
            "--as", dest="user", default="", metavar="E-MAIL", help="default: the first admin"
        )
        parser.add_argument("--days", type=int, default=365, help="until it ends; 0: never (default: 365)")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation at /o/{options['organisation']}/.")
        if options["days"] < 0 or not options["name"].strip():
            raise CommandError("A token needs a name and, if any, a date ahead. Nothing was made.")
        with tenancy.within(organisation):
            token, text = authorising.make(
                organisation=organisation,
                name=options["name"],
                scopes=options["scope"] or ["read"],
                user=self._user(organisation, options["user"]),
                by=None,
                now=timezone.now(),
                days=options["days"] or None,
            )
        until = f"until {token.expires_at:%Y-%m-%d}" if token.expires_at else "without end"
        self.stderr.write(f"{token.name}: {', '.join(token.scopes)}, as {token.user.email}, {until}.")
        self.stderr.write("It is shown this once:")
        self.stdout.write(text)

    def _user(self, organisation: Organisation, email: str) -> User:
        if not email:
            user = authorising.first_admin(organisation)
        else:
            named = authorising.members(organisation).filter(user__email__iexact=email)
            user = next((row.user for row in named.select_related("user")), None)
        if user is None:
            who = f"{email} does not work" if email else "No admin works"
            raise CommandError(f"{who} at {organisation.name}. Nothing was made.")
        return user
