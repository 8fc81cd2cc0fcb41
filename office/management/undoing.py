"""`import_csv --undo`: what would happen, or what did."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from office import importing
from office.importing import undoing
from office.models import Import
from organisations import tenancy
from organisations.models import Organisation

SHOWN = 50


def undo(command: BaseCommand, organisation: Organisation, options: dict[str, Any]) -> None:
    """Take one import back, or with --dry-run say what that would do."""
    now, part = timezone.now(), options["part"]
    with tenancy.within(organisation):
        import_ = Import.objects.filter(pk=options["undo"]).first()
        if import_ is None:
            raise CommandError(_("There is no import %s here.") % options["undo"])
        number = None if part is None else part - 1
        if options["dry_run"]:
            _look(command, organisation, import_, number)
            return
        try:
            importing.ask_to_undo(import_, by=None, now=now, part=number)
        except importing.NotPossible as error:
            raise CommandError(str(error)) from None
    importing.work(organisation=organisation, import_id=import_.pk, clock=timezone.now)
    with tenancy.within(organisation):
        _report(command, Import.objects.get(pk=import_.pk))


def _look(command: BaseCommand, organisation: Organisation, import_: Import, part: int | None) -> None:
    now = timezone.now()
    if not import_.can_be_undone(now) or (part is not None and part not in import_.parts_to_undo):
        raise CommandError(undoing.why_not(import_, now=now, part=part))
    outlook = undoing.look_ahead(import_, organisation=organisation, now=now, part=part)
    _say(command, outlook.lines, outlook.left)
    command.stdout.write(_("Nothing is undone yet."))


def _report(command: BaseCommand, import_: Import) -> None:
    command.stdout.write(f"{import_.file_name}: {import_.get_state_display()}")
    rows, _more = undoing.listed(import_)
    _say(command, undoing.in_words(import_.undo.get("counts", {})), rows)


def _say(command: BaseCommand, lines: list[tuple[str, int]], rows: list[undoing.Left]) -> None:
    for words, count in lines:
        command.stdout.write(f"{count:>9,} {words}")
    for row in rows[:SHOWN]:
        command.stderr.write(f"{row.what} {row.name}: {row.reason}")
