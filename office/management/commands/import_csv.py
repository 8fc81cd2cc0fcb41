"""Bring a CSV file in from the command line: see docs/guides/importing.md."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from threading import Event, Thread
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from office import importing
from office.management.undoing import undo
from office.models import Import
from organisations import tenancy
from organisations.models import Organisation

SHOWN = 50  # refused rows listed


class Command(BaseCommand):
    help = "Bring in a CSV file: checked first, then stored whole or not at all. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--as", dest="kind", choices=[kind.value for kind in Import.Kind])
        map_help = "which column becomes what; @NAME is a ready one, such as @hubspot-companies"
        parser.add_argument("--map", metavar="MAP.json", help=map_help)
        parser.add_argument("--dry-run", action="store_true", help="check only; store nothing")
        parser.add_argument("--history", action="store_true", help="what is reached by it is not celebrated")
        parser.add_argument(
            "--partial", action="store_true", help="store the good rows, though some are refused"
        )
        parser.add_argument(
            "--undo", type=int, metavar="ID", help="take an import back; with --dry-run only look"
        )
        parser.add_argument("--part", type=int, metavar="N", help="with --undo: this part alone, from 1")
        parser.add_argument("--source", default="csv", metavar="NAME", help="keeps ids of systems apart")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:20])
            raise CommandError(
                _("There is no organisation “%(slug)s”. There are: %(known)s")
                % {"slug": options["organisation"], "known": known or _("none yet")}
            )
        if options["undo"] is not None:
            undo(self, organisation, options)
            return
        if options["file"] is None or options["kind"] is None:
            raise CommandError(_("Say which file, and what it holds: --as customers FILE. Or --undo ID."))
        import_ = self._start(organisation, options)
        try:
            with _Progress(self.stderr, organisation, import_.pk):
                importing.work(organisation=organisation, import_id=import_.pk, clock=timezone.now)
        except KeyboardInterrupt:
            raise CommandError(_called_off(organisation, import_)) from None
        self._report(organisation, import_.pk)

    def _start(self, organisation: Organisation, options: dict[str, Any]) -> Import:
        try:
            with _opened(options["file"]) as file, tenancy.within(organisation):
                return importing.start(
                    organisation=organisation,
                    kind=options["kind"],
                    file=file,
                    file_name=options["file"].name,
                    mapping=_mapping(options["map"]),
                    source=options["source"],
                    by=None,
                    now=timezone.now(),
                    wishes=importing.Wishes(
                        is_history=options["history"],
                        is_partial=options["partial"],
                        is_dry_run=options["dry_run"],
                        apply_at_once=True,
                    ),
                )
        except importing.WrongMapping as wrong:
            raise CommandError("\n".join(wrong.problems)) from None
        except importing.WrongFile as wrong:
            raise CommandError(str(wrong)) from None

    def _report(self, organisation: Organisation, import_id: int) -> None:
        with tenancy.within(organisation):
            import_ = Import.objects.get(pk=import_id)
            skipped = importing.skipped_by_reason(import_)
            disagreeing = _disagreeing(organisation, import_)
            refused = import_.rows.ended("refused")
            for row in refused[:SHOWN]:
                self.stderr.write(importing.row_in_words(row))
            if (more := import_.counts.get("refused", 0) - SHOWN) > 0:
                self.stderr.write(_("… and %s more") % more)
        self.stdout.write(f"{import_.file_name}: {import_.get_state_display()}")
        self.stdout.write(import_.counts_in_words)
        for reason, count in skipped:
            self.stdout.write(f"{count:>4,} {reason}")
        for line in disagreeing:
            self.stderr.write(line)
        if import_.state not in (Import.State.APPLIED, Import.State.CHECKED):
            raise CommandError(import_.state_why or import_.get_state_display())
        if import_.counts.get("refused") and not import_.is_partial:
            count = import_.counts["refused"]
            why = ngettext("%s row would be refused.", "%s rows would be refused.", count)
            raise CommandError(why % count)
        if import_.state == Import.State.APPLIED:
            again = f"./run manage import_csv --organisation {organisation.slug} --undo {import_.pk}"
            self.stdout.write(_("To take it back: %s") % again)


def _called_off(organisation: Organisation, import_: Import) -> str:
    """After Ctrl-C, in words."""
    try:
        with tenancy.within(organisation):
            importing.cancel(import_, now=timezone.now())
    except importing.NotPossible:
        return _("Storing had begun. Nothing is half stored, and the worker goes on with it.")
    return _("Cancelled. Nothing is stored.")


class _Progress:
    """Lines read and rows a second, once a second, on a terminal only."""

    def __init__(self, out: Any, organisation: Organisation, import_id: int) -> None:
        self.out = out
        self.organisation = organisation
        self.import_id = import_id
        self.is_over = Event()
        self.thread = Thread(target=self._watch, daemon=True) if sys.stderr.isatty() else None

    def __enter__(self) -> None:
        if self.thread:
            self.thread.start()

    def __exit__(self, *error: object) -> None:
        self.is_over.set()
        if self.thread:
            self.thread.join()

    def _watch(self) -> None:
        while not self.is_over.wait(1):
            with tenancy.within(self.organisation):
                import_ = Import.objects.get(pk=self.import_id)
            self.out.write(importing.progress_of(import_, now=timezone.now()).in_words, ending="\r")
        connection.close()


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except IsADirectoryError:
        raise CommandError(_("%s is a folder, not a file.") % path) from None
    except FileNotFoundError:
        raise CommandError(_("There is no file %s.") % path) from None
    except OSError as error:
        raise CommandError(
            _("%(path)s cannot be read: %(why)s.") % {"path": path, "why": error.strerror}
        ) from None


def _mapping(named: str | None) -> dict[str, Any]:
    if named is None:
        return {}
    if str(named).startswith("@"):
        return _ready(str(named)[1:])
    path = Path(named)
    with _opened(path) as file:
        try:
            return json.load(file)
        except ValueError as error:
            raise CommandError(_("%(path)s is not JSON: %(why)s.") % {"path": path, "why": error}) from None


def _ready(name: str) -> dict[str, Any]:
    try:
        return importing.find(name).mapping
    except importing.NotReady as error:
        raise CommandError(str(error)) from None


def _disagreeing(organisation: Organisation, import_: Import) -> list[str]:
    """Where the file contradicts what is stored, the first of them."""
    today = timezone.now().astimezone(organisation.tzinfo).date()
    found = importing.Disagreements(organisation, import_, today=today)
    if not found.count:
        return []
    head = ngettext(
        "%s row disagrees with what is stored:", "%s rows disagree with what is stored:", found.count
    )
    return [
        head % f"{found.count:,}",
        *(f"{each.line}: {each.customer.key}: {each.says} | {each.against}" for each in found.shown),
    ]
