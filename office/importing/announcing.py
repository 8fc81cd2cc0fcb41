"""That an import is over, for other systems that want to hear it: numbers, not what stood in the file."""

from datetime import datetime

from office.models import Import
from organisations.models import Organisation
from post.webhooks import Fact, tell


def announce(organisation: Organisation, import_: Import, *, now: datetime) -> None:
    """Applied, refused or failed; one that is tried again may end again."""
    data = {
        "import_id": import_.pk,
        "kind": import_.kind,
        "source": import_.source,
        "state": str(import_.state),
        "rows": import_.counts,
    }
    fact = Fact(f"{import_.pk}:{now.isoformat()}", now, data)
    tell(organisation=organisation, kind="import.finished", facts=lambda: [fact], now=now)
