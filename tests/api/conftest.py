"""Partners with keys, and qualified deals with a seller who can be reached."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from apps.contacts.models import Contact, Phone
from apps.deals.models import Deal, DealMetrics, DealParty, DealScore, Property, RuleSet, Stage
from apps.workspaces.actions import issue_api_key
from apps.workspaces.types import SCOPES


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Throttles count in the cache."""
    cache.clear()


@dataclass
class Partner:
    """A program that holds a key."""

    client: Client
    key: Any
    token: str

    def _headers(self, more: dict[str, str] | None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **(more or {})}

    def get(self, path: str, data: dict[str, Any] | None = None, headers=None) -> Any:
        return self.client.get(f"/api/v1/{path}", data or {}, headers=self._headers(headers))

    def post(self, path: str, data: Any, headers=None) -> Any:
        return self.client.post(
            f"/api/v1/{path}",
            data,
            content_type="application/json",
            headers=self._headers(headers),
        )


@pytest.fixture
def partner(system, now) -> Callable[..., Partner]:
    """partner(workspace, "deals:read", …): with no scope named, the key has all of them."""

    def make(workspace, *scopes: str) -> Partner:
        key, token = issue_api_key(
            workspace=workspace, actor=system, label="Partner", scopes=scopes or SCOPES, now=now
        )
        return Partner(Client(), key, token)

    return make


@pytest.fixture
def make_deal(now, deliver) -> Callable[..., Deal]:
    """make_deal(workspace, verdict=…): priced, scored, with a seller who has a mobile phone."""
    numbers = count(1)

    def make(workspace, verdict="qualified", score=72, name="Margaret Example") -> Deal:
        deliver()
        number = next(numbers)
        seller = Contact.objects.create(
            workspace=workspace,
            name=name,
            match_key=f"owner {number}",
            mailing_line="9 Elm Street",
            mailing_city="Hamden",
            mailing_state="CT",
            mailing_zip="06514",
        )
        Phone.objects.create(
            workspace=workspace,
            contact=seller,
            e164=f"+1203555{100 + number % 100:04d}",
            line_type="mobile",
        )
        home = Property.objects.create(
            workspace=workspace,
            line=f"{number} Whalley Avenue",
            city="New Haven",
            state="CT",
            zip="06511",
            county="New Haven",
            apn=f"305-{number:05}",
            address_key=f"key {number}",
        )
        deal = Deal.objects.create(
            workspace=workspace,
            property=home,
            stage=Stage.objects.in_workspace(workspace).get(kind="qualified"),
            seller=seller,
            stage_entered_at=now,
        )
        DealParty.objects.create(workspace=workspace, deal=deal, contact=seller)
        DealMetrics.objects.create(
            deal=deal,
            workspace_id=workspace.pk,
            arv=250_000,
            repairs=40_000,
            computed_on=date(2026, 11, 20),
        )
        DealScore.objects.create(
            deal=deal,
            workspace_id=workspace.pk,
            rule_set=RuleSet.objects.in_workspace(workspace).first(),
            rule_set_version=1,
            score=score,
            coverage=90,
            verdict=verdict,
        )
        return deal

    return make


@pytest.fixture
def deal(workspace, make_deal) -> Deal:
    return make_deal(workspace)
