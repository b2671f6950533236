"""Bearer tokens of RESO services: entered, or fetched with OAuth2 client credentials."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from apps.deals.feeds.providers.answers import ask, at, json_of, text_at
from apps.deals.feeds.types import FeedRejected, FeedUnauthorized, FeedUnavailable

# By what they were fetched with: (token, monotonic time until which it is used). Tokens live in
# memory only; another process fetches its own.
_fetched: dict[str, tuple[str, float]] = {}
_EARLY_SECONDS = 60.0
_USUAL_SECONDS = 3600.0


def token_of(source_settings: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
    """Raises the FeedErrors; a refused client is FeedUnauthorized."""
    if secrets.get("token"):
        return secrets["token"]
    name = _name(source_settings, secrets)
    token, until = _fetched.get(name, ("", 0.0))
    if token and time.monotonic() < until:
        return token
    form = {
        "grant_type": "client_credentials",
        "client_id": secrets.get("client_id", ""),
        "client_secret": secrets.get("client_secret", ""),
        "scope": str(source_settings.get("scope") or ""),
    }
    answer = _fetch(str(source_settings.get("token_url") or ""), form)
    token = text_at(answer, "access_token")
    if not token:
        raise FeedUnavailable("its token service sent no token.")
    seconds = at(answer, "expires_in")
    lives = float(seconds) if isinstance(seconds, int | float) else _USUAL_SECONDS
    _fetched[name] = (token, time.monotonic() + max(0.0, lives - _EARLY_SECONDS))
    return token


def forget(source_settings: Mapping[str, Any], secrets: Mapping[str, str]) -> bool:
    """Drop a fetched token that was refused; False where there was none to drop."""
    return _fetched.pop(_name(source_settings, secrets), None) is not None


def _fetch(url: str, form: Mapping[str, str]) -> Any:
    body = urlencode({name: value for name, value in form.items() if value}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        return json_of(ask("POST", url, body=body, headers=headers))
    except FeedRejected as error:
        # RFC 6749, 5.2: a wrong client is told with 400 as well.
        if "invalid_client" in error.detail or "unauthorized_client" in error.detail:
            raise FeedUnauthorized(error.detail) from error
        raise


def _name(source_settings: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
    parts = (
        str(source_settings.get("token_url")),
        str(source_settings.get("scope")),
        secrets.get("client_id", ""),
        secrets.get("client_secret", ""),
    )
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
