"""Was the log changed behind Bosai's back? Says what does not fit its seals; exit 1 if anything."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from organisations import packed_logs, sealing, tenancy
from organisations.chains import Fault
from organisations.models import Organisation, Seal

MOST = 20


class Command(BaseCommand):
    help = "Find what was changed, added or taken away in the log since it was sealed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", help="this one (else all)")
        parser.add_argument("--heads", type=Path, metavar="FILE", help="heads kept elsewhere (else ours)")
        parser.add_argument("--export", type=Path, metavar="ZIP", help="the log in this export instead")

    def handle(self, *args: Any, export: Path | None, heads: Path | None, **options: Any) -> None:
        if heads and not heads.exists():
            raise CommandError(f"There is no file {heads}.")
        try:
            found = self._export(export) if export else self._all(options["organisation"], heads)
        except (OSError, ValueError) as error:
            raise CommandError(f"It cannot be read: {error}") from error
        if found:
            raise CommandError(
                f"{found} things do not fit. Compare with a backup from before; see operating."
            )

    def _export(self, path: Path) -> int:
        with packed_logs.opened(path) as log:
            return self._tell(f"{log.organisation} in {path.name}", log.seals, log.faults())

    def _all(self, slug: str | None, heads: Path | None) -> int:
        organisations = Organisation.objects.order_by("slug")
        chosen = list(organisations.filter(slug=slug) if slug else organisations)
        if slug and not chosen:
            raise CommandError(f"There is no organisation {slug}.")
        found = 0
        for organisation in chosen:
            with tenancy.within(organisation):
                faults = sealing.verify(organisation=organisation, heads_file=heads)
                found += self._tell(organisation.slug, Seal.objects.count(), faults)
        return found

    def _tell(self, name: str, seals: int, faults: Iterable[Fault]) -> int:
        count = 0
        for count, fault in enumerate(faults, start=1):
            if count <= MOST:
                self.stdout.write(f"{name}: {fault}")
        more = f", {count - MOST} more not shown" if count > MOST else ""
        words = f"{count} things do not fit{more}" if count else "everything fits"
        self.stdout.write(f"{name}: {seals} seals, {words}.")
        return count
