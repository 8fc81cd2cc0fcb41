"""Lists go by key, not by number of page: what is added meanwhile shifts nothing, however long they are."""

from typing import Any

from rest_framework.pagination import BasePagination


class Pages(BasePagination):
    """What a list answers. `next` is the `after` of the page that follows."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {"results": schema, "next": {"type": ["integer", "null"]}},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return []
