"""Forms about customers and the people there. What they hold is handed to `customers.keeping`."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from customers.models import USE_CASE_LENGTH, Contact, Customer, Metric, Segment
from organisations.access import colleagues
from organisations.models import Organisation, User
from post.models import Recipient
from ui.opened import OpenedForm
from ui.zones import zone_choices


class CustomerForm(OpenedForm):
    """One customer: who they are; of a new one also the first outcome in their own words with its measure."""

    name = forms.CharField(label=_("Name"), max_length=200)
    about = forms.CharField(
        label=_("What they do"), max_length=200, required=False, help_text=_("In a few words.")
    )
    key = forms.CharField(
        label=_("Their id"),
        max_length=120,
        required=False,
        help_text=_("In the system they come from; imports find them by it. Empty: made from the name."),
    )
    segment = forms.CharField(
        label=_("Segment"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "segments", "autocomplete": "off"}),
        help_text=_("One you have, or a new one."),
    )
    use_case = forms.CharField(
        label=_("Use case"),
        max_length=USE_CASE_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"list": "use-cases", "autocomplete": "off"}),
        help_text=_("What they use it for, in a word or two."),
    )
    owner: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        queryset=None, label=_("CSM"), required=False, empty_label=_("nobody yet")
    )
    outcome = forms.CharField(
        label=_("The outcome, in their words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
        help_text=_("Quote, do not summarise."),
    )
    outcome_by = forms.CharField(
        label=_("Who said so, and where"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Tomás Herrera, kick-off")}),
    )
    outcome_on = forms.DateField(
        label=_("When"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    outcome_metric: "forms.ModelChoiceField[Metric]" = forms.ModelChoiceField(
        queryset=None, label=_("Measured by"), required=False, empty_label=_("not measured yet")
    )
    outcome_baseline = forms.FloatField(label=_("From"), required=False)
    outcome_target = forms.FloatField(label=_("To"), required=False)

    OUTCOME = (
        "outcome", "outcome_by", "outcome_on", "outcome_metric", "outcome_baseline", "outcome_target",
    )  # fmt: skip

    def __init__(
        self, *args: Any, organisation: Organisation, customer: Customer | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if customer is not None:  # what they want to reach has a page of its own by now
            for name in self.OUTCOME:
                del self.fields[name]
        here = Q(pk__in=colleagues(organisation, who_write=True).values("pk"))
        owner = self.initial.get("owner")  # stays a choice even when they only read by now
        owners = User.objects.filter(here | Q(pk=owner.pk if owner else 0)).order_by("name")
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        if "outcome_metric" in self.fields:
            self.fields["outcome_metric"].queryset = Metric.objects.all()  # type: ignore[attr-defined]
        self.segments = list(Segment.objects.values_list("name", flat=True))
        self.use_cases = Customer.objects.use_cases()

    @classmethod
    def initial_of(cls, customer: Customer) -> dict[str, Any]:
        initial = {name: getattr(customer, name) for name in cls.base_fields if name not in cls.OUTCOME}
        return initial | {"segment": customer.segment.name if customer.segment else ""}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        measured = given.get("outcome_baseline") is not None or given.get("outcome_target") is not None
        if measured and not given.get("outcome_metric") and "outcome_metric" not in self.errors:
            self.add_error("outcome_metric", gettext("Say which metric these numbers belong to."))
        return given


class ContactForm(OpenedForm):
    """A person at a customer. Language, zone and mail wishes belong to their address."""

    name = forms.CharField(label=_("Name"), max_length=200)
    title = forms.CharField(
        label=_("Their work"),
        max_length=120,
        required=False,
    )
    role = forms.ChoiceField(
        label=_("Their part in this"),
        choices=[("", _("not known")), *Contact.Role.choices],
        required=False,
        help_text=_("Who carries it, pays for it, works with it, doubts it."),
    )
    address = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        help_text=_("Without one they get no mails and cannot confirm outcomes."),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=50, required=False)
    is_primary = forms.BooleanField(label=_("The one to write to first"), required=False)
    celebrate_with = forms.BooleanField(
        label=_("Celebrate with them"),
        required=False,
        help_text=_("They get the mail when a milestone is reached."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("the organisation’s")), *settings.LANGUAGES], required=False
    )
    zone = forms.ChoiceField(label=_("Time zone"), required=False)
    wish = forms.ChoiceField(label=_("Mails they want"), choices=Recipient.Wish.choices, required=False)
    quiet_from = forms.TimeField(
        label=_("No mails from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_to = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("the organisation’s")), *zone_choices()]
        self.fields["zone"].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, contact: Contact) -> dict[str, Any]:
        own = {name: getattr(contact, name) for name in ("name", "title", "role", "address", "phone")}
        own |= {"is_primary": contact.is_primary, "celebrate_with": contact.celebrate_with}
        recipient = contact.recipient or Recipient()
        wishes = ("language", "zone", "wish", "quiet_from", "quiet_to")
        return own | {name: getattr(recipient, name) for name in wishes}

    def _post_clean(self) -> None:
        super()._post_clean()
        if "address" in self.values:  # another address gets the wishes that the form shows
            wishes = ("language", "zone", "wish", "quiet_from", "quiet_to")
            self.values |= {name: self.cleaned_data.get(name) for name in wishes}

    def clean_wish(self) -> str:
        return self.cleaned_data["wish"] or Recipient.Wish.ALL

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("quiet_from") is None) != (given.get("quiet_to") is None):
            self.add_error("quiet_to", gettext("Quiet hours need a beginning and an end."))
        wishes = any(given.get(name) for name in ("celebrate_with", "language", "zone", "quiet_from"))
        if wishes and not given.get("address") and "address" not in self.errors:
            words = gettext("What they wish for mails belongs to an address. Add it, or clear the wishes.")
            self.add_error("address", words)
        return given
