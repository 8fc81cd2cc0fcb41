"""Forms of circles: the circle itself, and a meeting of it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from advocacy.models import Circle, CircleMeeting
from coaching.forms.inputs import ClockInput, DayInput
from coaching.forms.next_call import moment
from organisations.models import User


class CircleForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("A milestone or a topic: “First week with daily data”."),
        error_messages={"required": _("Give the circle a name.")},
    )
    about = forms.CharField(
        label=_("What they have in common"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it before they say yes."),
        error_messages={"required": _("Say what they have in common: it is all they read before they join.")},
    )
    host: "forms.ModelChoiceField[User]" = forms.ModelChoiceField(
        None,
        label=_("Whom answers to its mails reach"),
        empty_label=_("each person’s own CSM"),
        required=False,
    )
    talk_url = forms.URLField(
        label=_("Where they talk"),
        required=False,
        assume_scheme="https",
        max_length=200,
        help_text=_(
            "The address of a Discourse category or another forum. A link only: people sign in there."
        ),
    )

    def __init__(self, *args: Any, hosts: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = hosts  # type: ignore[attr-defined]

    def clean_talk_url(self) -> str:
        address: str = self.cleaned_data["talk_url"]
        if address and not address.startswith("https://"):
            raise forms.ValidationError(_("Use an address that begins with https://."))
        return address

    @classmethod
    def initial_of(cls, circle: Circle | None, *, by: User) -> dict[str, Any]:
        if circle is None:
            return {"host": by.pk}
        return {"host": circle.host_id} | {
            name: getattr(circle, name) for name in ("name", "about", "talk_url")
        }


class MeetingForm(forms.Form):
    use_required_attribute = False
    title = forms.CharField(
        label=_("What it is"), max_length=120, error_messages={"required": _("Give the meeting a name.")}
    )
    on = forms.DateField(
        label=_("Day"), widget=DayInput(), error_messages={"required": _("Say on which day.")}
    )
    at = forms.TimeField(
        label=_("Time"), widget=ClockInput(), error_messages={"required": _("Say at what time.")}
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=24 * 60)
    place = forms.CharField(
        label=_("Place or link"),
        max_length=300,
        help_text=_("A room, a number or a link. Everybody in the circle reads it."),
        error_messages={"required": _("Say where: a room, a number or a link.")},
    )
    about = forms.CharField(
        label=_("What it is about"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    @classmethod
    def initial_of(cls, meeting: CircleMeeting | None) -> dict[str, Any]:
        if meeting is None:
            return {"minutes": 60}
        begins = localtime(meeting.starts_at)
        said = {name: getattr(meeting, name) for name in ("title", "minutes", "place", "about")}
        return said | {"on": begins.date(), "at": begins.time()}

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        said = {name: given[name] for name in ("title", "minutes", "place", "about")}
        return said | {"starts_at": moment(given["on"], given["at"])}
