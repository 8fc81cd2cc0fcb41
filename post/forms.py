"""What the outbox's address bar, the mail preferences and the pages of webhooks may say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.models import Membership
from post import reaching
from post.models import Recipient, WebhookDelivery
from post.outbox import GROUPS, Wish
from post.webhooks import KINDS


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


class DigestForm(forms.Form):
    digest = forms.ChoiceField(label=_("Which digest you get"), choices=Membership.Digest.choices)


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
        url: str = self.cleaned_data["url"]
        try:
            reaching.target(url)
        except reaching.MayNotReach as error:
            raise forms.ValidationError(str(error)) from None
        return url


class CallsForm(forms.Form):
    """Which calls of an address are shown."""

    state = forms.ChoiceField(choices=WebhookDelivery.State.choices, required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)
