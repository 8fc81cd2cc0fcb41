"""What the outbox's address bar, the mail preferences and the pages of webhooks may say."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.models import Membership
from post import reaching
from post.models import Recipient, WebhookDelivery, WebhookEndpoint
from post.outbox import GROUPS, Wish
from post.webhooks import IN_CHANNELS, KINDS
from post.webhooks.channels import FORMATS


class FilterForm(forms.Form):
    """Unknown groups and overlong searches are faults, told in words; the list then shows everything."""

    show = forms.ChoiceField(choices=list(GROUPS.items()), required=False)
    q = forms.CharField(label=_("Address"), required=False, max_length=254, strip=True)

    def wish(self) -> Wish:
        if not self.is_valid():
            return Wish()
        return Wish(group=self.cleaned_data["show"], address=self.cleaned_data["q"])


class WishForm(forms.Form):
    wish = forms.ChoiceField(label=_("Which mails you get"), choices=Recipient.Wish.choices)
    weekday = forms.TypedChoiceField(
        choices=Recipient.Weekday.choices, coerce=int, empty_value=None, required=False
    )


class DigestForm(forms.Form):
    digest = forms.ChoiceField(label=_("Which digest you get"), choices=Membership.Digest.choices)


def _within_reach(url: str) -> str:
    try:
        if url:
            reaching.target(url)
    except reaching.MayNotReach as error:
        raise forms.ValidationError(str(error)) from None
    return url


class EndpointForm(forms.Form):
    """An address that is told what happens."""

    url = forms.CharField(
        label=_("Web address"),
        max_length=500,
        help_text=_("Begins with https:// and is reached from outside."),
    )
    about = forms.CharField(
        label=_("What stands behind it"), max_length=120, required=False, help_text=_("“Our data platform”")
    )
    kinds = forms.MultipleChoiceField(
        label=_("It is told when"),
        choices=list(KINDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everything, also what is added one day."),
    )

    def clean_url(self) -> str:
        return _within_reach(self.cleaned_data["url"])


class ChannelForm(forms.Form):
    """A chat channel that is told. `url` may stay empty for one that has an address."""

    style = forms.ChoiceField(
        label=_("Where"), choices=[each for each in WebhookEndpoint.Style.choices if each[0] in FORMATS]
    )
    url = forms.CharField(
        label=_("Address of its incoming webhook"),
        max_length=500,
        help_text=_("Whoever has it can write there: it is kept encrypted and not shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    about = forms.CharField(
        label=_("Name of the channel"), max_length=120, required=False, help_text=_("“#customer-success”")
    )
    kinds = forms.MultipleChoiceField(
        label=_("What goes there"),
        choices=list(IN_CHANNELS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what goes there.")},
    )

    def __init__(self, *args: Any, has_address: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_address:
            del self.fields["style"]
            self.fields["url"].required = False
            self.fields["url"].help_text = _("Empty: the one it has stays.")

    def clean_url(self) -> str:
        return _within_reach(self.cleaned_data["url"])


class CallsForm(forms.Form):
    """Which calls of an address are shown."""

    state = forms.ChoiceField(choices=WebhookDelivery.State.choices, required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)
