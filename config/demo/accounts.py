"""The demo's accounts. Passwords are made per installation and kept in var/demo.json."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

WHOLESALER = "wholesaler@example.com"
ADMIN = "admin@example.com"


def path() -> Path:
    return Path(settings.VAR_DIR) / "demo.json"


def load() -> dict[str, Any]:
    return json.loads(path().read_text(encoding="utf-8")) if path().exists() else {}


def store(values: dict[str, Any]) -> None:
    """Write the file readable by its owner only."""
    partial = path().with_suffix(".tmp")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(values, file, indent=1)
    partial.replace(path())


def new_password() -> str:
    """Long enough to be safe, short enough to type from a terminal."""
    return "-".join(secrets.token_hex(2) for _ in range(4))


def print_accounts(address: str) -> None:
    known = load()
    lines = ["", f"  Dealwright runs at {address}"]
    if known:
        lines += [
            "",
            f"  Wholesaler   {WHOLESALER}   {known['wholesaler_password']}",
            f"  Admin        {ADMIN}        {known['admin_password']}   ({address}/admin/)",
            f"  Partner key  {known['partner_key']}   ({address}/api/v1/docs/)",
        ]
    lines += ["", "  Ctrl-C stops everything; the data stays in var/.", ""]
    print("\n".join(lines))  # noqa: T201 - this is the program's answer to its operator
