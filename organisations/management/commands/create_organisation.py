"""An organisation without the wizard. Its admin sets a password through the printed link."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email, validate_slug
from django.utils import timezone

from organisations import founding, signing_in
from ui.zones import zone_names


class Command(BaseCommand):
    help = "Make an organisation and its admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--slug", required=True, help="its short name in addresses, such as harbour")
        parser.add_argument("--name", required=True)
        parser.add_argument("--admin", required=True, metavar="E-MAIL")
        parser.add_argument("--admin-name", default="", help="default: what stands before the @")
        parser.add_argument("--zone", default="UTC", help="such as Europe/Amsterdam")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_slug(options["slug"])
            validate_email(options["admin"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["zone"] not in zone_names():
            raise CommandError(f"{options['zone']} is no time zone. One like Europe/Amsterdam, or UTC.")
        plan = founding.Plan(
            slug=options["slug"],
            name=options["name"],
            zone=options["zone"],
            admin_email=options["admin"],
            admin_name=options["admin_name"] or options["admin"].partition("@")[0],
        )
        try:
            organisation, admin = founding.found(plan, now=timezone.now())
        except founding.SlugTaken as error:
            raise CommandError(f"There is an organisation at /o/{options['slug']}/ already.") from error
        founding.first_run_ends()
        self.stdout.write(f"{organisation.name} is ready at /o/{organisation.slug}/.")
        if admin.has_usable_password():
            self.stdout.write(f"{admin.email} signs in with the password they have.")
        else:
            self.stdout.write(f"{admin.email} sets a password at:\n    {signing_in.password_link(admin)}")
