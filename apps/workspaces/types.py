"""Roles, capabilities and scopes."""

from django.db import models


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    ACQUISITIONS = "acquisitions", "Acquisitions"
    DISPOSITIONS = "dispositions", "Dispositions"
    READ_ONLY = "read_only", "Read only"


class Capability(models.TextChoices):
    """What a connection to a provider can do."""

    SMS = "sms", "SMS"
    EMAIL = "email", "E-mail"
    VOICEMAIL = "voicemail", "Voicemail"
    SKIP_TRACE = "skip_trace", "Skip trace"
    PHONE_LOOKUP = "phone_lookup", "Phone look-up"


# Several connections may be active: they are asked in the order of their position.
RANKED = frozenset({Capability.SKIP_TRACE})


SCOPES = (
    "deals:read",
    "contacts:read",
    "offers:read",
    "offers:write",
    "sequences:read",
    "sequences:write",
    "events:read",
)
