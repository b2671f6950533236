"""What a person enters for each type of source, and whether an entry can stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apps.deals.feeds.calls.settings import WEBHOOK_SETTINGS, problem_of
from apps.deals.feeds.types import Setting
from apps.deals.ingestion.fields import UnknownField, get_field
from apps.deals.models import LeadSource

_PAGE_SIZE = Setting(
    "page_size", "Records per call", "integer", help_text="1 to 1,000.", starts=False
)
_KEY = Setting("api_key", "API key", "secret", is_required=True)
COUNTY_LAYOUTS = (
    ("", "Own mapping"),
    ("nyc_sales", "New York City: sales"),
    ("nyc_tax_liens", "New York City: tax lien sale list"),
    ("nyc_hpd_violations", "New York City: housing violations"),
    ("nyc_vacate_orders", "New York City: vacate orders"),
    ("nyc_dob_violations", "New York City: building violations"),
    ("nyc_pluto", "New York City: lots (PLUTO)"),
    ("ct_sales", "Connecticut: sales"),
)
SETTINGS: dict[str, tuple[Setting, ...]] = {
    "reso": (
        Setting("url", "Address of the service", "url", True, "Ends before /Property."),
        Setting("token", "Bearer token", "secret", help_text="Or client id and secret below."),
        Setting("token_url", "Address for tokens (OAuth2)", "url", starts=False),
        Setting("client_id", "Client id", "secret"),
        Setting("client_secret", "Client secret", "secret"),
        Setting("scope", "Scope", starts=False),
        Setting("statuses", "Statuses", "lines", help_text="Empty: all. Expired, Withdrawn, …"),
        Setting("filter", "More conditions (OData)", help_text="StateOrProvince eq 'CT'"),
        Setting("originating_system", "Originating system"),
        _PAGE_SIZE,
    ),
    "batchdata": (
        Setting("url", "Address", "url", help_text="Empty: api.batchdata.com."),
        _KEY,
        Setting("query", "Place", is_required=True, help_text="New Haven, CT"),
        Setting("quick_lists", "Quick lists", "lines", help_text="tax-default, vacant, …"),
        Setting("criteria", "More criteria", "json"),
        _PAGE_SIZE,
    ),
    "reapi": (
        Setting("url", "Address", "url", help_text="Empty: api.realestateapi.com."),
        _KEY,
        Setting("criteria", "Criteria", "json", True, '{"state": "CT", "vacant": true}'),
        _PAGE_SIZE,
    ),
    "rentcast": (
        Setting("url", "Address", "url", help_text="Empty: api.rentcast.io."),
        _KEY,
        Setting(
            "what", "Records", "choice", True,
            choices=(("properties", "Properties"), ("listings", "Listings for sale")),
        ),
        Setting("criteria", "Criteria", "json", True, '{"city": "Austin", "state": "TX"}'),
        _PAGE_SIZE,
    ),
    "socrata": (
        Setting("url", "Address of the data set", "url", True, "…/resource/abcd-1234.json"),
        Setting("app_token", "App token", "secret"),
        Setting("preset", "Layout", "choice", choices=COUNTY_LAYOUTS),
        Setting("mapping", "Mapping: column to field", "json"),
        Setting("fixed", "Same for every row: field to value", "json"),
        Setting("where", "More conditions (SoQL)"),
        _PAGE_SIZE,
    ),
    "folder": (
        Setting("path", "Folder", is_required=True, help_text="Under the server's root for lists."),
    ),
    "webhook": WEBHOOK_SETTINGS,
}  # fmt: skip


def settings_of(source_type: str) -> tuple[Setting, ...]:
    """What is entered for a type, in order; unknown types have none."""
    return SETTINGS.get(source_type, ())


def problems_of(
    source_type: str, values: Mapping[str, Any], secrets: Mapping[str, str]
) -> list[str]:
    """Sentences on what is missing or cannot be; an empty list means that a source may be saved."""
    problems = []
    for setting in settings_of(source_type):
        value = (secrets if setting.is_secret else values).get(setting.name)
        if setting.is_required and not value:
            problems.append(f"{setting.label} is missing.")
        elif value:
            problems.extend(_problems_of_value(setting, value))
    if source_type == "reso" and not problems:
        problems.extend(_reso_problems(values, secrets))
    if source_type == "webhook" and not problems and (problem := problem_of(values)):
        problems.append(problem)
    if source_type == "socrata" and not (values.get("preset") or values.get("mapping")):
        problems.append("Choose a layout or map at least one column.")
    return problems


def _problems_of_value(setting: Setting, value: Any) -> list[str]:
    if setting.kind == "url" and not str(value).startswith(("https://", "http://")):
        return [f"{setting.label} must begin with https://."]
    if setting.kind == "integer" and not (isinstance(value, int) and 1 <= value <= 1000):
        return [f"{setting.label} must be between 1 and 1,000."]
    if setting.kind == "json" and not isinstance(value, dict):
        return [f"{setting.label} must be a JSON object, such as {{}}."]
    if setting.kind == "choice" and value not in dict(setting.choices):
        return [f"{setting.label} has no choice {str(value)[:40]}."]
    if setting.kind == "lines" and not isinstance(value, list):
        return [f"{setting.label} must be a list."]
    if setting.name in ("mapping", "fixed"):
        return _mapping_problems(setting, value)
    return []


def _mapping_problems(setting: Setting, value: Mapping[str, Any]) -> list[str]:
    problems = []
    for name in value.values() if setting.name == "mapping" else value:
        try:
            get_field(str(name))
        except UnknownField:
            problems.append(f"{setting.label}: there is no field {str(name)[:60]}.")
    return problems


def _reso_problems(values: Mapping[str, Any], secrets: Mapping[str, str]) -> list[str]:
    has_client = secrets.get("client_id") and secrets.get("client_secret")
    if secrets.get("token") or (has_client and values.get("token_url")):
        return []
    return ["Enter a bearer token, or client id, client secret and the address for tokens."]


def asked_settings(source: LeadSource) -> dict[str, Any]:
    """What a provider is asked with: the source's settings and the name of its workspace."""
    return {**source.settings, "workspace": source.workspace.slug}
