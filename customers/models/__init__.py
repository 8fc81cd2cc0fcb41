from customers.models.attention import Attention, ChampionChange, DataRequest
from customers.models.cases import SupportCase
from customers.models.money import Subscription, Transaction
from customers.models.outcomes import Outcome, OutcomeAsk, OutcomeReply, OutcomeRevision
from customers.models.people import USE_CASE_LENGTH, Contact, Customer, Segment
from customers.models.promises import Promise, PromiseDecision
from customers.models.readings import LatestReading, Metric, Reading

__all__ = [
    "USE_CASE_LENGTH",
    "Attention",
    "ChampionChange",
    "Contact",
    "Customer",
    "DataRequest",
    "LatestReading",
    "Metric",
    "Outcome",
    "OutcomeAsk",
    "OutcomeReply",
    "OutcomeRevision",
    "Promise",
    "PromiseDecision",
    "Reading",
    "Segment",
    "Subscription",
    "SupportCase",
    "Transaction",
]
