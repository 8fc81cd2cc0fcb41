"""Forms about customers, the people there, and what they want to reach."""

from customers.forms.outcomes import (
    ObjectionForm,
    OutcomeForm,
    RetirementForm,
    WhomForm,
    WordingForm,
)
from customers.forms.promises import AttentionForm, DecisionForm, PromiseForm, decisions_of
from customers.forms.records import ContactForm, CustomerForm

__all__ = [
    "AttentionForm",
    "ContactForm",
    "CustomerForm",
    "DecisionForm",
    "ObjectionForm",
    "OutcomeForm",
    "PromiseForm",
    "RetirementForm",
    "WhomForm",
    "WordingForm",
    "decisions_of",
]
