"""Webhooks: who is told of changes as they come."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from timeline.api import shape
from timeline.api.filters.base import check_parameters
from timeline.api.filters.filterset import Filters
from timeline.api.filters.parameters import Flag, Ids
from timeline.api.idempotency import once
from timeline.api.parsers import MergePatchParser
from timeline.api.serializers.webhooks import (
    DeliverySerializer,
    ReplaySerializer,
    WebhookSerializer,
    WebhookWithSecretSerializer,
)
from timeline.api.versions import expected_version, tagged
from timeline.api.viewsets.base import ListView, downwards
from timeline.errors import Missing
from timeline.models import Delivery, Scope, Webhook
from timeline.querysets.keysets import Order
from timeline.services.webhooks import (
    create_webhook,
    delete_webhook,
    replay,
    rotate_secret,
    secret_of,
    send_test,
    update_webhook,
)


class _OfWebhooks(ListView, viewsets.GenericViewSet):
    """What concerns webhooks is for those who publish: addresses often hold a secret."""

    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/.]+"
    staff_only = True
    # Who is told what is no record, and no reason of it is kept.
    takes_a_reason = False

    def webhooks(self) -> QuerySet[Webhook]:
        self.by.needs(Scope.PUBLISH)
        return Webhook.objects.select_related("created_by")

    def _found(self, key: str) -> Webhook:
        try:
            return self.webhooks().get(uuid=key)
        except (Webhook.DoesNotExist, ValueError, ValidationError) as error:
            raise Missing(f"There is no webhook “{key[:80]}”.") from error


class WebhookFilter(Filters):
    id = Ids("Only the webhooks with these ids.", column="uuid")
    enabled = Flag("Only those that are sent to, or only others.", asks=("enabled", "disabled"))


NEEDS = "Needs the scope `publish`."


@extend_schema_view(
    list=extend_schema(description=f"Who is told of changes as they come. {NEEDS}"),
    retrieve=extend_schema(description=f"One webhook, and how it fares. {NEEDS}"),
)
class WebhookViewSet(_OfWebhooks):
    """Webhooks, in the order they were made. For staff."""

    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilter
    default_ordering = "created_at"
    # A test sent again is another test.
    repeatable: ClassVar = {"test"}

    def orderings(self) -> dict[str, Order]:
        order: Order = (("created_at", False), ("uuid", False))
        return {"created_at": order, "-created_at": downwards(order)}

    def get_queryset(self) -> QuerySet[Webhook]:
        return self.webhooks()

    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        check_parameters(request, set(shape.PARAMETERS))
        return self._represented(self._found(id))

    @extend_schema(
        description=(
            "Tell a receiver of every change of `/changes` from now on; `replay` goes further back. "
            "Each is a POST of its own, in order, signed after Standard Webhooks; what such a "
            "request looks like stands under `webhooks` in this document. A receiver answers 2xx "
            "within ten seconds; what it does not take is sent again after 5 and 30 seconds, 5 and "
            "30 minutes, 2, 5, 10, 14, 20 and 24 hours, up to a fifth longer each, and nothing "
            "after it before it was taken. Redirects are not followed, and private addresses not "
            f"connected to. {NEEDS}"
        ),
        responses={201: WebhookWithSecretSerializer},
    )
    def create(self, request: Request) -> Response:
        return self._with_secret(self._create(request))

    @once
    def _create(self, request: Request) -> Response:
        self.by.needs(Scope.PUBLISH)
        check_parameters(request, set())
        webhook = create_webhook(values=self._validated(request), by=self.by)
        response = self._represented(webhook, status.HTTP_201_CREATED)
        response["Location"] = reverse(
            "webhook-detail", kwargs={"id": webhook.uuid}, request=request
        )
        return response

    @extend_schema(
        description=(
            "A JSON merge patch (RFC 7396): what it does not name stays. `enabled` pauses it, or "
            f"tries again at once where it had come to. {NEEDS}"
        )
    )
    def partial_update(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        check_parameters(request, set())
        webhook, version = self._found(id), expected_version(request)
        values = self._validated(request, webhook)
        update_webhook(webhook, values=values, by=self.by, expected_version=version)
        return self._represented(self._found(id))

    @extend_schema(description=f"Tell the receiver nothing any more. {NEEDS}")
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        check_parameters(request, set())
        version = expected_version(request)
        delete_webhook(self._found(id), by=self.by, expected_version=version)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={200: DeliverySerializer})
    @action(detail=True, methods=["post"], pagination_class=None)
    def test(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        """Send a test and answer what came of it."""
        check_parameters(request, set())
        return Response(DeliverySerializer(send_test(self._found(id), by=self.by)).data)

    @extend_schema(request=None, responses={200: WebhookWithSecretSerializer})
    @action(detail=True, methods=["post"], pagination_class=None)
    def rotate(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        """Make a new secret."""
        return self._with_secret(self._rotate(request, id))

    @once
    def _rotate(self, request: Request, key: str) -> Response:
        check_parameters(request, set())
        rotate_secret(self._found(key), by=self.by)
        return self._represented(self._found(key))

    @extend_schema(request=ReplaySerializer, responses={200: WebhookSerializer})
    @action(detail=True, methods=["post"], pagination_class=None)
    @once
    def replay(self, request: Request, id: str) -> Response:  # noqa: A002 - the URL's word
        """Send changes again, from a cursor or an instant on."""
        check_parameters(request, set())
        webhook, asked = self._found(id), ReplaySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        replay(webhook, by=self.by, **asked.validated_data)
        return self._represented(self._found(id))

    def _validated(self, request: Request, webhook: Webhook | None = None) -> dict[str, Any]:
        asked = WebhookSerializer(webhook, data=request.data, partial=webhook is not None)
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)

    def _represented(self, webhook: Webhook, code: int = status.HTTP_200_OK) -> Response:
        data = self.told(self.get_serializer(webhook).data)
        return tagged(Response(data, status=code), webhook.version)

    @staticmethod
    def _with_secret(response: Response) -> Response:
        """Tell the secret, after the answer was kept for who asks again: it is kept nowhere."""
        webhook = Webhook.objects.filter(uuid=response.data["id"]).first()
        if webhook is not None:
            response.data = {**response.data, "secret": secret_of(webhook)}
        return response

    def get_parsers(self) -> list[Any]:
        parsers = super().get_parsers()
        patches = getattr(self, "action_map", {}).get("patch")
        return [*parsers, MergePatchParser()] if patches else parsers


class DeliveryFilter(Filters):
    delivered = Flag(
        "Only what the receiver took, or only what it did not.", asks=("delivered", "failed")
    )


@extend_schema_view(
    list=extend_schema(
        summary="List the deliveries of a webhook",
        description=f"Each attempt to send something, kept for thirty days. {NEEDS}",
    )
)
class DeliveryViewSet(_OfWebhooks):
    """What was sent to a webhook, newest first. For staff."""

    queryset = Delivery.objects.all()
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    default_ordering = "-at"

    def orderings(self) -> dict[str, Order]:
        order: Order = (("sent_at", False), ("uuid", False))
        return {"at": order, "-at": downwards(order)}

    def get_queryset(self) -> QuerySet[Delivery]:
        return Delivery.objects.filter(webhook=self._found(self.kwargs["id"]))
