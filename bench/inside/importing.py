"""python -m bench.inside.importing N: seconds to check and to apply a file of N new customers."""

import io
import sys
import time

from django.utils import timezone

from bench.inside import tell
from office import importing
from office.models import Import
from organisations import tenancy
from organisations.models import Organisation


def bring(count: int) -> dict[str, float]:
    lines = ["key,name,about", *(f"new-{n},Newcomer {n},Brought by file" for n in range(count))]
    organisation = Organisation.objects.get()
    began = time.perf_counter()
    with tenancy.within(organisation):
        given = importing.start(
            organisation=organisation,
            kind="customers",
            file=io.BytesIO("\n".join(lines).encode()),
            file_name="newcomers.csv",
            mapping={},
            source="bench",
            by=None,
            now=timezone.now(),
            wishes=importing.Wishes(),
        )
    importing.work(organisation=organisation, import_id=given.pk, clock=timezone.now)
    checked = time.perf_counter()
    with tenancy.within(organisation):
        importing.ask_to_apply(Import.objects.get(pk=given.pk), now=timezone.now())
    importing.work(organisation=organisation, import_id=given.pk, clock=timezone.now)
    ended = time.perf_counter()
    with tenancy.within(organisation):
        done = Import.objects.get(pk=given.pk)
    assert done.state == Import.State.APPLIED, f"{done.get_state_display()}: {done.state_why} {done.counts}"
    return {"applied": ended - checked, "all": ended - began}


if __name__ == "__main__":
    tell(bring(int(sys.argv[1])))
