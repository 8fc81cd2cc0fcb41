"""Mappings that are ready: for the exports of known systems, as they come. Each names what it rests on."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from office.models import Import

FOLDER = Path(__file__).parent / "ready"
VENDORS = {
    "chatwoot": "Chatwoot",
    "hubspot": "HubSpot",
    "intercom": "Intercom",
    "salesforce": "Salesforce",
    "stripe": "Stripe",
    "zendesk": "Zendesk",
}


class NotReady(ValueError):
    """There is no ready mapping of this name; the text says which there are."""


@dataclass(frozen=True)
class Ready:
    """One file of the folder, known by its name: hubspot-companies."""

    name: str

    @cached_property
    def mapping(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((FOLDER / f"{self.name}.json").read_text(encoding="utf-8"))
        return data

    @property
    def kind(self) -> str:
        return str(self.mapping["kind"])

    @property
    def label(self) -> str:
        """ "HubSpot companies, as customers"."""
        vendor, _dash, what = self.name.partition("-")
        said = {"vendor": VENDORS[vendor], "what": what, "kind": Import.Kind(self.kind).label}
        return _("%(vendor)s %(what)s, as %(kind)s") % said


def ready() -> list[Ready]:
    return [Ready(path.stem) for path in sorted(FOLDER.glob("*.json"))]


def find(name: str) -> Ready:
    """Raises NotReady."""
    found = next((each for each in ready() if each.name == name), None)
    if found is None:
        names = ", ".join(f"@{each.name}" for each in ready())
        words = _("There is no ready mapping “%(name)s”. There are: %(names)s.")
        raise NotReady(words % {"name": name, "names": names})
    return found
