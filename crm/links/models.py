"""LinkCount: how often personal links and the addresses of their visitors were asked for."""

from django.db import models


class LinkCount(models.Model):
    """How often an address or a link was asked for since a moment: a limit that needs no Redis."""

    key = models.CharField(max_length=60, unique=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
