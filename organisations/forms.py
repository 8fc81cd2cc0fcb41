"""Forms of the front door, the first run, and the settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation, User
from ui.colours import is_colour
from ui.opened import OpenedForm
from ui.zones import zone_choices


class PasswordField(forms.CharField):
    """A new password, typed once; the browser can show it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Password"))
        kwargs["strip"] = False
        kwargs["widget"] = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(**kwargs)
        self.help_text = _("At least 10 characters, nothing on every list of common passwords.")


def check_password(form: forms.Form, name: str, user: User) -> None:
    """Add what is wrong with the password in field `name` to the form."""
    try:
        validate_password(form.cleaned_data.get(name) or "", user)
    except forms.ValidationError as error:
        form.add_error(name, error)


class SignInForm(LoginForm):
    """Sign in by e-mail and password. In demo mode it may come filled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs = {"autocomplete": "username", "inputmode": "email"}
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget = forms.PasswordInput(
            attrs={"autocomplete": "current-password"}, render_value=settings.DEMO
        )
        self.fields["remember"].label = _("Stay signed in for two weeks")


class ProofForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """Six digits from the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class AppForm(CodeForm):
    """The first code proves that the app has the secret, which came with the page and goes back signed."""

    secret = forms.CharField(widget=forms.HiddenInput)


class CredentialForm(forms.Form):
    """A passkey's answer to the challenge in the session: whose it is, or a fault."""

    credential = forms.JSONField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_credential(self) -> Any:
        with unreadable_refused():
            return self.complete(self.cleaned_data["credential"])

    def complete(self, given: Any) -> Any:
        webauthn.parse_authentication_response(given)
        user = self.user or webauthn.extract_user_from_response(given)
        return webauthn.complete_authentication(user, given)


class PasskeyForm(CredentialForm):
    """A new passkey and what its owner calls it."""

    name = forms.CharField(
        label=_("What you call it"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For example: my telephone."),
    )
    field_order = ["name", "credential"]

    def complete(self, given: Any) -> Any:
        webauthn.parse_registration_response(given)
        webauthn.complete_registration(given)
        return given

    def clean_name(self) -> str:
        return self.cleaned_data["name"] or gettext("A passkey")


@contextmanager
def unreadable_refused() -> Iterator[None]:
    """Whatever a stranger sends in place of a passkey's answer is a fault of the form."""
    try:
        yield
    except (forms.ValidationError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise forms.ValidationError(gettext("This passkey could not be read. Try once more.")) from error


class ForgottenForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs = {"autocomplete": "username", "inputmode": "email"}


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password by the link from a mail: typed once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"] = PasswordField(label=_("New password"))

    def clean(self) -> dict[str, Any]:
        check_password(self, "password1", self.user)
        return self.cleaned_data


class OwnPasswordForm(ChangePasswordForm):
    """Another password, by somebody who is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"].label = _("Password until now")
        self.fields["oldpassword"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        self.fields["password1"] = PasswordField(label=_("New password"))

    def clean(self) -> dict[str, Any]:
        check_password(self, "password1", self.user)
        return self.cleaned_data


class SetupForm(forms.Form):
    """The first organisation and its admin."""

    name = forms.CharField(label=_("Its name"), max_length=120)
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=50,
        help_text=_("In addresses: /o/harbour/. Small letters, digits and hyphens."),
    )
    zone = forms.ChoiceField(label=_("Time zone"))
    admin_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    admin_email = forms.EmailField(
        label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    admin_password = PasswordField(label=_("Your password"))
    sender_name = forms.CharField(
        label=_("Sender of mails"),
        max_length=120,
        required=False,
        help_text=_("Empty: the organisation’s name."),
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Stands at the foot of every mail; the law asks for it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = zone_choices()  # type: ignore[attr-defined]

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"].lower()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("admin_password"):
            person = User(email=given.get("admin_email", ""), name=given.get("admin_name", ""))
            check_password(self, "admin_password", person)
        return given


class SettingsForm(OpenedForm):
    """How an organisation presents itself, and when it celebrates."""

    name = forms.CharField(label=_("Name"), max_length=120)
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Its days begin and end here; each reader sees times in their own.")
    )
    language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES)
    accent = forms.CharField(
        label=_("Accent colour"),
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Too light or too loud to read? It is corrected wherever text stands on it."),
    )
    sender_name = forms.CharField(
        label=_("Sender of mails"), max_length=120, required=False, help_text=_("Empty: the name above.")
    )
    postal_address = forms.CharField(
        label=_("Postal address"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands at the foot of every mail; the law asks for it."),
    )
    celebrate_within_days = forms.IntegerField(
        label=_("Celebrate by itself within, in days"),
        required=False,
        min_value=0,
        max_value=3650,
        help_text=_("Older achievements wait for a person’s yes. Empty: no limit."),
    )

    mails_per_week = forms.IntegerField(
        label=_("Mails to one person in any seven days"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_(
            "Celebrations, questions and messages count together. When they are used up, what goes by itself"
            " waits; a question that a person asks does not. Empty: no limit."
        ),
    )
    uncertain_mail = forms.ChoiceField(
        label=_("When nobody knows whether a mail arrived"),
        choices=Organisation.Unsure.choices,
        required=False,
        help_text=_("A crash or a lost answer leaves that open. Both copies carry the same Message-ID."),
    )
    second_factor_required = forms.BooleanField(
        label=_("Everybody here needs a second factor"),
        required=False,
        help_text=_("Whoever has none is led to set one up before any page opens."),
    )

    def __init__(self, *args: Any, has_second_factor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_second_factor = has_second_factor
        self.fields["zone"].choices = zone_choices()  # type: ignore[attr-defined]

    def clean_uncertain_mail(self) -> str:
        return self.cleaned_data["uncertain_mail"] or Organisation.Unsure.HOLD

    def clean_second_factor_required(self) -> bool:
        if self.cleaned_data["second_factor_required"] and not self.has_second_factor:
            raise forms.ValidationError(gettext("Set up your own first, under “Your sign-in”."))
        return self.cleaned_data["second_factor_required"]

    @classmethod
    def initial_of(cls, organisation: Organisation) -> dict[str, Any]:
        return {name: getattr(organisation, name) for name in cls.base_fields}

    def clean_accent(self) -> str:
        accent = self.cleaned_data["accent"]
        if not is_colour(accent):
            raise forms.ValidationError(gettext("A colour looks like #00666f."))
        return accent if accent.startswith("#") else f"#{accent}"
