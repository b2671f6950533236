"""Texts, limits, refusals and consents are kept here; messages and decisions are read-only."""

from apps.channels.admin import configuration, ledgers, records

__all__ = ["configuration", "ledgers", "records"]
