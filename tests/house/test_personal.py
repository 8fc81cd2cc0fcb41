"""Every column that can hold words says in office/erasing/registry.py what erasing a person makes of it."""

import pytest
from django.apps import apps

from office.erasing import REGISTRY
from office.erasing.handling import contact_columns, personal_columns
from tests.house.ours import ROOMS

pytestmark = pytest.mark.once
MODELS = [model for model in apps.get_models() if model._meta.app_label in ROOMS]


def test_every_column_has_one_entry() -> None:
    """A new text, address, JSON, file or binary column: name it there once, and say how it is dealt with."""
    wrong = {}
    for model in MODELS:
        handling = REGISTRY.get(model._meta.label)
        named = sorted(handling.named if handling else [])
        if named != sorted(personal_columns(model)):
            wrong[model._meta.label] = sorted({*named} ^ {*personal_columns(model)}) or named
    assert wrong == {}


def test_no_entry_is_of_a_table_there_is_not() -> None:
    assert REGISTRY.keys() - {model._meta.label for model in MODELS} == set()


def test_every_table_about_a_person_says_by_which_columns() -> None:
    """Else its rows are in no copy for them, and keep their words."""
    for model in MODELS:
        ways = REGISTRY[model._meta.label].person.split() if model._meta.label in REGISTRY else []
        firsts = {way.split("__")[0] for way in ways}
        assert set(contact_columns(model)) - firsts == set(), model._meta.label


def test_what_is_theirs_can_be_found() -> None:
    assert [label for label, one in REGISTRY.items() if one.theirs and not one.person] == []
