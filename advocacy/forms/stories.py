"""The forms of a story. What they hold is handed to `advocacy.storytelling`."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from advocacy.models import Channel, Story, StoryAsk
from advocacy.storytelling import Terms, usual_questions
from customers.models import Contact

LONG = 6000
YEAR = 365


def _text(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


def _people(story: Story) -> Any:
    return Contact.objects.current().filter(customer=story.customer_id)


class StoryForm(forms.Form):
    use_required_attribute = False
    edition = forms.IntegerField(widget=forms.HiddenInput())
    title = forms.CharField(label=_("Title"), max_length=160, help_text=_("What is so now, in one line."))
    about = forms.CharField(
        label=_("Who they are, without a name"),
        required=False,
        max_length=200,
        help_text=_("Stands in place of their name if they do not want to be named."),
    )
    background = _text(_("Where they started"), 5)
    approach = _text(_("What they did"), 7)
    result = _text(_("What is so now"), 5)
    learning = _text(_("What they would tell others"), 3)
    quote = _text(_("In their words"), 3, _("As they said it. Nothing is added or smoothed."))
    quote_by: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None, label=_("Who said this"), required=False, empty_label=_("Nobody yet")
    )
    quote_from = forms.CharField(label=_("Where and when"), required=False, max_length=160)
    incentive = forms.CharField(
        label=_("What they get for telling it"),
        required=False,
        max_length=300,
        help_text=_("Empty: nothing. Whatever stands here is shown on the page."),
    )
    numbers = forms.MultipleChoiceField(
        label=_("Numbers it shows"), required=False, widget=forms.CheckboxSelectMultiple()
    )

    def __init__(self, *args: Any, story: Story, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quote_by"].queryset = _people(story)  # type: ignore[attr-defined]
        rows = list(story.numbers.all())
        self.fields["numbers"].choices = [(str(row.pk), f"{row.label} ({row.source})") for row in rows]  # type: ignore[attr-defined]
        self.initial = {name: getattr(story, name) for name in self.fields if name != "numbers"}
        self.initial["numbers"] = [str(row.pk) for row in rows if row.is_shown]
        self._rows = [row.pk for row in rows]

    @property
    def given(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("edition", "numbers")
        }

    @property
    def shown(self) -> dict[int, bool]:
        return {pk: str(pk) in self.cleaned_data["numbers"] for pk in self._rows}


class AskForm(forms.Form):
    """Whom to ask, and what."""

    use_required_attribute = False
    kind = forms.ChoiceField(choices=StoryAsk.Kind.choices, widget=forms.HiddenInput())
    contact: "forms.ModelChoiceField[Contact]" = forms.ModelChoiceField(
        None, label=_("Whom"), empty_label=None, error_messages={"required": _("Choose whom to ask.")}
    )
    questions = forms.CharField(
        label=_("Questions, one on each line"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, story: Story, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = _people(story).exclude(recipient=None)  # type: ignore[attr-defined]
        self.initial = {
            "contact": story.quote_by_id,
            "questions": "\n".join(usual_questions()),
            **self.initial,
        }


class UseForm(forms.Form):
    """Where it was used outside."""

    use_required_attribute = False
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices)
    place = forms.CharField(label=_("Where"), max_length=200, help_text=_("The page, the deck, the fair."))
    address = forms.URLField(label=_("Address"), required=False, max_length=500, assume_scheme="https")
    used_on = forms.DateField(label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}))


class ConsentForm(forms.Form):
    """What the customer allows, on their own page. Nothing is ticked for them."""

    use_required_attribute = False
    edition = forms.IntegerField(widget=forms.HiddenInput())
    names_company = forms.BooleanField(label=_("Our company’s name"), required=False)
    names_person = forms.BooleanField(label=_("My name and title"), required=False)
    shows_quote = forms.BooleanField(label=_("My words, as quoted above"), required=False)
    shows_logo = forms.BooleanField(label=_("Our logo"), required=False)
    channels = forms.MultipleChoiceField(
        label=_("Where it may be told"),
        required=False,
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple(),
    )
    term = forms.ChoiceField(
        label=_("For how long"),
        choices=[("1", _("one year")), ("2", _("two years")), ("0", _("until I take it back"))],
        widget=forms.RadioSelect(),
        error_messages={"required": _("Choose for how long.")},
    )

    def terms(self, today: date) -> Terms:
        given, years = self.cleaned_data, int(self.cleaned_data["term"])
        return Terms(
            names_company=given["names_company"],
            names_person=given["names_person"],
            shows_quote=given["shows_quote"],
            shows_logo=given["shows_logo"],
            channels=given["channels"],
            until=today + timedelta(days=YEAR * years) if years else None,
        )
