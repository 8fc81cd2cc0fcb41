"""`./run manage journey export|import`: a journey as a file, out of the house and in."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from milestones import designing, journey_files
from milestones.designing import DraftInTheWay, Import, Imported, NotReady
from milestones.documents import DocumentRefused
from milestones.models import Journey
from organisations import tenancy
from organisations.models import Organisation


class Command(BaseCommand):
    help = (
        "Export a journey as a JSON file, or import one. docs/reference/journey-file.md describes the file."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        does = parser.add_subparsers(dest="does", required=True)
        out = does.add_parser("export", help="write a journey to a file, or to standard output")
        out.add_argument("--organisation", required=True, metavar="SLUG")
        out.add_argument("--journey", required=True, metavar="SLUG")
        out.add_argument("--draft", action="store_true", help="the draft instead of the version in force")
        out.add_argument("file", nargs="?", default="-", metavar="FILE|-")
        into = does.add_parser("import", help="read a journey from a file, or from standard input")
        into.add_argument("--organisation", required=True, metavar="SLUG")
        into.add_argument("--publish", action="store_true", help="publish it at once")
        into.add_argument("--replace-draft", action="store_true", help="even if a draft says something else")
        into.add_argument("--replace-messages", action="store_true", help="even those worded here")
        into.add_argument("file", metavar="FILE|-")

    def handle(self, *args: Any, does: str, organisation: str, file: str, **options: Any) -> None:
        try:
            found = Organisation.objects.get(slug=organisation)
        except Organisation.DoesNotExist:
            raise CommandError(f"There is no organisation “{organisation}”.") from None
        refused = None
        with tenancy.within(found):
            if does == "export":
                self._export(file, options["journey"], draft=options["draft"])
            else:
                asked = {name: options[name] for name in ("replace_draft", "replace_messages")}
                refused = self._import(found, file, at_once=options["publish"], **asked)
        if refused:
            raise refused  # only here: on PostgreSQL the kept draft would go with the transaction above

    def _export(self, file: str, slug: str, *, draft: bool) -> None:
        journey = Journey.objects.filter(slug=slug).first()
        if journey is None:
            known = ", ".join(Journey.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no journey “{slug}”. There are: {known}.")
        text = json.dumps(designing.export(journey, draft=draft), indent=2, ensure_ascii=False)
        if file == "-":
            self.stdout.write(text)
        else:
            Path(file).write_text(f"{text}\n", encoding="utf-8")
            self.stdout.write(f"{journey.name}: written to {file}")

    def _import(self, organisation: Organisation, file: str, **asked: bool) -> CommandError | None:
        """Say what came of it. Returns the refusal of a journey that was kept and could not be published."""
        try:
            text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        try:
            imported = designing.import_file(
                organisation=organisation,
                data=journey_files.parse(text),
                by=None,
                now=timezone.now(),
                **asked,
            )
        except DocumentRefused as error:
            raise CommandError(f"{error}\nNothing was stored.") from error
        except DraftInTheWay as error:
            raise CommandError(
                f"Draft {error.number} of “{error.journey.slug}” says something else. It was kept, nothing "
                "was stored. Publish or discard it, or give --replace-draft."
            ) from error
        except NotReady as error:
            return CommandError(_unready(error))
        self.stdout.write(_said(imported))
        return None


def _unready(error: NotReady) -> str:
    draft = error.journey.draft()
    listed = "".join(f"\n  {_place(one.milestone_position)}{one.message}" for one in error.problems)
    number = draft.number if draft else "?"
    return f"“{error.journey.slug}” is kept as draft {number}, and not published:{listed}"


def _place(position: int | None) -> str:
    return f"milestone {position}: " if position else ""


def _said(imported: Imported) -> str:
    name = f"“{imported.journey.slug}”"
    number = imported.version.number
    words = {
        Import.UNCHANGED: f"{name} says this already{'' if imported.took_messages else ': unchanged'}.",
        Import.DRAFT: f"{name} is kept as draft {number}.",
        Import.PUBLISHED: f"{name} is published as version {number}.",
    }
    return "\n".join([words[imported.came_to], *imported.notes])
