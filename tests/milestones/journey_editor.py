"""The journey pages as a browser without scripts sees them."""

from django.urls import reverse

from milestones.models import Journey
from milestones.outline_rows import outline_of
from organisations import tenancy

HTMX = {"HX-Request": "true", "HX-Target": "journey-editor"}


def url(name: str, *args, organisation: str = "harbour") -> str:
    return reverse(f"milestones:{name}", args=[organisation, *args])


def outline(journey: Journey):
    with tenancy.within(journey.organisation_id):
        return outline_of(journey.draft() or journey.current_version())


class Editor:
    """The editor as a browser without scripts uses it: what stands in the form is posted."""

    def __init__(self, client, journey: Journey) -> None:
        self.client = client
        self.address = url("journey_edit", journey.slug)
        self.publication = url("journey_publication", journey.slug)
        self.open()

    def open(self, milestone: int | None = None):
        query = "" if milestone is None else f"?milestone={milestone}"
        return self._take(self.client.get(self.address + query))

    def press(self, do: str, *, to: str = "", headers: dict[str, str] | None = None, **typed: str):
        response = self.client.post(
            to or self.address, self.fields | typed | {"do": do}, follow=True, headers=headers or {}
        )
        return self._take(response)

    def _take(self, response):
        self.response = response
        self.editor = (response.context or {}).get("editor")
        if self.editor is not None:
            self.fields = self._fields()
        return response

    def _fields(self) -> dict[str, str]:
        fields = {
            "handle": str(self.editor.handle),
            "basis": self.editor.basis,
            "form": self.editor.form_token,
        }
        for form in self.editor.forms.all:
            fields |= {bound.html_name: bound.value() or "" for bound in form}
        if self.editor.handle:
            fields["criterion_count"] = str(len(self.editor.forms.criteria))
        return fields

    @property
    def text(self) -> str:
        return self.response.content.decode()
