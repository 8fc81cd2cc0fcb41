"""Forms about what is asked of people: whom, what, and how much of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from advocacy.models import AskTerms, Favour
from advocacy.models.people import REST_DAYS
from customers.models import Segment
from milestones.models import Milestone
from ui.opened import OpenedForm

LONG = 1000


class WishForm(forms.Form):
    """Who may I ask for X? Sent by GET; what it does not know counts for nobody."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("What for"), choices=Favour.Kind.choices)
    segment: "forms.ModelChoiceField[Segment]" = forms.ModelChoiceField(
        None, label=_("Segment"), required=False, empty_label=_("any"), to_field_name="slug"
    )
    stage = forms.ChoiceField(
        label=_("Verified at the stage"), required=False, choices=[("", _("any")), *Milestone.Stage.choices]
    )
    about = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=200,
        help_text=_("Words that their outcome should speak of."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = Segment.objects.order_by("name")  # type: ignore[attr-defined]


class FavourForm(forms.Form):
    """What is asked of one person."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("What for"), choices=Favour.Kind.choices)
    words = forms.CharField(
        label=_("What you ask"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They read it as it stands, in a mail with a link to say yes or no."),
        error_messages={"required": _("Say what exactly you ask: they read it as it stands.")},
    )


def text(label: Any, required: Any, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    said = {"required": required}
    return forms.CharField(
        label=label, max_length=LONG, widget=widget, help_text=help_text, error_messages=said
    )


class ResultForm(forms.Form):
    use_required_attribute = False
    result = text(_("What came of it"), _("Say what came of it: whom they spoke with, where it can be read."))


class ThanksForm(forms.Form):
    use_required_attribute = False
    thanks = text(
        _("Your thanks"),
        _("Write a sentence of thanks: it goes to them as it stands."),
        _("Goes to them by mail, as it stands."),
    )


class AnswerForm(forms.Form):
    """What they said on the phone or in person."""

    use_required_attribute = False
    reply = forms.CharField(
        label=_("What they said"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


def promise(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, help_text=help_text)


class TermsForm(OpenedForm):
    """How much may be asked of one person, and what a referral's page says."""

    use_required_attribute = False
    asks = forms.IntegerField(
        label=_("Asks of one person in any 90 days"),
        min_value=0,
        max_value=90,
        help_text=_("Favours and questions about wordings count together. None at all: 0."),
    )
    welcome = forms.CharField(
        label=_("Welcome on a referral’s page"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Read by whoever opens the address an advocate passes on."),
    )
    reward_advocate = promise(
        _("What an advocate gets for a referral"), _("In words. Nothing is ever paid by itself.")
    )
    reward_newcomer = promise(_("What the newcomer gets"), _("In words; stands on the page."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in Favour.Kind.choices:
            self.fields[f"rest_{kind}"] = forms.IntegerField(
                label=_("%(what)s: days until the same may be asked again") % {"what": label.capitalize()},
                min_value=1,
                max_value=3650,
            )

    @classmethod
    def initial_of(cls, terms: AskTerms) -> dict[str, Any]:
        plain = {name: getattr(terms, name) for name in cls.base_fields}
        return plain | {f"rest_{kind}": terms.rest_of(kind).days for kind in REST_DAYS}

    def terms(self, before: AskTerms) -> dict[str, Any]:
        """What its reader changed, as the verb takes it."""
        rests = {
            name.removeprefix("rest_"): days for name, days in self.values.items() if name.startswith("rest_")
        }
        plain = {name: value for name, value in self.values.items() if not name.startswith("rest_")}
        return plain | ({"rest_days": before.rest_days | rests} if rests else {})
