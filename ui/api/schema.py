"""The document of the API, OpenAPI 3.1: what the serializers say, and what holds for every operation."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from ui.api import problems

type Direction = Literal["request", "response"]

ALWAYS = {401: "No open token", 403: "Not with this token", 429: "Too many requests"}
ON_ONE = {404: "Nothing there for your organisation"}
ON_WRITING = {
    400: "Cannot be read",
    409: "In conflict with what there is",
    413: "Too large",
    415: "Not JSON",
    422: "Wrong or unknown fields, listed",
}
ON_LISTS = {422: "Wrong or unknown filters, listed"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "A refusal, as in RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Where the reference explains it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {
                    "field": {"type": "string", "description": "Such as commitments.0.will"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="Your own name for this request: sent again with it within a day, it is done once.",
)


class Operation(AutoSchema):
    """One address and method."""

    def get_override_parameters(self) -> list[Any]:
        if self.method in ("POST", "PATCH"):
            return [KEY]
        return [self.view.filters] if self._is_list_view() else []

    def get_filter_backends(self) -> list[Any]:
        return []

    def get_request_serializer(self) -> Any:
        method = getattr(self.view, self.view.action, None)
        return getattr(method, "takes", None)

    def get_response_serializers(self) -> Any:
        method = getattr(self.view, self.view.action, None)
        return getattr(method, "gives", None) or super().get_response_serializers()

    def get_serializer_name(self, serializer: Any, direction: Direction) -> str:
        """ "Customer" of CustomerShown."""
        name: str = super().get_serializer_name(serializer, direction)
        return name.removesuffix("Shown").removesuffix("Given")

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]


def complete(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A postprocessing hook: every refusal, and that unknown fields are one."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for address, methods in result["paths"].items():
        for method, operation in methods.items():
            expected = dict(ALWAYS) | (ON_ONE if "{" in address else {})
            if method in ("post", "patch"):
                expected |= ON_WRITING
            elif "{" not in address:
                expected |= ON_LISTS
            for status, words in sorted(expected.items()):
                operation["responses"].setdefault(str(status), _refusal(words))
    _without_marks(result)
    for name, schema in result["components"]["schemas"].items():
        if name.endswith("Request") and schema.get("type") == "object":
            schema["additionalProperties"] = False
    return result


def _without_marks(part: Any) -> None:
    """What the generator notes for itself."""
    if isinstance(part, dict):
        part.pop("x-spec-enum-id", None)
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _without_marks(inner)


def _refusal(words: str) -> dict[str, Any]:
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": words, "content": content}
