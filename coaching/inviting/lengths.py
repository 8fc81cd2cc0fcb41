"""How long a planned call is."""

from coaching.models import Call, Touchpoint

USUAL_MINUTES = 30
"""How long a call is with whom none was timed yet."""


def minutes_of(planned: Touchpoint) -> int:
    """As planned; else as the last call with them whose length is known; else half an hour."""
    if planned.minutes:
        return planned.minutes
    timed = Call.objects.filter(customer=planned.customer_id, minutes__gt=0).newest_first()
    return timed.values_list("minutes", flat=True).first() or USUAL_MINUTES
