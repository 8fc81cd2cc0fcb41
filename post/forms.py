"""What the outbox's address bar and the mail preferences may say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from post.models import Recipient
from post.outbox import GROUPS, Wish


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
