"""Form fields, dressed for the page: one kind of control each, its faults found again from the summary."""

from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm, BoundField, widgets

KINDS: tuple[tuple[type[widgets.Widget], str], ...] = (
    (widgets.HiddenInput, "hidden"),
    (widgets.CheckboxSelectMultiple, "choices"),
    (widgets.RadioSelect, "choices"),
    (widgets.CheckboxInput, "check"),
    (widgets.FileInput, "file"),
)


@dataclass(frozen=True)
class Fault:
    """One thing to correct. `anchor` is the id of the control, empty for a fault of the whole form."""

    label: str
    words: str
    anchor: str


def kind_of(bound: BoundField) -> str:
    """How this field is laid out: hidden, choices, check, file or input."""
    widget = bound.field.widget
    return next((kind for type_, kind in KINDS if isinstance(widget, type_)), "input")


def dressed(
    bound: BoundField,
    *,
    look: str = "",
    label: str = "",
    css: str = "",
    optional: bool = True,
    placeholder: str = "",
    autofocus: bool = False,
) -> dict[str, Any]:
    """What the field's template needs, the control already rendered with its classes."""
    kind = kind_of(bound)
    attrs: dict[str, Any] = {}
    own = " ".join(filter(None, (bound.field.widget.attrs.get("class"), css)))
    classes = f"input {own}".strip() if kind in ("input", "file") else own
    if classes:
        attrs["class"] = classes
    if placeholder:
        attrs["placeholder"] = placeholder
    if autofocus:
        attrs["autofocus"] = True
    return {
        "field": bound,
        "kind": kind,
        "look": look,
        "label": label or bound.label,
        "control": bound if kind == "choices" else bound.as_widget(attrs=attrs),
        "says_optional": optional and not bound.field.required and kind in ("input", "file"),
    }


def faults(form: BaseForm) -> list[Fault]:
    """All faults of a form, those of the whole form first."""
    found = [Fault("", str(error), "") for error in form.non_field_errors()]
    for bound in form:
        anchor = bound.id_for_label or f"{bound.auto_id}_0"
        found += [Fault(str(bound.label), str(error), anchor) for error in bound.errors]
    return found
