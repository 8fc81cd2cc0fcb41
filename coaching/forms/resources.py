"""Forms about the library: a resource as somebody writes it, the filters of the list, to whom one goes."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coaching.forms.inputs import PeopleField
from coaching.models import ChallengeKind, Resource, ResourceEdition
from coaching.shelf import SHOW, Wish
from coaching.shelving import NewFile, Place
from coaching.sniffing import LARGEST, TYPES, Unsafe, media_type
from customers.models import Contact
from milestones.models import Milestone
from organisations.models import User
from ui.addresses import whole_number
from ui.opened import OpenedForm

LONG = 20_000
TEXTS = ("title", "summary", "body", "url")
GONE = _("Somebody you chose is no longer here. Choose again.")


class KindsField(PeopleField):
    """Challenges of the catalogue, ticked."""


class ResourceForm(OpenedForm):
    """A draft needs a title alone; what else is missing is said when it is to be published."""

    use_required_attribute = False
    title = forms.CharField(
        label=_("Title"),
        max_length=160,
        help_text=_("As you would name it to a customer."),
        error_messages={"required": _("Give it a title: what it is, as you would name it to a customer.")},
    )
    summary = forms.CharField(
        label=_("What it is good for"),
        max_length=300,
        required=False,
        help_text=_("One sentence. It stands in the mail."),
    )
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("A page that opens without an account of yours."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, picture, office document without macros, or plain text, up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(sorted(TYPES))}),
        error_messages={"empty": _("The file is empty.")},
    )
    body = forms.CharField(
        label=_("What it says"),
        max_length=LONG,
        required=False,
        help_text=_("Markdown: **bold**, - lists, 1. steps, > quotes, [words](https://…)."),
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    stages = forms.MultipleChoiceField(
        label=_("At which stage"),
        choices=Milestone.Stage.choices,
        required=False,
        help_text=_("None ticked: at every stage."),
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = KindsField(
        None,
        label=_("Against which challenge"),
        required=False,
        help_text=_("None ticked: it is suggested for the stage alone."),
        error_messages={"invalid_choice": _("A challenge you ticked is out of the catalogue.")},
    )
    owner: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        None,
        label=_("Who keeps it right"),
        required=False,
        empty_label=_("nobody"),
        error_messages={"invalid_choice": GONE},
    )

    def __init__(
        self, *args: Any, type: str, kinds: QuerySet[ChallengeKind], members: QuerySet[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].queryset = kinds  # type: ignore[attr-defined]
        self.fields["owner"].queryset = members  # type: ignore[attr-defined]
        for name, of in (("url", Resource.Type.LINK), ("file", Resource.Type.FILE)):
            if type != of:
                del self.fields[name]

    @classmethod
    def initial_of(cls, resource: Resource, edition: ResourceEdition | None) -> dict[str, Any]:
        texts = {name: getattr(edition, name) if edition else "" for name in TEXTS}
        return texts | {
            "stages": [str(stage) for stage in resource.stages],
            "kinds": [kind.pk for kind in resource.kinds],
            "owner": resource.owner_id,
        }

    def clean_file(self) -> Any:
        chosen = self.cleaned_data["file"]
        if not chosen:
            return None
        if chosen.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than %(n)d MB. Send a link to it instead.") % {"n": LARGEST >> 20}
            )
        self.new_file = NewFile(chosen.name, chosen.read())
        try:
            media_type(self.new_file.name, self.new_file.content)
        except Unsafe as refused:
            raise forms.ValidationError(str(refused)) from refused
        return chosen

    new_file: NewFile | None = None

    @property
    def texts(self) -> dict[str, str]:
        """What its reader changed of the words."""
        return {name: self.values[name] for name in TEXTS if name in self.values}

    @property
    def place(self) -> Place | None:
        """Where it fits from now on; None where nothing of that was touched."""
        if not {"stages", "kinds", "owner"} & self.values.keys():
            return None
        return self.whole_place

    @property
    def whole_place(self) -> Place:
        """Where it fits, as the form stands."""
        data = self.cleaned_data
        return Place(stages=data["stages"], kinds=list(data["kinds"]), owner=data["owner"])

    def say_missing(self, missing: dict[str, str]) -> None:
        for name, words in missing.items():
            self.add_error(name if name in self.fields else None, words)


class LibraryForm(forms.Form):
    """The filters of the address. What is none of the choices filters nothing."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    show = forms.ChoiceField(choices=SHOW.items(), required=False)
    stage = forms.ChoiceField(
        label=_("Stage"), choices=[("", _("Every stage")), *Milestone.Stage.choices], required=False
    )
    kind = forms.ChoiceField(label=_("Challenge"), required=False)
    type = forms.ChoiceField(
        label=_("Type"), choices=[("", _("Every type")), *Resource.Type.choices], required=False
    )

    def __init__(self, *args: Any, kinds: QuerySet[ChallengeKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(kind.pk), kind.name) for kind in kinds]
        self.fields["kind"].choices = [("", _("Any challenge or none")), *named]  # type: ignore[attr-defined]
        for name in ("stage", "kind", "type"):
            self.fields[name].widget.attrs["class"] = "input"

    def wish(self) -> Wish:
        self.is_valid()
        said = self.cleaned_data
        text = said.get("q", "").replace("\x00", "")
        kind = whole_number(said.get("kind", ""))
        return Wish(text, said.get("show", ""), said.get("stage", ""), kind, said.get("type", ""))


class SendingForm(forms.Form):
    """To whom a resource goes, and a word along with it."""

    use_required_attribute = False
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None,
        label=_("To whom"),
        empty_label=_("choose"),
        error_messages={"required": _("Choose to whom it goes."), "invalid_choice": GONE},
    )
    words = forms.CharField(
        label=_("A word along with it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why you thought of them. It stands above the link."),
    )

    def __init__(self, *args: Any, people: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = people  # type: ignore[attr-defined]


class RecapForm(forms.Form):
    """The recap of a call, as it is edited."""

    use_required_attribute = False
    subject = forms.CharField(
        label=_("Subject"), max_length=200, error_messages={"required": _("Write a subject.")}
    )
    body = forms.CharField(
        label=_("What it says"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("Markdown. “Dear …” stands above it, your name and the link to their page below."),
        error_messages={"required": _("Write what it says.")},
    )
    contacts = PeopleField(None, label=_("To whom"), required=False, error_messages={"invalid_choice": GONE})

    def __init__(self, *args: Any, people: QuerySet[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contacts"].queryset = people  # type: ignore[attr-defined]
