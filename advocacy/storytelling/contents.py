"""What a story says, as one value: what an edition keeps, a consent names by its digest, and a page shows.

People stand in it by id alone; their names are joined when it is shown, so that erasing one leaves no trace.
"""

import json
from hashlib import sha256
from typing import Any

from advocacy.models import Story, StoryNumber

TEXTS = ("title", "about", "background", "approach", "result", "learning", "quote", "quote_from", "incentive")
"""What a person writes, in the order in which it is read."""


def content_of(story: Story) -> dict[str, Any]:
    """The story as it stands now."""
    numbers = StoryNumber.objects.filter(story=story, is_shown=True)
    said: dict[str, Any] = {name: getattr(story, name) for name in TEXTS}
    return said | {"quote_by": story.quote_by_id, "numbers": [_number(row) for row in numbers]}


def digest_of(content: dict[str, Any]) -> str:
    """The same for the same content, whatever order a database gives its keys in."""
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _number(row: StoryNumber) -> dict[str, Any]:
    return {
        "id": row.pk,
        "label": row.label,
        "unit": row.unit,
        "before": row.before,
        "before_on": row.before_on.isoformat() if row.before_on else "",
        "after": row.after,
        "after_on": row.after_on.isoformat() if row.after_on else "",
        "source": row.source,
        "points": row.points,
    }
