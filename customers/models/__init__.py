from customers.models.attention import Attention, ChampionChange, DataRequest
from customers.models.cases import SupportCase
from customers.models.erasures import Erasure, found_in, hash_of
from customers.models.money import TIMES_A_YEAR, Subscription, Transaction
from customers.models.outcomes import Outcome, OutcomeAsk, OutcomeReply, OutcomeRevision
from customers.models.people import USE_CASE_LENGTH, Contact, Customer, Segment
from customers.models.promises import Promise, PromiseDecision
from customers.models.readings import LatestReading, Metric, Reading
from customers.models.scales import GoalLevel, GoalScale

__all__ = [
    "TIMES_A_YEAR",
    "USE_CASE_LENGTH",
    "Attention",
    "ChampionChange",
    "Contact",
    "Customer",
    "DataRequest",
    "Erasure",
    "GoalLevel",
    "GoalScale",
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
    "found_in",
    "hash_of",
]
