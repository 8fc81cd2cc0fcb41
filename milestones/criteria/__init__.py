"""A criterion as a question to the database: one set-based statement per kind, for one customer or all.

Each statement keeps `CriterionProgress`: a row for every criterion that is met, dated by the earliest
evidence in the evidence's own time. Arrival order, chunking and source never change what it finds.
"""

from milestones.criteria.keeping import keep_progress
from milestones.criteria.scope import Scope

__all__ = ["Scope", "keep_progress"]
