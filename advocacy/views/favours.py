"""What becomes of a favour: answered, done, thanked, taken back. Each leads back to the person's ledger."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from advocacy import recruiting
from advocacy.forms.asking import AnswerForm, ResultForm, ThanksForm
from advocacy.models import Favour
from advocacy.views.advocates import contact_of, show_person
from organisations.access import MemberRequest, csm_required


@require_POST
@csm_required
def favour_answer(request: MemberRequest, pk: int) -> HttpResponse:
    """They said it on the phone or in person."""
    row = _favour(pk)
    is_yes = request.POST.get("answer") == "yes"
    form = AnswerForm(request.POST, auto_id=f"answer-{pk}-%s")
    return _do(
        request,
        row,
        form,
        lambda given: recruiting.note_answer(
            favour=row, is_yes=is_yes, by=request.user, now=request.now, **given
        ),
        _("Written down."),
    )


@require_POST
@csm_required
def favour_result(request: MemberRequest, pk: int) -> HttpResponse:
    """They did it."""
    row = _favour(pk)
    form = ResultForm(request.POST, auto_id=f"result-{pk}-%s")
    return _do(
        request,
        row,
        form,
        lambda given: recruiting.finish(favour=row, by=request.user, now=request.now, **given),
        _("Done. Now thank them."),
    )


@require_POST
@csm_required
def favour_thanks(request: MemberRequest, pk: int) -> HttpResponse:
    """Thank them by mail."""
    row = _favour(pk)
    form = ThanksForm(request.POST, auto_id=f"thanks-{pk}-%s")
    return _do(
        request,
        row,
        form,
        lambda given: recruiting.thank(favour=row, by=request.user, now=request.now, **given),
        _("Thanked: the mail is in the outbox."),
    )


@require_POST
@csm_required
def favour_withdrawal(request: MemberRequest, pk: int) -> HttpResponse:
    """We ask it no more."""
    row = _favour(pk)
    return _do(
        request,
        row,
        forms.Form(request.POST),
        lambda given: recruiting.withdraw(favour=row, by=request.user, now=request.now),
        _("Taken back. It still counts as asked."),
    )


def _do(
    request: MemberRequest, row: Favour, form: forms.Form, verb: Callable[..., Favour], done: str
) -> HttpResponse:
    """One call of a verb with what the form holds; what it refuses is said where it was typed."""
    name = f"{next(iter(form.fields), '')}_{row.pk}".replace("reply", "answer")
    if not form.is_valid():
        return show_person(request, contact_of(row.contact_id), status=422, **{name: form})
    try:
        verb(form.cleaned_data)
    except recruiting.WordsMissing as refused:
        form.add_error(refused.field, str(refused))
        return show_person(request, contact_of(row.contact_id), status=422, **{name: form})
    except recruiting.NotPossible as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("advocacy:person", request.organisation.slug, row.contact_id)


def _favour(pk: int) -> Favour:
    found: Favour = get_object_or_404(Favour.objects.with_people(), pk=pk)
    return found
