"""Keys for programs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Scope(models.TextChoices):
    """What a person or token may do; each includes the ones before it."""

    READ = "read", "Read what is published"
    WRITE = "write", "Write drafts"
    PUBLISH = "publish", "Publish, and see protected identities"
    ADMIN = "admin", "Everything"

    @property
    def rank(self) -> int:
        return list(Scope).index(self)

    def includes(self, other: Scope) -> bool:
        """``Scope.PUBLISH.includes(Scope.WRITE)``"""
        return self.rank >= other.rank


class Token(models.Model):
    """A bearer token ``tl_<key>.<secret>``; only a digest of the secret is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="timeline_tokens"
    )
    name = models.CharField(max_length=100)
    key = models.CharField(max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scope = models.CharField(max_length=7, choices=Scope, default=Scope.READ)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="token_has_a_known_scope"
            ),
        ]

    def __str__(self) -> str:
        return self.name
