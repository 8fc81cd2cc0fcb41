"""One noun of the product: its list in pages, its rows, and whatever verbs its room adds.

Each request runs within the caller's organisation. What it may is asked before anything is read; what it
changes, it changes once. A verb of a resource makes one call of the room's own verb, as a page does.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _
from rest_framework import exceptions, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from ui.api.fields import Filters, Strict
from ui.api.paging import Pages

PAGE = 50
SAFE = ("GET", "HEAD")
type Verb = Callable[..., models.Model]
type Method = Callable[..., Response]


class Nothing(Strict):
    """A body without fields."""


def takes(
    kind: type[Strict] = Nothing, *, status: int = 200, partial: bool = False
) -> Callable[[Verb], Method]:
    """Make a verb a method of its resource: it gets the body as `kind` reads it, and the row if there is
    one; what it returns is shown as it is then."""

    def made(verb: Verb) -> Method:
        @wraps(verb)
        def method(self: "Resource", request: Any, pk: str | None = None) -> Response:
            about = () if pk is None else (self.get_object(),)
            row = verb(self, self.given(kind, partial=partial), *about)
            response = self.shown(row, status)
            if status == 201:
                response["Location"] = f"{request.path}{row.pk}/"
            return response

        method.takes = kind  # type: ignore[attr-defined]
        return method

    return made


def act(name: str, kind: type[Strict] = Nothing) -> Callable[[Verb], Method]:
    """A verb of one row, under its noun: POST customers/7/archive/."""

    def made(verb: Verb) -> Method:
        method: Method = action(detail=True, methods=["post"], url_path=name)(takes(kind)(verb))
        return method

    return made


class Resource(viewsets.GenericViewSet):
    """Say the model, its room, who reads and writes, `rows()`, and what of them is shown."""

    model: type[models.Model]
    room: str
    reads: str = "readonly"
    writes: str = "csm"
    filters: type[Filters] = Filters
    pagination_class = Pages
    http_method_names = ["get", "head", "post", "patch"]
    lookup_value_regex = "[0-9]{1,18}"

    def rows(self) -> models.QuerySet[Any]:
        """The rows of the caller's organisation, with what their serializer shows."""
        return self.model._default_manager.all()

    @property
    def organisation(self) -> Any:
        return self.request.auth.organisation

    @property
    def actor(self) -> Mapping[str, Any]:
        """Who did it and when, for a verb."""
        now: datetime = self.request.now
        return {"by": self.request.auth.user, "now": now}

    def given(self, kind: type[Any], **options: Any) -> dict[str, Any]:
        """The body, as `kind` reads it."""
        serializer = kind(data=self.request.data, context=self.get_serializer_context(), **options)
        serializer.is_valid(raise_exception=True)
        found: dict[str, Any] = serializer.validated_data
        return found

    def shown(self, row: models.Model, status: int = 200) -> Response:
        """The row as it is now, read anew."""
        fresh = self.rows().get(pk=row.pk)
        return Response(self.get_serializer(fresh).data, status=status)

    # What every resource answers

    def list(self, request: Any) -> Response:
        narrowed = self.filters(data=request.query_params.dict(), context=self.get_serializer_context())
        narrowed.is_valid(raise_exception=True)
        wanted = dict(narrowed.validated_data)
        after, limit = wanted.pop("after", 0), wanted.pop("limit", PAGE)
        rows = list(self.narrow(self.rows(), wanted).filter(pk__gt=after).order_by("pk")[: limit + 1])
        page = rows[:limit]
        more = page[-1].pk if len(rows) > limit else None
        return Response({"results": self.get_serializer(page, many=True).data, "next": more})

    def narrow(self, rows: models.QuerySet[Any], wanted: Mapping[str, Any]) -> models.QuerySet[Any]:
        return rows.filter(**wanted)

    def retrieve(self, request: Any, pk: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    def get_object(self) -> Any:
        row = self.rows().filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return row

    # How each request is answered

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.args, self.kwargs = args, kwargs
        self.request = request = self.initialize_request(request, *args, **kwargs)
        self.headers: dict[str, str] = {}
        try:
            self.initial(request, *args, **kwargs)
            with request.auth.within():
                if request.method in SAFE:
                    response = self._handled()
                else:
                    response = request.auth.once(request, self._in_one_piece)
        except Exception as error:
            response = self.handle_exception(error)
        if request.auth:
            self.headers |= request.auth.headers()
        self.response: HttpResponseBase = self.finalize_response(request, response, *args, **kwargs)
        return self.response

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        self.format_kwarg = None
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        self.perform_authentication(request)
        if request.auth is None:
            raise exceptions.NotAuthenticated
        if request.method.lower() not in self.action_map:
            self.headers["Allow"] = ", ".join(sorted(name.upper() for name in self.action_map))
            raise exceptions.MethodNotAllowed(request.method)
        self.check(request.auth, writes=request.method not in SAFE)
        request.fingerprint = sha256(
            b"\0".join([request.method.encode(), request.get_full_path().encode(), request.body])
        ).hexdigest()

    def check(self, caller: Any, *, writes: bool) -> None:
        """Raises PermissionDenied unless the token was made for this, by somebody who may."""
        scope = f"{self.room}:{'write' if writes else 'read'}"
        if not caller.may(scope):
            words = _("This token was not made for “%(scope)s”. Ask an admin for one that was.")
            raise PermissionDenied(words % {"scope": scope})
        if not caller.is_at_least(self.writes if writes else self.reads):
            raise PermissionDenied(_("Whoever this token acts for may not do this. Ask an admin."))

    def _in_one_piece(self) -> HttpResponseBase:
        """All of it is stored, or on a refusal nothing."""
        with transaction.atomic():
            response = self._handled()
            if response.status_code >= 400:
                transaction.set_rollback(True)
        self.finalize_response(self.request, response)
        return response.render() if isinstance(response, Response) else response

    def _handled(self) -> HttpResponseBase:
        try:
            handler = getattr(self, self.request.method.lower())
            response: HttpResponseBase = handler(self.request, *self.args, **self.kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        return response

    def get_serializer_context(self) -> dict[str, Any]:
        caller = getattr(self.request, "auth", None) if self.request else None
        return {"organisation": caller.organisation if caller else None, "view": self}

    def get_queryset(self) -> models.QuerySet[Any]:
        """For the document of the API alone, which asks of no organisation."""
        return models.QuerySet(self.model)
